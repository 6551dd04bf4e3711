import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Problem } from '../../../shared/contract/types.ts';
import { why } from '../../../shared/problems.ts';
import type { Source } from '../source.ts';
import { because, type Row } from './entry.ts';

const longestRow = 32 * (1 << 20);

function fault(error: unknown): ReturnType<typeof why> {
  const code = error instanceof CsvError ? error.code : '';
  if (code.includes('QUOTE')) return why('problem.quotes');
  if (code.includes('INCONSISTENT')) return why('problem.columns');
  return why('problem.cells', { error: because(error) });
}

/** Comma, semicolon, bar or tab: whichever the header has most of, outside quotes. */
export function delimiterOf(head: string, usual: string): string {
  const header = head.slice(0, head.search(/\r?\n|$/u)).replace(/"[^"]*"/gu, '');
  const count = (mark: string): number => header.split(mark).length - 1;
  return [usual, ',', ';', '\t', '|'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** Rows under a header line; a row that does not fit the header is a problem, and the next one goes in. */
export function tableRows(usual: string): (source: Source) => AsyncGenerator<Row | Problem> {
  return async function* (source) {
    const problems: Problem[] = [];
    let line = 1; // where the next record starts
    const report = (error: unknown): void => {
      problems.push({ file: source.name, line, ...fault(error) });
      if (error instanceof CsvError && typeof error['lines'] === 'number') line = error['lines'] + 1;
    };
    const parser = parse({
      bom: true,
      columns: (names: string[]) => {
        line = 2;
        return names.map((name, index) => name.trim() || `column ${index + 1}`);
      },
      delimiter: delimiterOf(source.head, usual),
      // Called as the rows are parsed, which is ahead of where they are taken.
      on_record: (values: Record<string, unknown>, { lines }): Row => {
        const row = { line, entry: null, values };
        line = lines + 1;
        return row;
      },
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      max_record_size: longestRow,
    });
    parser.on('skip', report);
    const input = Readable.from(source.chunks());
    input.on('error', (error) => parser.destroy(error));
    try {
      for await (const found of input.pipe(parser)) {
        yield* problems.splice(0);
        yield found as Row;
      }
    } catch (error) {
      if (!(error instanceof CsvError)) throw error;
      report(error);
    } finally {
      input.destroy();
    }
    yield* problems;
  };
}
