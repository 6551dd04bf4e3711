import type Database from 'better-sqlite3';
import { fingerprint, printSize, questionBands, questionPrint, type Print } from '../../shared/text/fingerprint.ts';
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
      return { row, language, print: known ? fromBytes(known, printSize) : makePrint(database, row, language) };
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
  prepare(database, 'INSERT INTO prints VALUES (?, ?)').run(row, bytesOf(print));
}

export function storeQuestionPrint(database: Database.Database, row: number, print: Print): void {
  prepare(database, 'INSERT INTO question_prints VALUES (?, ?)').run(row, bytesOf(print));
}

/** Rows and prints of up to `limit` questions after a row; a missing print is made, and stored unless the file may not be written. */
export function questionPrints(database: Database.Database, after: number, limit: number): [row: number, Print][] {
  const rows = prepare(
    database,
    `SELECT f.candidate, r.print FROM facets f INDEXED BY facets_candidate LEFT JOIN question_prints r ON r.candidate = f.candidate
     WHERE f.candidate > ? ORDER BY f.candidate LIMIT ?`,
  )
    .raw()
    .all(after, limit) as [number, Buffer | null][];
  return rows.map(([row, known]) => [row, known ? fromBytes(known, questionBands) : makeQuestionPrint(database, row)]);
}

function makeQuestionPrint(database: Database.Database, row: number): Print {
  const found = prepare(database, 'SELECT original, language FROM candidates WHERE row = ?').get(row);
  const { original, language } = found as { original: string; language: Language };
  const print = questionPrint(original, language);
  if (!database.readonly) storeQuestionPrint(database, row, print);
  return print;
}

function bytesOf(print: Print): Buffer {
  return Buffer.from(print.buffer, print.byteOffset, print.byteLength);
}

function makePrint(database: Database.Database, row: number, language: Language): Print {
  const text = prepare(database, 'SELECT text FROM passages WHERE row = ?').pluck().get(row) as string;
  const print = fingerprint(text, language);
  if (!database.readonly) storePrint(database, row, print);
  return print;
}

function fromBytes(bytes: Buffer, size: number): Print {
  const print = new Int32Array(size);
  new Uint8Array(print.buffer).set(bytes);
  return print;
}
