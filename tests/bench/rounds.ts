/**
 * What a returned file of 10,000 decisions costs against inserting the same rows bare, and what agreement on 100,000
 * questions costs. `npm run bench:rounds -- [--json FILE]`; figures are ratios within one run, and processor seconds.
 */
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import Database from 'better-sqlite3';
import { openPackage } from '../../src-main/engine/packages/open.ts';
import { mergeReturn, writeReturn } from '../../src-main/engine/packages/returned.ts';
import { writePackage } from '../../src-main/engine/packages/write.ts';
import { roundAgreement } from '../../src-main/engine/rounds/agreement.ts';
import { init } from '../../src-main/engine/store/migrations/0001-init.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { checkRound } from '../store/round.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-bench-'));
const decisions = 10_000;
const figures: Record<string, { value: number; target: number | null }> = {};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Processor time of the work: other programs on the machine don't count, nor does the garbage of what came before. */
function seconds(work: () => void): number {
  collectGarbage();
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** One file merged into five copies of a project, each beside its bare inserts: one take alone is off by a third. */
function mergeShare(): void {
  const made = checkRound(join(folder, 'lead.asklab'), decisions, 1);
  const work = openPackage(writePackage(made.project, made.round, made.people[0] ?? ''), join(folder, 'work.asklab'));
  const person = work.person().id;
  made.project.close();
  work.transaction(() => {
    work.rounds.assigned(made.round, person).forEach(({ item }, index) => {
      const payload = index % 4 === 0 ? { verdict: 'reject', reason: 'unanswerable' } : { verdict: 'accept' };
      const saw = { question: 'Where does it stand?', guideline: { language: 'en', version: 1 } };
      work.history.append(person, [{ kind: 'decide', item, payload: { ...payload, saw }, seconds: 6.5 }], made.round);
    });
  });
  const file = writeReturn(work);
  const rows = work.database.prepare('SELECT * FROM events').raw().all() as Rows;
  work.close();
  const takes = Array.from({ length: 5 }, (_, take) => sharesOf(take, file, rows));
  const median = (values: number[]): number => values.toSorted((a, b) => a - b)[2] ?? 0;
  figures['merge as a share of bare inserts'] = { value: median(takes.map(({ events }) => events)), target: 0.3 };
  figures['the same of bare inserts of every row that it leaves: events, votes, states of items'] = {
    value: median(takes.map(({ all }) => all)),
    target: null,
  };
}

type Rows = (string | number | null)[][];
const left = ['events', 'round_states', 'item_states'];

function insertAll(database: Database.Database, table: string, rows: Rows): void {
  const insert = database.prepare(`INSERT INTO ${table} VALUES (${rows[0]?.map(() => '?').join(', ') ?? ''})`);
  rows.forEach((row) => insert.run(...row));
}

/** What a merge leaves, inserted bare into the same tables with today's indexes. */
function insertLeft(take: number, project: Project, person: string): number {
  const { database } = project;
  const bare = new Database(join(folder, `left-${take}.sqlite`));
  bare.pragma('journal_mode = WAL');
  bare.pragma('synchronous = FULL');
  bare.pragma('foreign_keys = OFF'); // what they refer to is not there
  const schema = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND sql IS NOT NULL ORDER BY type = 'index'";
  for (const table of left) for (const sql of database.prepare(schema).pluck().all(table)) bare.exec(String(sql));
  const rowsOf = (table: string): Rows => {
    const where = table === 'item_states' ? "status <> 'open'" : 'person = ?';
    const found = database.prepare(`SELECT * FROM ${table} WHERE ${where}`).raw();
    return found.all(...(table === 'item_states' ? [] : [person])) as Rows;
  };
  const rows = left.map(rowsOf);
  if (rows.some((one) => one.length !== decisions)) throw new Error('The merge left other rows.');
  const spent = seconds(() =>
    bare.transaction(() => left.forEach((table, at) => insertAll(bare, table, rows[at] ?? [])))(),
  );
  bare.close();
  return spent;
}

function sharesOf(take: number, file: Uint8Array, rows: Rows): { events: number; all: number } {
  // The same rows into the same table with the same indexes and nothing else.
  const bare = new Database(join(folder, `bare-${take}.sqlite`));
  bare.pragma('journal_mode = WAL');
  bare.pragma('synchronous = FULL');
  bare.exec(init.sql);
  bare.exec("CREATE INDEX events_taken_back ON events (item) WHERE kind IN ('undo', 'redo')");
  const inserts = seconds(() => bare.transaction(() => insertAll(bare, 'events', rows))());
  bare.close();
  const path = join(folder, `lead-${take}.asklab`);
  copyFileSync(join(folder, 'lead.asklab'), path);
  const project = Project.open(path);
  let person = '';
  const merge = seconds(() => {
    const merged = mergeReturn(project, file);
    if (merged.added !== decisions) throw new Error('The merge lost decisions.');
    ({ person } = merged);
  });
  const again = seconds(() => void mergeReturn(project, file));
  const all = insertLeft(take, project, person);
  project.close();
  console.log(
    `bare inserts ${inserts.toFixed(3)} s, of every row left ${all.toFixed(3)} s, merge ${merge.toFixed(3)} s (${(inserts / merge).toFixed(2)}, ${(all / merge).toFixed(2)}), the same file again ${again.toFixed(3)} s`,
  );
  return { events: inserts / merge, all: all / merge };
}

/** 100,000 questions, each checked by two of five people. */
async function agreementSeconds(): Promise<void> {
  const questions = 100_000;
  const project = Project.create(join(folder, 'large.asklab'), { name: 'Large', person: 'Lead' });
  const round = project.rounds.add({ kind: 'check', name: 'Check', overlap: 2, shown: {}, hidden: {} }).id;
  const { database } = project;
  const languages = ['en', 'zh', 'ko', 'fr', 'hi'];
  project.transaction(() => {
    const documentId = project.addDocument({ key: 'd', title: 'd', source: '' });
    for (let at = 0; at < languages.length; at += 1) {
      database
        .prepare(
          "INSERT INTO passages (id, document_id, position, title, text, language, sentences, words) VALUES (?, ?, ?, '', ?, ?, '[]', 90)",
        )
        .run(`p${at}`, documentId, at, `text ${at}`, languages[at]);
    }
    const item = database.prepare(
      "INSERT INTO round_items (round_id, item, passage_id, shown, hidden) VALUES (?, ?, ?, '{}', ?)",
    );
    const vote = database.prepare('INSERT INTO round_states VALUES (?, ?, ?, ?, ?, 5, 1)');
    for (let at = 0; at < questions; at += 1) {
      const first = JSON.stringify({
        first: { verdict: at % 10 === 0 ? 'reject' : 'accept', reason: at % 10 === 0 ? 'trivial' : null },
        words: 8,
      });
      item.run(round, `i${at}`, `p${at % languages.length}`, first);
      for (const person of [at % 5, (at + 1 + (at % 3)) % 5]) {
        const verdict = (at * 7 + person) % 9 === 0 ? 'reject' : (at + person) % 23 === 0 ? 'edit' : 'accept';
        const reason = verdict === 'reject' ? ['unanswerable', 'ungrammatical'][at % 2] : undefined;
        vote.run(
          round,
          `i${at}`,
          `person-${person}`,
          verdict,
          JSON.stringify({ verdict, payload: { verdict, reason } }),
        );
      }
    }
  });
  let told = 0;
  const before = process.cpuUsage();
  const found = await roundAgreement(project, round, {
    samples: 1000,
    signal: new AbortController().signal,
    onProgress: () => (told += 1),
  });
  const { user, system } = process.cpuUsage(before);
  const spent = (user + system) / 1e6;
  project.close();
  figures['agreement of 100,000 questions, five people, in processor seconds (at most)'] = { value: spent, target: 2 };
  console.log(
    `agreement ${spent.toFixed(2)} s for ${found.tables[0]?.items} questions, ${found.tables.length} tables, ${told} progress reports`,
  );
}

try {
  mergeShare();
  await agreementSeconds();
} finally {
  rmSync(folder, { recursive: true });
}
for (const [name, { value, target }] of Object.entries(figures))
  console.log(`${name}: ${value.toFixed(2)}${target === null ? '' : ` (target ${target})`}`);
const place = process.argv.indexOf('--json');
if (place > 0) writeFileSync(process.argv[place + 1] ?? 'rounds.json', `${JSON.stringify(figures, null, 2)}\n`);
