import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Problem } from '../../../shared/contract/types.ts';
import { why } from '../../../shared/problems.ts';
import type { Source } from '../source.ts';
import { because, type Row } from './entry.ts';

const rowsAtOnce = 1000;

/** Rows of a Parquet file, a thousand at a time. */
export async function* parquetRows(source: Source): AsyncGenerator<Row | Problem> {
  let row = 0;
  try {
    if (source.path === null) throw new Error('pasted text is no Parquet file');
    const file = await asyncBufferFromFile(source.path);
    const metadata = await parquetMetadataAsync(file);
    const total = Number(metadata.num_rows);
    while (row < total) {
      const rows = await parquetReadObjects({
        file,
        metadata,
        compressors,
        rowStart: row,
        rowEnd: Math.min(total, row + rowsAtOnce),
      });
      if (rows.length === 0) throw new Error(`it promises ${total} rows and holds ${row}`);
      source.share = (row + rows.length) / total;
      for (const values of rows) yield { line: null, entry: (row += 1), values };
    }
  } catch (error) {
    yield {
      file: source.name,
      line: null,
      place: `#${row + 1}`,
      ...why('problem.parquet', { row, error: because(error) }),
    };
  }
}
