import { stringify } from 'csv-stringify/sync';
import { labelOf } from '../metrics/unanswered.ts';
import type { MetricName, ScoreTable, TableFormat } from '../../shared/contract/evaluation.ts';

/** Columns of a printed table, in order; those a run lacks are left out. */
export const columns: readonly (readonly [MetricName, string])[] = [
  ['bleu4', 'BLEU-4'],
  ['meteor', 'METEOR'],
  ['rougeL', 'ROUGE-L'],
  ['chrf', 'chrF'],
  ['sacreBleu', 'sacreBLEU'],
  ['bleu1', 'BLEU-1'],
  ['bleu2', 'BLEU-2'],
  ['bleu3', 'BLEU-3'],
  ['sacreBleu1', 'sacreBLEU-1'],
  ['sacreBleu2', 'sacreBLEU-2'],
  ['sacreBleu3', 'sacreBLEU-3'],
  ['rougeLF1', 'ROUGE-L F1'],
  ['distinct1', 'distinct-1'],
  ['distinct2', 'distinct-2'],
  ['selfBleu', 'self-BLEU'],
  ['copiedShare', 'copied'],
  ['questionForm', 'question form'],
  ['endMark', 'end mark'],
];

const endings: Record<TableFormat, [string, string]> = {
  csv: ['csv', 'text/csv'],
  json: ['json', 'application/json'],
  markdown: ['md', 'text/markdown'],
  latex: ['tex', 'application/x-tex'],
};

/** A run's tables as a file: `csv` is one row per number, the others one table per language with its signatures. */
export function exportTables(
  title: string,
  tables: readonly ScoreTable[],
  format: TableFormat,
): { name: string; type: string; text: string } {
  const [ending, type] = endings[format];
  const text =
    format === 'json'
      ? `${JSON.stringify({ title, tables }, null, 2)}\n`
      : format === 'csv'
        ? csv(tables)
        : tables.map((table) => (format === 'markdown' ? markdown(table) : latex(table))).join('\n');
  return { name: `${title.replace(/[^\p{L}\p{N}]+/gu, '-')}.${ending}`, type, text };
}

function csv(tables: readonly ScoreTable[]): string {
  const head = ['language', 'system', 'baseline', 'unanswered', 'metric', 'value', 'low', 'high', 'signature'];
  const rows = tables.flatMap(({ language, systems }) =>
    systems.flatMap(({ name, baseline, unanswered, values }) =>
      values.map(({ metric, score, signature }) => [
        language, name, baseline ? 'yes' : 'no', unanswered, metric, score.value, score.low, score.high, signature,
      ]),
    ),
  ); // prettier-ignore
  return stringify([head, ...rows]);
}

/** The columns a table has, and the one signature of each: a column with two would mix what cannot be compared. */
function columnsOf({ systems }: ScoreTable): { metric: MetricName; label: string; signature: string }[] {
  return columns.flatMap(([metric, label]) => {
    const signatures = new Set(
      systems.flatMap(({ values }) =>
        values.filter((value) => value.metric === metric).map(({ signature }) => signature),
      ),
    );
    const [signature] = signatures;
    return signature === undefined || signatures.size > 1 ? [] : [{ metric, label, signature }];
  });
}

function cells(table: ScoreTable, metrics: readonly { metric: MetricName }[], dash: string): string[][] {
  return table.systems.map(({ name, unanswered, values }) => [
    labelOf(name, unanswered, table.passages),
    ...metrics.map(({ metric }) => {
      const score = values.find((value) => value.metric === metric)?.score;
      if (score === undefined) return '';
      const number = score.value.toFixed(2);
      return score.low === score.high ? number : `${number} (${score.low.toFixed(2)}${dash}${score.high.toFixed(2)})`;
    }),
  ]);
}

function markdown(table: ScoreTable): string {
  const shown = columnsOf(table);
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const line = (row: readonly string[]): string => `| ${row.map(cell).join(' | ')} |\n`;
  return (
    `### ${table.language}, ${String(table.passages)} passages\n\n` +
    line(['System', ...shown.map(({ label }) => label)]) +
    line(['---', ...shown.map(() => '---:')]) +
    cells(table, shown, '–').map(line).join('') +
    `\n95 % intervals over passages: by bootstrap, of shares of different things by jackknife. Signatures:\n\n` +
    shown.map(({ signature }) => `- \`${signature}\`\n`).join('')
  );
}

function latex(table: ScoreTable): string {
  const shown = columnsOf(table);
  const cell = (text: string): string => text.replace(/[\\&%$#_{}~^]/gu, (sign) => (sign === '\\' ? '\\textbackslash{}' : `\\${sign}${sign === '~' || sign === '^' ? '{}' : ''}`)); // prettier-ignore
  const line = (row: readonly string[]): string => `${row.map(cell).join(' & ')} \\\\\n`;
  return (
    shown.map(({ signature }) => `% ${signature}\n`).join('') +
    `\\begin{tabular}{l${'r'.repeat(shown.length)}}\n\\hline\n` +
    line([`${table.language}, ${String(table.passages)} passages`, ...shown.map(({ label }) => label)]) +
    '\\hline\n' +
    cells(table, shown, '--').map(line).join('') +
    '\\hline\n\\end{tabular}\n'
  );
}
