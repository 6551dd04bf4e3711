/** A file of each earlier schema version opens with today's code and keeps everything. The files with rounds were written by the code of their version. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine } from '../../src-main/engine/engine.ts';
import { migrate, migrations, newestVersion } from '../../src-main/engine/store/migrate.ts';
import { refillFacets } from '../../src-main/engine/store/migrations/0012-signals.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { repair } from '../../src-main/engine/store/repair.ts';
import type { ScoringQueue } from '../../src-main/shared/contract/campaigns.ts';
import type { RoundSummary } from '../../src-main/shared/contract/rounds.ts';
import { caller } from './campaign.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-migrations-'));
  path = join(folder, 'lamps.asklab');
});
afterEach(() => rmSync(folder, { recursive: true }));

const earlier = migrations.slice(0, -1).map(({ version, name }) => [version, name] as const);

function write(version: number, kind = ''): void {
  const database = new Database(path);
  database.exec(readFileSync(join(import.meta.dirname, `../fixtures/projects/v${version}${kind}.sql`), 'utf8'));
  database.close();
}

/** What SQLite holds of the schema, in a form that does not depend on how it was written down. */
function schemaOf(database: Database.Database): string[] {
  const rows = database.prepare('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL').pluck().all() as string[];
  return rows.map((sql) => sql.replace(/\s+/gu, ' ').replaceAll(/ ?([(),]) ?/gu, '$1')).sort();
}

/** Everything a person did or reads. */
function contents(project: Project): unknown {
  const passages = [...project.passageIds({})];
  return {
    counts: project.counts(),
    passages: passages.map((id) => project.passage(id)),
    questions: passages.map((id) => project.candidates(id)),
    found: [...project.passageIds({ search: 'lighthouse' })].length,
    people: project.database.prepare('SELECT id, name, role FROM people').all(),
    filters: project.database.prepare('SELECT * FROM filters ORDER BY name').all(),
    facets: project.database.prepare('SELECT * FROM facets').all(),
    events: project.database.prepare('SELECT count(*) FROM events').pluck().get(),
    jobs: project.jobs.list().map(({ title, kind }) => ({ title, kind })),
  };
}

test('there is a file of each earlier version', () => {
  expect(earlier.map(([version]) => version)).toEqual(migrations.slice(1).map(({ version }) => version - 1));
});

