import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine } from '../../src-main/engine/engine.ts';
import { candidateSelection, passageSelection } from '../../src-main/engine/store/filter.ts';
import { newestVersion } from '../../src-main/engine/store/migrate.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import type { CandidateFilter, PassageFilter } from '../../src-main/shared/contract/types.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';
import { seed } from './seed.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-file-'));
  path = join(folder, 'project.asklab');
});
afterEach(() => rmSync(folder, { recursive: true }));

function make(count: number): void {
  const project = Project.create(path, { name: 'File', person: 'Ada' });
  seed(project, count);
  project.close();
}

test('a closed project is one file at the newest version, with strict tables', () => {
  make(1);
  expect(existsSync(`${path}-wal`)).toBe(false);
  const database = new Database(path, { readonly: true });
  expect(database.pragma('user_version', { simple: true })).toBe(newestVersion);
  const loose = database
    .prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'",
    )
    .all();
  expect(loose).toEqual([]);
  database.close();
});

test('a file from a newer version is refused and left as it is', () => {
  make(1);
  const database = new Database(path);
  database.pragma(`user_version = ${newestVersion + 1}`);
  database.close();
  const before = readFileSync(path);
  expect(() => Project.open(path)).toThrow(expect.objectContaining({ code: 'project-newer' }));
  const after = new Database(path, { readonly: true });
  expect(after.pragma('user_version', { simple: true })).toBe(newestVersion + 1);
  after.close();
  expect(readFileSync(path).length).toBe(before.length);
});

test('a damaged file is refused; repair saves what can be read, with search and states', async () => {
  make(400);
  const bytes = readFileSync(path);
  const middle = Math.floor(bytes.length / 2 / 4096) * 4096;
  bytes.fill(0xa5, middle, middle + 8192);
  writeFileSync(path, bytes);
  expect(() => Project.open(path)).toThrow(expect.objectContaining({ code: 'project-damaged' }));
  const engine = createEngine({ userData: folder, resources: 'resources', emit: () => undefined });
  const call = (service: string, method: string, input: unknown): Promise<unknown> =>
    dispatch(contract, engine.handlers, service, method, input, new AbortController().signal);
  const repaired = (await call('projects', 'repair', { path })) as { path: string; rows: number };
  expect(repaired.rows).toBeGreaterThan(0);
  expect(existsSync(`${repaired.path}.damaged`)).toBe(false);
  expect(readFileSync(path).equals(bytes)).toBe(true);
  const project = Project.open(repaired.path);
  const { passages } = project.counts();
  expect([...project.passageIds({ search: 'lighthouse' })]).toHaveLength(passages);
  project.close();
  await engine.close();
});

test('a file is checked unless it lies there as it was left; what the check would have found is told when it is read', async () => {
  make(400);
  const user = join(folder, 'user');
  const engine = createEngine({ userData: user, resources: 'resources', emit: () => undefined });
  const call = (service: string, method: string, input: unknown = {}): Promise<unknown> =>
    dispatch(contract, engine.handlers, service, method, input, new AbortController().signal);
  await call('projects', 'open', { path });
  await call('projects', 'close');
  const { atimeMs, mtimeMs } = statSync(path);
  // The disk spoils the second half but the schema's pages, and neither size nor time tells.
  const bytes = readFileSync(path);
  const database = new Database(path, { readonly: true });
  const pages = database.prepare("SELECT pageno FROM dbstat WHERE name IN ('sqlite_schema', 'sqlite_stat4')").pluck();
  const kept = new Set(pages.all());
  database.close();
  for (let page = Math.ceil(bytes.length / 8192); page < bytes.length / 4096; page += 1)
    if (!kept.has(page + 1)) bytes.fill(0xa5, page * 4096, (page + 1) * 4096);
  writeFileSync(path, bytes);
  expect(() => Project.open(path)).toThrow(expect.objectContaining({ code: 'project-damaged' }));
  await expect(call('projects', 'open', { path })).rejects.toMatchObject({ code: 'project-damaged' });
  utimesSync(path, atimeMs / 1000, (Math.floor(mtimeMs) + 0.5) / 1000);
  await call('projects', 'open', { path });
  const read = async (): Promise<void> => {
    for (let limit = 1; limit <= 500; limit += 499) await call('passages', 'list', { limit, sort: 'words' });
    await call('passages', 'list', { limit: 500, filter: { search: 'lighthouse' } });
  };
  await expect(read()).rejects.toMatchObject({ code: 'project-damaged' });
  await engine.close().catch(() => undefined);
});

test('filters look through narrow rows only: no OFFSET, no wide table', () => {
  make(3);
  const project = Project.open(path);
  const plan = (sql: string, parameters: readonly unknown[]): string =>
    (project.database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...parameters) as { detail: string }[])
      .map((row) => row.detail)
      .join('\n');
  for (const filter of [{ state: 'undecided' }, { languages: ['en'], search: 'lighthouse' }] as const) {
    const { from, row, where, parameters } = passageSelection(filter as PassageFilter);
    const found = plan(`SELECT p.row FROM ${from} WHERE ${row} > 5 AND ${where} ORDER BY ${row} LIMIT 10`, parameters);
    expect(found).toContain('p USING COVERING INDEX passages_browse');
    expect(found).not.toContain('TEMP B-TREE');
  }
  for (const filter of [{ statuses: ['undecided'], people: ['Ada'] }, { search: 'lighthouse' }] as const) {
    const { from, row, where, parameters } = candidateSelection(filter as CandidateFilter);
    const found = plan(`SELECT f.passage FROM ${from} WHERE ${row} > 5 AND ${where}`, parameters);
    expect(found).toMatch(/f USING (PRIMARY KEY|COVERING INDEX facets_candidate)/u);
    expect(found).not.toContain('candidates');
  }
  for (const file of ['store/project.ts', 'services/passages.ts', 'services/review.ts']) {
    expect(readFileSync(join('src-main/engine', file), 'utf8')).not.toMatch(/\bOFFSET\b/);
  }
  project.close();
});
