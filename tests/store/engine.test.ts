import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';

let folder: string;
let engine: Engine;

function call(service: string, method: string, input: unknown = {}): Promise<never> {
  return dispatch(contract, engine.handlers, service, method, input, new AbortController().signal) as Promise<never>;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-engine-'));
  engine = createEngine({ userData: folder, resources: 'resources', emit: () => undefined });
  await call('projects', 'openSample');
});

afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function generate(): Promise<void> {
  const job: { id: string } = await call('generation', 'start', { generator: 'rules-1' });
  const ended = await engine.runner()?.wait(job.id);
  expect(ended).toMatchObject({ state: 'done', done: ended?.total });
}

interface Item {
  passage: { id: string; text: string };
  candidates: { id: string; status: string; question: string; original: string }[];
}

test('the sample: generate by rules, accept, edit, reject, undo, reopen, export, import again', async () => {
  await generate();
  const queue: { items: Item[]; total: number } = await call('review', 'queue');
  expect(queue.total).toBeGreaterThan(10);
  const [first, second, third] = queue.items[0]?.candidates ?? [];
  if (!first || !second || !third) throw new Error('the first passage has too few questions');

  await call('review', 'decide', { candidateId: first.id, verdict: 'accept' });
  await call('review', 'decide', { candidateId: second.id, verdict: 'accept', question: 'What did he do?' });
  await call('review', 'decide', { candidateId: third.id, verdict: 'reject', reason: 'trivial' });
  const undone: { candidates: unknown[]; undo: string; redo: string } = await call('review', 'undo');
  expect(undone).toMatchObject({ candidates: [{ id: third.id, status: 'undecided' }], undo: 'accept', redo: 'reject' });

  const path = engine.project()?.path;
  await call('projects', 'close');
  await call('projects', 'open', { path });
  const item: Item = await call('review', 'item', { passageId: queue.items[0]?.passage.id });
  const status = (id: string) => item.candidates.find((candidate) => candidate.id === id);
  expect(status(first.id)).toMatchObject({ status: 'accepted' });
  expect(status(second.id)).toMatchObject({ status: 'edited', question: 'What did he do?', original: second.original });
  expect(status(third.id)).toMatchObject({ status: 'undecided' });
  expect(await call('review', 'redo')).toMatchObject({
    candidates: [{ id: third.id, status: 'rejected' }],
    redo: null,
  });

  for (const format of ['squad-v2', 'hf-jsonl', 'lab', 'csv']) {
    const target = join(folder, format);
    const job: { id: string } = await call('exporting', 'start', { format, folder: target });
    const ended = await engine.runner()?.wait(job.id);
    expect(ended).toMatchObject({ state: 'done', result: { rows: 2, passages: 1 } });
    const file = (ended?.result?.['files'] as string[])[0] ?? '';
    const before = readFileSync(file);
    await engine.runner()?.wait(((await call('exporting', 'start', { format, folder: target })) as { id: string }).id);
    expect(readFileSync(file).equals(before)).toBe(true);
    const inspected: { preview: { text: string; questions: string[] }[] } = await call('importing', 'inspect', {
      source: { path: file },
    });
    expect(inspected.preview.flatMap((entry) => entry.questions)).toEqual([first.question, 'What did he do?']);
    expect(inspected.preview[0]?.text).toBe(item.passage.text);
  }
});

test('splits keep groups whole and the same seed gives the same split', async () => {
  await generate();
  await call('review', 'bulk', { filter: {}, verdict: 'accept' });
  const listed: { rows: { documentId: string; accepted: number }[] } = await call('passages', 'list');
  const documents = new Set(listed.rows.filter((row) => row.accepted > 0).map((row) => row.documentId));
  expect(documents.size).toBeGreaterThan(5);
  const settings = { format: 'hf-jsonl', split: { by: 'document', seed: 3, train: 0.6, dev: 0.2, test: 0.2 } };
  const preview: { splits: { name: string; groups: number; passages: number }[]; leakage: { shared: number } } =
    await call('exporting', 'preview', settings);
  expect(preview.splits.map((split) => split.name)).toEqual(['train', 'validation', 'test']);
  expect(preview.splits.reduce((sum, split) => sum + split.groups, 0)).toBe(documents.size);
  expect(preview.leakage.shared).toBe(0);
  expect(await call('exporting', 'preview', settings)).toEqual(preview);
});