test.each(earlier)('version %i (%s) opens, with a copy of the old file beside it', (version) => {
  write(version);
  const project = Project.open(path);
  expect(project.counts()).toMatchObject({ passages: 5, accepted: 1, edited: 1, rejected: 1, undecided: 2 });
  const before = contents(project) as { questions: { question: string }[][]; found: number; filters: unknown[] };
  expect(before).toMatchObject({ found: 5, events: 4, jobs: [{ kind: 'import', title: 'lamps.txt' }] });
  expect(before.filters).toMatchObject([
    ...(version < 6 ? [] : [{ screen: 'passages', name: 'French', filter: '{"languages":["fr"]}' }]),
    { screen: 'review', name: 'Undecided' },
  ]);
  expect(project.database.prepare("SELECT key FROM project WHERE key LIKE 'passage-filters:%'").all()).toEqual([]);
  expect(before.questions.flat().map(({ question }) => question)).toContain('Where does the second lighthouse stand?');
  // The derived rows are what the history says, and the schema is a new project's.
  project.history.rebuild();
  project.database.exec(refillFacets);
  expect(contents(project)).toEqual(before);
  const fresh = Project.create(join(folder, 'fresh.asklab'), { name: 'Fresh', person: 'Ada' });
  expect(schemaOf(project.database)).toEqual(schemaOf(fresh.database));
  fresh.close();
  expect(project.database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(project.database.pragma('foreign_key_check')).toEqual([]);
  project.close();
  const backup = new Database(`${path}.before-${newestVersion}`, { readonly: true });
  expect(backup.pragma('user_version', { simple: true })).toBe(version);
  expect(backup.prepare('SELECT count(*) FROM events').pluck().get()).toBe(4);
  backup.close();
});

test.each(earlier)('version %i (%s): a step that fails leaves the file at the step before', (version) => {
  write(version);
  const database = new Database(path);
  // The last step meets a table that is there already, after those before it went well.
  database.exec('CREATE TABLE question_prints (x TEXT) STRICT');
  expect(() => migrate(database, path)).toThrow(/question_prints/u);
  expect(database.pragma('user_version', { simple: true })).toBe(newestVersion - 1);
  expect(database.prepare('SELECT count(*) FROM filters').pluck().get()).toBe(version < 6 ? 1 : 2);
  expect(database.prepare('SELECT count(*) FROM item_states').pluck().get()).toBe(
    database.prepare('SELECT count(*) FROM round_items').pluck().get(),
  );
  expect(database.prepare('SELECT count(*) FROM events').pluck().get()).toBe(4);
  database.close();
});

test('an older file that may not be written is shown as it is today, and not touched', async () => {
  write(1);
  const bytes = readFileSync(path);
  chmodSync(path, 0o444);
  // Root may write everywhere, so the system's answer is given here.
  const fs = await import('node:fs');
  vi.doMock('node:fs', () => ({
    ...fs,
    accessSync: () => {
      throw new Error('EACCES');
    },
  }));
  vi.resetModules();
  const { Project: Fresh } = await import('../../src-main/engine/store/project.ts');
  vi.stubEnv('TMPDIR', folder);
  const copies = (): string[] => readdirSync(folder).filter((name) => name.startsWith('asklab-read-only-'));
  const project = Fresh.open(path);
  expect(project.info()).toMatchObject({ readOnly: true, path });
  expect(project.counts()).toMatchObject({ passages: 5, accepted: 1, edited: 1 });
  // The copy is a file, so a large project needs no more memory than a small one, and it ends with the project.
  expect(copies()).toHaveLength(1);
  expect(project.jobs.create({ kind: 'export', title: 'Export', total: null, settings: {} }).id).not.toBe('');
  project.close();
  expect(copies()).toEqual([]);
  vi.unstubAllEnvs();
  vi.doUnmock('node:fs');
  expect(readFileSync(path).equals(bytes)).toBe(true);
  expect(existsSync(`${path}.before-${newestVersion}`)).toBe(false);
});

/** What people were given in rounds and campaigns, and what they made of it. */
function roundRows(database: Database.Database): Record<string, unknown[]> {
  const tables = ['rounds', 'guidelines', 'round_items', 'assignments', 'round_states', 'campaign_outputs'];
  const known = new Set(database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all());
  const rowsOf = (name: string): unknown[] =>
    database
      .prepare(
        `SELECT * FROM ${name}${name === 'round_items' && known.has('item_states') ? ' JOIN item_states USING (row)' : ''}`,
      )
      .all();
  return Object.fromEntries(tables.filter((name) => known.has(name)).map((name) => [name, rowsOf(name)]));
}

/** A file's rows of one kind, in an order of their own. */
function itemsOf(database: Database.Database): unknown[] {
  return (roundRows(database)['round_items'] ?? []).toSorted(
    (left, right) => (left as { row: number }).row - (right as { row: number }).row,
  );
}

test.each(earlier.filter(([version]) => version > 1))(
  'version %i (%s) keeps rounds and campaigns, each vote and score',
  async (version) => {
    write(version, '-rounds');
    const older = new Database(path, { readonly: true });
    const before = roundRows(older);
    older.close();
    expect(before).toMatchObject({ rounds: { length: version === 2 ? 1 : 2 } });
    const project = Project.open(path);
    expect(roundRows(project.database)).toMatchObject(before);
    // Derived anew from the history, they are the same.
    const items = project.database.prepare('SELECT DISTINCT item FROM round_items').pluck().all() as string[];
    project.history.refresh(items);
    expect(roundRows(project.database)).toMatchObject(before);
    project.close();

    const engine = createEngine({ userData: join(folder, 'user'), resources: 'resources', emit: () => undefined });
    const call = caller(engine);
    await call('projects', 'open', { path });
    const [round] = (await call<RoundSummary[]>('rounds', 'list')).filter(({ name }) => name === 'Second check');
    expect(round).toMatchObject({ items: 3 });
    const ana = engine
      .project()
      ?.people()
      .find(({ name }) => name === 'Ana');
    if (version > 2) await call('projects', 'usePerson', { id: ana?.id });
    const queues = version > 2 ? await call<ScoringQueue[]>('campaigns', 'queues') : [];
    expect(queues.map(({ done }) => done)).toEqual(version > 2 ? [4] : []);
    await engine.close();
  },
);

test('a copy saved from an older file with rounds keeps each item and where it stands', () => {
  write(newestVersion - 1, '-rounds');
  const older = new Database(path, { readonly: true });
  const before = itemsOf(older);
  older.close();
  expect(new Set(before.map((item) => (item as { status: string }).status)).size).toBe(3);
  const target = join(folder, 'saved.asklab');
  repair(path, target);
  const project = Project.open(target);
  expect(itemsOf(project.database)).toMatchObject(before);
  project.close();
});
