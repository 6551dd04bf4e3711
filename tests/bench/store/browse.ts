import { execFile } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createEngine } from '../../../src-main/engine/engine.ts';
import { contract } from '../../../src-main/shared/contract/index.ts';
import type { Candidate } from '../../../src-main/shared/contract/types.ts';
import { dispatch } from '../../../src-main/shared/ipc/server.ts';
import { randomNumbers, row, writeCorpus } from './corpus.ts';
import { percentile, type Figures } from './figures.ts';

const passages = 200_000;
const questionsEach = 5;
const asked = 200;

/** A project of a million candidates, imported by the engine in a process of its own, whose memory is a figure. */
export async function benchMillion(folder: string): Promise<Figures> {
  const path = join(folder, 'million.asklab');
  if (existsSync(path)) return []; // made before in this folder; its figures were printed then
  const corpus = join(folder, 'million.jsonl');
  writeCorpus(corpus, 0, passages, () => questionsEach);
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'importer.ts'),
    corpus,
    path,
    join(folder, 'user'),
  ]);
  rmSync(corpus);
  const { seconds, megabytes } = JSON.parse(stdout) as { seconds: number; megabytes: number };
  return [
    { name: 'import of a million candidates, rows/s', value: (passages * (1 + questionsEach)) / seconds, target: null },
    { name: 'import of a million candidates, most memory (MB)', value: megabytes, target: 500, atMost: true },
  ];
}

type Call = <Answer>(service: string, method: string, input?: unknown) => Promise<Answer>;
type Timed = <Answer>(name: string, work: () => Promise<Answer>) => Promise<Answer>;

/** What a person does in a project of a million candidates, through the engine's own services, in milliseconds. */
export async function benchBrowse(folder: string): Promise<Figures> {
  const engine = createEngine({ userData: join(folder, 'user'), resources: 'resources', emit: () => undefined });
  const call: Call = async <Answer>(service: string, method: string, input: unknown = {}) =>
    (await dispatch(contract, engine.handlers, service, method, input, new AbortController().signal)) as Answer;
  const times = new Map<string, number[]>();
  const timed: Timed = async (name, work) => {
    const start = performance.now();
    const answer = await work();
    times.set(name, [...(times.get(name) ?? []), performance.now() - start]);
    return answer;
  };
  const path = join(folder, 'million.asklab');
  rmSync(join(folder, 'user', 'recents.json'), { force: true }); // as on a machine that has not seen the file
  await timed('open with a full check', () => call('projects', 'open', { path }));
  await call('projects', 'close');
  await timed('open', () => call('projects', 'open', { path }));
  const random = randomNumbers(7);
  for (let turn = 0; turn < asked; turn += 1) {
    await lookForPassages(call, timed, random);
    await lookForQuestions(call, timed, random);
  }
  await decide(call, timed);
  await engine.close();
  const figure = (kind: string, share: number, label: string): Figures[number] => ({
    name: `at a million: ${kind}, ${label} (ms)`,
    value: percentile(times.get(kind) ?? [], share),
    target: label === 'p95' ? 50 : null,
    atMost: true,
  });
  return [...times].flatMap(([kind, list]) =>
    list.length === 1
      ? [figure(kind, 1, 'once')]
      : [figure(kind, 0.95, 'p95'), figure(kind, 0.5, 'p50'), figure(kind, 1, 'worst')],
  );
}

const pick = <Item>(list: readonly Item[], random: () => number): Item =>
  list[Math.floor(random() * list.length)] as Item;
const languages = ['en', 'zh', 'ko', 'fr', 'hi'];
const perhaps = <Part extends object>(share: number, random: () => number, part: () => Part): Part | object =>
  random() < share ? part() : {};

/** Words of the text itself, as often as they stand there, so common ones mostly; a third only begun, as while typing. */
function typed(random: () => number): string {
  const text = row(Math.floor(random() * passages), 0).content;
  const words = text.split(/[\s。.।]+/u).filter((part) => part !== '');
  const word = pick(words, random).slice(0, 12);
  return random() < 0.33 ? word.slice(0, 1 + Math.floor(random() * 3)) : word;
}

async function lookForPassages(call: Call, timed: Timed, random: () => number): Promise<void> {
  const filter = {
    ...perhaps(0.7, random, () => ({ search: typed(random) })),
    ...perhaps(0.5, random, () => ({ languages: [pick(languages, random)] })),
    ...perhaps(0.4, random, () => ({ state: pick(['none', 'undecided', 'decided'], random) })),
  };
  const sort = pick(['position', 'words', 'undecided'], random);
  const list = (cursor: string | null): Promise<{ next: string | null }> =>
    call('passages', 'list', { filter, sort, cursor, limit: 200 });
  const { next } = await timed('passages: filter, search, first page', () => list(null));
  if (next !== null) await timed('passages: next page', () => list(next));
  await timed('passages: count of the filter', () => call('passages', 'count', { filter }));
  await timed('counts of the project', () => call('projects', 'counts'));
}

async function lookForQuestions(call: Call, timed: Timed, random: () => number): Promise<void> {
  const filter = {
    ...perhaps(0.5, random, () => ({ search: typed(random) })),
    ...perhaps(0.5, random, () => ({ languages: [pick(languages, random)] })),
    ...perhaps(0.6, random, () => ({ statuses: [pick(['undecided', 'undecided', 'accepted', 'rejected'], random)] })),
    ...perhaps(0.3, random, () => ({
      signal: pick(['copied', 'unfinished', 'duplicate', 'near', 'language'], random),
    })),
    ...perhaps(0.1, random, () => ({ flagged: random() < 0.5 })),
    ...perhaps(0.1, random, () => ({ difficulties: [pick(['easy', 'hard'], random)] })),
  };
  type Answer = { items: { passage: { id: string } }[] };
  const { items } = await timed('review: filter and search', (): Promise<Answer> =>
    call('review', 'queue', { filter, limit: 3 }),
  );
  const of = items[0]?.passage.id;
  if (of === undefined) return;
  const neighbours = (step: 'next' | 'previous') => call('review', 'neighbours', { filter, of, step });
  await timed('review: next passage of the filter', () => neighbours('next'));
  await timed('review: passage before', () => neighbours('previous'));
}

async function decide(call: Call, timed: Timed): Promise<void> {
  type Item = { passage: { id: string }; candidates: Candidate[] };
  let [item] = (await call<{ items: Item[] }>('review', 'queue')).items;
  for (let turn = 0; turn < asked && item !== undefined; turn += 1) {
    const { passage, candidates }: Item = item;
    [item] = await timed('decide and get the next item', async () => {
      await call('review', 'decide', { candidateId: candidates[0]?.id, verdict: 'accept' });
      return call<Item[]>('review', 'neighbours', { of: passage.id, step: 'next' });
    });
    await call('review', 'undo');
  }
}
