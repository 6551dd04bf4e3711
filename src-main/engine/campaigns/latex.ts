import type { CampaignReport } from '../../shared/contract/campaigns.ts';
import { labelOf } from '../metrics/unanswered.ts';
import { unansweredBy } from './markdown.ts';

/** The layout of the paper's Table 5: a row per system, a column per criterion, their average last; the best system in bold. */
export function reportLatex(report: CampaignReport): string {
  const section = report.sections[0];
  if (!section) return '';
  const measures = [...report.criteria, null];
  const cell = (system: string, measure: string | null): number | null =>
    section.table.find((entry) => entry.system === system && entry.criterion === measure)?.mean?.value ?? null;
  const machines = report.systems.filter((system) => !system.human).map((system) => system.name);
  const best = measures.map((measure) => Math.max(...machines.map((system) => cell(system, measure) ?? -1)));
  const rows = report.systems.map(({ name, human }) => {
    const values = measures.map((measure, column) => {
      const value = cell(name, measure);
      if (value === null) return '--';
      return !human && value === best[column] ? `\\textbf{${value.toFixed(2)}}` : value.toFixed(2);
    });
    const label = labelOf(name, unansweredBy(section, name), section.passages);
    return `${human ? '\\midrule\n' : ''}${[escape(label), ...values].join(' & ')} \\\\`;
  });
  return [
    `\\begin{tabular}{l${'c'.repeat(measures.length)}}`,
    '\\toprule',
    `${['', ...report.criteria.map(escape), 'Ave.'].join(' & ')} \\\\`,
    '\\midrule',
    ...rows,
    '\\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n');
}

const special: Record<string, string> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

function escape(text: string): string {
  return text.replaceAll(/[\\~^&%$#_{}]/g, (mark) => special[mark] ?? `\\${mark}`);
}
