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
const asked = 100;

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

/** What a person does in a project of a million candidates, through the engine's own services, in milliseconds. */
export async function benchBrowse(folder: string): Promise<Figures> {
  const engine = createEngine({ userData: join(folder, 'user'), resources: 'resources', emit: () => undefined });
  async function call<Answer>(service: string, method: string, input: unknown = {}): Promise<Answer> {
    return (await dispatch(contract, engine.handlers, service, method, input, new AbortController().signal)) as Answer;
  }
  await call('projects', 'open', { path: join(folder, 'million.asklab') });
  const random = randomNumbers(7);
  const pick = <Item>(list: readonly Item[]): Item => list[Math.floor(random() * list.length)] as Item;
  // Words of the text itself: common ones, rare ones, and in Chinese and Korean parts of words.
  const word = (): string => {
    const text = row(Math.floor(random() * passages), 0).content;
    const words = text.split(/[\s。.।]+/u).filter((part) => part !== '');
    return pick(words).slice(0, 12);
  };
  const languages = (): object => (random() < 0.5 ? {} : { languages: [pick(['en', 'zh', 'ko', 'fr', 'hi'])] });
  const times = new Map<string, number[]>();
  async function timed<Answer>(name: string, work: () => Promise<Answer>): Promise<Answer> {
    const start = performance.now();
    const answer = await work();
    times.set(name, [...(times.get(name) ?? []), performance.now() - start]);
    return answer;
  }
  for (let turn = 0; turn < asked; turn += 1) {
    const filter = {
      ...(random() < 0.7 ? { search: word() } : {}),
      ...languages(),
      ...(random() < 0.3 ? { state: 'undecided' } : {}),
    };
    const sort = pick(['position', 'words', 'undecided']);
    const page = await timed('filter, search, first page', () =>
      call<{ next: string | null }>('passages', 'list', { filter, sort }),
    );
    if (page.next !== null)
      await timed('next page', () => call('passages', 'list', { filter, sort, cursor: page.next }));
    await timed('count of the filter', () => call('passages', 'count', { filter }));
    const wanted = { ...(random() < 0.5 ? { search: word() } : {}), ...languages(), statuses: ['undecided'] };
    await timed('filter and search in review', () => call('review', 'queue', { filter: wanted }));
    await timed('counts', () => call('projects', 'counts'));
  }
  type Items = { items: { passage: { id: string }; candidates: Candidate[] }[] };
  let around: string | null = null;
  for (let turn = 0; turn < asked; turn += 1) {
    const { items }: Items = await call('review', 'queue', { around, step: around === null ? 'here' : 'next' });
    const item: Items['items'][number] | undefined = items[0];
    around = item?.passage.id ?? null;
    const candidateId = item?.candidates[0]?.id ?? '';
    await timed('decide and get the next item', async () => {
      await call('review', 'decide', { candidateId, verdict: 'accept' });
      await call('review', 'queue', { around, step: 'next' });
    });
    await call('review', 'undo');
  }
  await engine.close();
  return [...times].map(([name, list]) => ({
    name: `at a million: ${name}, p95 (ms)`,
    value: percentile(list, 0.95),
    target: 50,
    atMost: true,
  }));
}
