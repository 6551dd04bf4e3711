import type Database from 'better-sqlite3';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { Importer } from '../../../src-main/engine/io/import.ts';
import { ImportJournal } from '../../../src-main/engine/io/journal.ts';
import { createDatabase, expectManyRows } from '../../../src-main/engine/store/open.ts';
import { Project } from '../../../src-main/engine/store/project.ts';
import { indexTerms } from '../../../src-main/shared/text/search.ts';
import { questionsOf, writeCorpus } from './corpus.ts';
import { seconds, type Figures } from './figures.ts';

const slice = 20_000;
const rowsInTransaction = 1000; // about as many as an import's

/** How much is imported and exported, and what the figures call it. */
export interface Size {
  name: string;
  passages: number;
  questions: number;
}

/**
 * Imports slice by slice, as the engine's job does (with its journal), and after each slice inserts the very rows it
 * left, from memory, into a file of the same tables, indices, triggers, page cache and durability (WAL,
 * synchronous=FULL): once with their search terms ready-made, as the import leaves them, once without any search index.
 * `rows` are passages and questions; reading the file, detecting languages, splitting sentences, finding duplicates and
 * making search terms count for the import alone.
 */
export async function benchImport(folder: string, { name, passages, questions }: Size): Promise<Figures> {
  const project = Project.create(projectFile(folder, name), { name: 'Import', person: 'Bench' });
  const job = project.jobs.create({ kind: 'import', title: 'Import', total: null, settings: {} });
  const journal = new ImportJournal(project, job.id);
  const steps = { journal, checkpoint: () => turn() };
  const importer = new Importer(project, { questionsAs: 'candidates' }, () => undefined, steps);
  const withSearch = new Bare(join(folder, 'bare-search.asklab'), true);
  const without = new Bare(join(folder, 'bare.asklab'), false);
  const spent = { ours: 0, search: 0, plain: 0 };
  let rows = 0;
  for (let start = 0; start < passages; start += slice) {
    const path = join(folder, 'slice.jsonl');
    writeCorpus(path, start, Math.min(passages, start + slice), (index) => questionsOf(index, passages, questions));
    const before = lastRows(project.database);
    spent.ours += await seconds(() => importer.take({ path }));
    const added = rowsAfter(project.database, before);
    rows += added.filter(({ table }) => table === 'passages' || table === 'candidates').length;
    spent.search += await seconds(() => withSearch.insert(added));
    spent.plain += await seconds(() => without.insert(added));
  }
  spent.ours += await seconds(() => importer.finish());
  project.close();
  for (const bare of [withSearch, without]) bare.close();
  for (const left of ['slice.jsonl', 'bare-search.asklab', 'bare.asklab']) rmSync(join(folder, left));
  const share = (of: string): string => `${name}: import, share of bare inserts ${of}`;
  return [
    { name: `${name}: import rows/s`, value: rows / spent.ours, target: null },
    { name: share('of rows and search terms'), value: spent.search / spent.ours, target: 0.5 },
    { name: share('of rows, without search'), value: spent.plain / spent.ours, target: 0.5 },
  ];
}

export function projectFile(folder: string, name: string): string {
  return join(folder, `import-${name.replace(/\W+/gu, '-')}.asklab`);
}

interface Row {
  table: string;
  values: unknown[];
  terms: Uint8Array | null;
}

const tables = ['documents', 'passages', 'prints', 'candidates', 'states', 'question_prints'] as const;

function lastRows(database: Database.Database): Record<string, number> {
  const last = (table: string): number =>
    database.prepare(`SELECT coalesce(max(rowid), 0) FROM ${table}`).pluck().get() as number;
  return { documents: last('documents'), passages: last('passages'), candidates: last('candidates') };
}

/** The new rows as the import interleaves them: a passage, its candidates and their states. */
function rowsAfter(database: Database.Database, before: Record<string, number>): Row[] {
  const select = (sql: string, ...parameters: unknown[]): unknown[][] =>
    database
      .prepare(sql)
      .raw()
      .all(...parameters) as unknown[][];
  const rows: Row[] = select('SELECT * FROM documents WHERE rowid > ?', before['documents']).map((values) => ({
    table: 'documents',
    values,
    terms: null,
  }));
  const states = new Map(
    select(
      'SELECT s.* FROM states s JOIN candidates c ON c.id = s.candidate_id WHERE c.row > ?',
      before['candidates'],
    ).map((values) => [values[0], values]),
  );
  const prints = new Map(
    select('SELECT * FROM prints WHERE passage > ?', before['passages']).map((values) => [values[0], values]),
  );
  const questionPrints = new Map(
    select('SELECT * FROM question_prints WHERE candidate > ?', before['candidates']).map((values) => [
      values[0],
      values,
    ]),
  );
  const candidates = Map.groupBy(
    select('SELECT * FROM candidates WHERE row > ? ORDER BY row', before['candidates']),
    (values) => values[2],
  );
  for (const passage of select('SELECT * FROM passages WHERE row > ? ORDER BY row', before['passages'])) {
    rows.push({
      table: 'passages',
      values: passage,
      terms: indexTerms(`${String(passage[4])}\n${String(passage[5])}`),
    });
    rows.push({ table: 'prints', values: prints.get(passage[0]) ?? [], terms: null });
    for (const candidate of candidates.get(passage[1]) ?? []) {
      rows.push({ table: 'candidates', values: candidate, terms: indexTerms(String(candidate[3])) });
      rows.push({ table: 'states', values: states.get(candidate[1]) ?? [], terms: null });
      rows.push({ table: 'question_prints', values: questionPrints.get(candidate[0]) ?? [], terms: null });
    }
  }
  return rows;
}

class Bare {
  private readonly database: Database.Database;
  private readonly search: boolean;

  constructor(path: string, search: boolean) {
    this.database = createDatabase(path, () => undefined);
    expectManyRows(this.database, true); // checkpoints as seldom as the import's
    this.search = search;
  }

  insert(rows: readonly Row[]): void {
    const { database } = this;
    const statements = new Map(
      tables.map((table) => {
        const columns = database.pragma(`table_info(${table})`) as unknown[];
        return [table as string, database.prepare(`INSERT INTO ${table} VALUES (${columns.map(() => '?').join(',')})`)];
      }),
    );
    const search = new Map([
      ['passages', database.prepare('INSERT INTO passage_search (rowid, terms) VALUES (?, ?)')],
      ['candidates', database.prepare('INSERT INTO candidate_search (rowid, terms) VALUES (?, ?)')],
    ]);
    const some = database.transaction((part: readonly Row[]) => {
      for (const { table, values } of part) statements.get(table)?.run(...values);
      if (!this.search) return;
      // Last, as the import does: between statements with triggers each would become an index segment of its own.
      for (const { table, values, terms } of part) if (terms !== null) search.get(table)?.run(values[0], terms);
    });
    for (let start = 0; start < rows.length; start += rowsInTransaction)
      some(rows.slice(start, start + rowsInTransaction));
  }

  close(): void {
    this.database.close();
  }
}
