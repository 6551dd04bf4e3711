import type { CampaignReport, ReadItem, ReportSection } from '../../shared/contract/campaigns.ts';
import { labelOf } from '../metrics/unanswered.ts';
import { readingRule } from '../rounds/reading.ts';

const names: Record<string, string> = { en: 'English', zh: 'Chinese', ko: 'Korean', fr: 'French', hi: 'Hindi' };

/** The report as Markdown, every number with what it rests on. */
export function reportMarkdown(report: CampaignReport): string {
  const parts = [
    `# ${report.campaign}`,
    `Scores 0 to 2. ${report.systems.length} systems, ${report.raters.length} raters: ${report.raters.join(', ')}.`,
    ...report.sections.flatMap((section) => sectionParts(section, report)),
    `Method: ${report.method}.`,
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function sectionParts(section: ReportSection, report: CampaignReport): string[] {
  const one = report.sections.length === 1;
  const title = section.language === null ? (one ? 'Scores' : 'All languages') : (names[section.language] ?? '');
  return [
    `## ${title}`,
    `${section.passages} passages, ${section.items} questions, ${section.scores} scores.`,
    meansTable(section, report),
    answeredSentence(section),
    powerSentence(section),
    '### Differences',
    differencesTable(section),
    '### Agreement',
    agreementTable(section),
    agreementSentence(section),
    section.repeats.length === 0 ? '' : repeatsTable(section),
    '### By rater',
    raterTable(section, report),
    '### Speed',
    paceTable(section),
    `Fast: ${readingRule}. Nothing is left out for it.`,
    section.worst.length === 0 ? '' : `### Scored lowest\n\n${list(section.worst)}`,
    section.disputed.length === 0 ? '' : `### Most disputed\n\n${list(section.disputed)}`,
  ];
}

function meansTable(section: ReportSection, report: CampaignReport): string {
  const measures = [...report.criteria, null];
  const rows = report.systems.map(({ name, human }) => [
    labelOf(human ? `${name} (people)` : name, unansweredBy(section, name), section.passages),
    ...measures.map((measure) => {
      const mean = section.table.find((cell) => cell.system === name && cell.criterion === measure)?.mean;
      return mean ? `${mean.value.toFixed(2)} [${mean.low.toFixed(2)}, ${mean.high.toFixed(2)}]` : '–';
    }),
  ]);
  return table(['System', ...report.criteria, 'Average'], rows);
}

export function unansweredBy(section: ReportSection, system: string): number {
  return section.unanswered.find((one) => one.system === system)?.passages ?? 0;
}

function answeredSentence(section: ReportSection): string {
  return section.unanswered
    .filter(({ answered }) => answered !== null)
    .map(
      ({ system, answered }) =>
        `Over its own questions alone the average of ${line(system)} is ${answered?.toFixed(2) ?? ''}.`,
    )
    .join(' ');
}

function powerSentence(section: ReportSection): string {
  const smallest = section.power.find((entry) => entry.criterion === null);
  if (!smallest || smallest.smallest === null) return '';
  return `With ${smallest.passages} passages a difference of the average under ${smallest.smallest.toFixed(2)} cannot be seen (one comparison, 5 %, power 80 %, the spread of these scores).`;
}

function differencesTable(section: ReportSection): string {
  const rows = section.differences.map((entry) => [
    `${entry.left} − ${entry.right}`,
    entry.criterion ?? 'Average',
    signed(entry.difference.value),
    `[${signed(entry.difference.low)}, ${signed(entry.difference.high)}]`,
    pValue(entry.p),
    pValue(entry.adjusted),
    entry.effect === null ? '–' : signed(entry.effect),
    `${percent(entry.better)} / ${percent(entry.worse)}`,
  ]);
  return table(['Systems', 'Criterion', 'By', '95 %', 'p', 'p (Holm)', 'd', 'Better / worse'], rows);
}

function agreementTable(section: ReportSection): string {
  const rows = section.agreement.map(({ criterion, alpha, correlation, same, items }) => [
    criterion,
    'value' in alpha
      ? `${alpha.value.toFixed(2)} [${alpha.low.toFixed(2)}, ${alpha.high.toFixed(2)}]`
      : undefinedSentences[alpha.undefinedBecause],
    correlation === null ? '–' : correlation.toFixed(2),
    same === null ? '–' : percent(same),
    String(items),
  ]);
  return table(['Criterion', 'Alpha', 'Correlation', 'Same score', 'Questions'], rows);
}

const undefinedSentences = {
  noOverlap: 'undefined: no question was scored by two raters',
  oneCategoryOnly: 'undefined: every score is the same',
  tooFewRaters: 'undefined: there is one rater',
} as const;

/** Says how far the scores can be trusted; nothing is held back for it. */
function agreementSentence(section: ReportSection): string {
  const low = section.agreement.filter(({ alpha }) => 'value' in alpha && alpha.value < 0.667);
  const order =
    section.systemOrder === null ? '' : ` Raters order the systems alike: ${section.systemOrder.toFixed(2)}.`;
  if (low.length === 0) return order.trim();
  const criteria = low.map(({ criterion }) => criterion).join(', ');
  return `Alpha is below 0.667 for ${criteria}: read the means of the systems, not single scores.${order}`;
}

function repeatsTable(section: ReportSection): string {
  const rows = section.repeats.map(({ rater, pairs, same, kappa }) => [
    rater,
    String(pairs),
    same === null ? '–' : percent(same),
    kappa === null ? '–' : kappa.toFixed(2),
  ]);
  return `### Self-agreement\n\n${table(['Rater', 'Scores given twice', 'Same', 'Kappa (quadratic)'], rows)}`;
}

function raterTable(section: ReportSection, report: CampaignReport): string {
  const measures = [...report.criteria, null];
  const rows = report.raters.flatMap((rater) =>
    report.systems.map(({ name }) => [
      rater,
      name,
      ...measures.map((measure) => {
        const entry = section.byRater.find(
          (cell) => cell.rater === rater && cell.system === name && cell.criterion === measure,
        );
        return entry?.mean?.toFixed(2) ?? '–';
      }),
    ]),
  );
  return table(['Rater', 'System', ...report.criteria, 'Average'], rows);
}

function paceTable(section: ReportSection): string {
  const rows = section.pace.map(({ rater, questions, fast, share }) => [
    rater,
    String(questions),
    String(fast),
    percent(share),
  ]);
  return table(['Rater', 'Questions scored', 'Fast', 'Share'], rows);
}

function list(items: readonly ReadItem[]): string {
  return items
    .map((item) => {
      const raters = item.scores.map(({ rater, scores }) => `${rater} ${Object.values(scores).join(' ')}`).join('; ');
      return `- ${line(item.question)} (${item.systems.join(', ')}; ${line(item.title)}; mean ${item.mean.toFixed(2)}; ${raters})`;
    })
    .join('\n');
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]): string => `| ${cells.map((cell) => line(cell)).join(' | ')} |`;
  return [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
}

/** Text of people and systems on one line, unable to end a cell. */
function line(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}

const signed = (value: number): string => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`;
const percent = (share: number): string => `${Math.round(share * 100)} %`;
const pValue = (p: number): string => (p < 0.001 ? '< 0.001' : p.toFixed(3));