test('bulk decisions leave what is decided alone and are one undo', async () => {
  await generate();
  const counts = () => call('projects', 'counts') as Promise<{ undecided: number; aside: number; accepted: number }>;
  const before = await counts();
  const bulk: { changed: number } = await call('review', 'bulk', { filter: { languages: ['zh'] }, verdict: 'accept' });
  expect(bulk.changed).toBeGreaterThan(3);
  expect((await counts()).accepted).toBe(bulk.changed);
  await call('review', 'undo');
  expect(await counts()).toEqual(before);
});

test('import is idempotent, names bad rows and keeps the rest', async () => {
  const text =
    '{"text":"한국어 지문은 여기에 있습니다. 두 번째 문장입니다.","question":"어디에 있습니까?","answer":"여기에"}\nnot json\n{"other":1}\n';
  const source = { source: { text, title: 'rows.jsonl' } };
  expect(await call('importing', 'inspect', source)).toMatchObject({
    format: 'jsonl',
    passages: 1,
    problems: [{ line: 2 }, { line: 3 }],
  });
  for (const added of [1, 0]) {
    const job: { id: string } = await call('importing', 'start', { sources: [source.source] });
    const ended = await engine.runner()?.wait(job.id);
    expect(ended).toMatchObject({
      state: 'done-with-problems',
      problems: 2,
      result: { passages: added, references: added },
    });
  }
});

test('search finds words of all five languages', async () => {
  for (const query of ['lighthouse', '都江堰', '水利', '온돌', 'Guerande', 'बावड़ी']) {
    const found: { rows: unknown[] } = await call('passages', 'list', { filter: { search: query } });
    expect(found.rows.length, query).toBeGreaterThan(0);
  }
});

test('pages by key: no OFFSET, every row once', async () => {
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { rows: { id: string }[]; next: string | null } = await call('passages', 'list', {
      sort: 'words',
      cursor,
      limit: 3,
    });
    seen.push(...page.rows.map((row) => row.id));
    cursor = page.next;
  } while (cursor !== null);
  expect(new Set(seen).size).toBe(40);
  expect(seen).toHaveLength(40);
});

test('malformed calls are refused by name', async () => {
  await expect(call('review', 'decide', { candidateId: 1 })).rejects.toMatchObject({ code: 'invalid-input' });
  await expect(call('review', 'constructor')).rejects.toMatchObject({ code: 'unknown-method' });
  await expect(call('review', 'decide', { candidateId: 'x', verdict: 'reject' })).rejects.toMatchObject({
    code: 'invalid-input',
  });
  for (const [service, methods] of Object.entries(contract)) {
    expect(Object.keys(engine.handlers[service as keyof typeof contract]).sort()).toEqual(Object.keys(methods).sort());
  }
});

test('history cannot be changed or deleted', () => {
  const database = engine.project()?.database;
  engine.project()?.history.append('me', [{ kind: 'flag', item: 'none', payload: {} }]);
  expect(() => database?.exec('DELETE FROM events')).toThrow('append-only');
  expect(() => database?.exec("UPDATE events SET kind = 'undo'")).toThrow('append-only');
  expect(() => database?.exec('INSERT OR REPLACE INTO events SELECT * FROM events')).toThrow('append-only');
});

test('a second open of the same file is refused, and so is a file that is not ours', async () => {
  const other = createEngine({ userData: join(folder, 'other'), resources: 'resources', emit: () => undefined });
  const path = engine.project()?.path;
  const open = (file: unknown) =>
    dispatch(contract, other.handlers, 'projects', 'open', { path: file }, new AbortController().signal);
  await expect(open(path)).rejects.toMatchObject({ code: 'project-locked' });
  await expect(open('package.json')).rejects.toMatchObject({ code: 'project-foreign' });
  await expect(open('missing.asklab')).rejects.toMatchObject({ code: 'not-found' });
});
