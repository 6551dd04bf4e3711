import type { CampaignReport } from '../../shared/contract/campaigns.ts';
import { reportLatex } from './latex.ts';
import { reportMarkdown } from './markdown.ts';

/** The files of a report by name, the same bytes from the app and from the CSV alone. */
export function reportFiles(report: CampaignReport): Record<'report.json' | 'report.md' | 'table.tex', string> {
  return {
    'report.json': `${JSON.stringify(report, null, 2)}\n`,
    'report.md': reportMarkdown(report),
    'table.tex': reportLatex(report),
  };
}
