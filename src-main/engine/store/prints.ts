import type Database from 'better-sqlite3';
import { fingerprint, printSize, type Print } from '../../shared/text/fingerprint.ts';
import type { Language } from '../../shared/text/language.ts';
import { prepare } from './statements.ts';

export interface StoredPrint {
  row: number;
  language: Language;
  print: Print;
}

const atOnce = 200;

/** The prints of all passages in reading order; missing ones are made, and stored unless the file may not be written. */
export function* allPrints(database: Database.Database): Generator<StoredPrint, void> {
  const next = prepare(
    database,
    `SELECT p.row, p.language, r.print FROM passages p LEFT JOIN prints r ON r.passage = p.row
     WHERE p.row > ? ORDER BY p.row LIMIT ${atOnce}`,
  ).raw();
  type Row = [row: number, language: Language, print: Buffer | null];
  const complete = (rows: readonly Row[]): StoredPrint[] =>
    rows.map(([row, language, known]) => {
      return { row, language, print: known ? fromBytes(known) : makePrint(database, row, language) };
    });
  for (let last = 0; ;) {
    const rows = next.all(last) as Row[];
    if (rows.length === 0) return;
    last = rows.at(-1)?.[0] ?? 0;
    const missing = rows.some(([, , known]) => known === null);
    yield* missing && !database.readonly ? database.transaction(complete)(rows) : complete(rows);
  }
}

export function storePrint(database: Database.Database, row: number, print: Print): void {
  const bytes = Buffer.from(print.buffer, print.byteOffset, print.byteLength);
  prepare(database, 'INSERT INTO prints VALUES (?, ?)').run(row, bytes);
}

function makePrint(database: Database.Database, row: number, language: Language): Print {
  const text = prepare(database, 'SELECT text FROM passages WHERE row = ?').pluck().get(row) as string;
  const print = fingerprint(text, language);
  if (!database.readonly) storePrint(database, row, print);
  return print;
}

function fromBytes(bytes: Buffer): Print {
  const print = new Int32Array(printSize);
  new Uint8Array(print.buffer).set(bytes);
  return print;
}
