/** Corrections of passages: language, sentences, and the questions that follow them; filters over what people said. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import type { Candidate, Passage, PassageRow } from '../../src-main/shared/contract/types.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';
import { seed } from './seed.ts';

let folder: string;
let engine: Engine;

function call<Answer>(service: string, method: string, input: unknown = {}): Promise<Answer> {
  return dispatch(contract, engine.handlers, service, method, input, new AbortController().signal) as Promise<Answer>;
}
const item = (passageId: string): Promise<{ passage: Passage; candidates: Candidate[] }> =>
  call('review', 'item', { passageId });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-passages-'));
  engine = createEngine({ userData: folder, resources: 'resources', emit: () => undefined });
  await call('projects', 'openSample');
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

async function firstPassage(): Promise<PassageRow> {
  const { rows } = await call<{ rows: PassageRow[] }>('passages', 'list', { limit: 1 });
  const row = rows[0];
  if (row === undefined) throw new Error('the sample has no passage');
  return row;
}

test('questions stay with their text when a sentence before them is cut', async () => {
  const { id } = await firstPassage();
  const before = await item(id);
  const [first, ...rest] = before.passage.sentences;
  const placed = before.candidates.find((candidate) => (candidate.sentence ?? 0) > 0);
  if (first === undefined || typeof placed?.sentence !== 'number')
    throw new Error('no question about a later sentence');
  const middle = before.passage.text.indexOf(' ', first.start + 5);
  await call('passages', 'setSentences', {
    id,
    sentences: [{ start: first.start, end: middle }, { start: middle + 1, end: first.end }, ...rest],
  });
  const after = await item(id);
  expect(after.passage.sentences).toHaveLength(before.passage.sentences.length + 1);
  expect(after.candidates.find((candidate) => candidate.id === placed.id)?.sentence).toBe(placed.sentence + 1);
});

test('corrections are undone and redone apart from decisions, across a restart, and a passage tells of them', async () => {
  const { id } = await firstPassage();
  const before = await item(id);
  const [candidate] = before.candidates;
  const { text, sentences } = before.passage;
  await call('passages', 'setSentences', { id, sentences: [{ start: 0, end: text.length }] });
  await call('review', 'decide', { candidateId: candidate?.id, verdict: 'accept' });
  const { passages } = await call<{ passages: number }>('passages', 'count', { filter: { languages: ['en'] } });
  await call('passages', 'setLanguage', { passages: { languages: ['en'] }, language: 'fr' });
  const corrected = await item(id);
  const path = engine.project()?.path;
  await call('projects', 'close');
  await call('projects', 'open', { path });
  expect(await call('passages', 'undo')).toEqual({ kind: 'language', passages });
  expect((await item(id)).passage).toMatchObject({ language: 'en', sentences: [{ start: 0, end: text.length }] });
  expect(await call('passages', 'undo')).toEqual({ kind: 'sentences', passages: 1 });
  const restored = await item(id);
  expect(restored.passage).toMatchObject({ language: 'en', sentences });
  expect(restored.candidates.map(({ sentence }) => sentence)).toEqual(
    before.candidates.map(({ sentence }) => sentence),
  );
  expect(restored.candidates[0]?.status).toBe('accepted');
  expect(await call('passages', 'undo')).toEqual({ kind: null, passages: 0 });
  for (const kind of ['sentences', 'language']) expect(await call('passages', 'redo')).toMatchObject({ kind });
  expect(await item(id)).toEqual(corrected);
  const person = engine.project()?.person().name;
  expect(await call('passages', 'history', { id })).toMatchObject([
    { person, kind: 'sentences', undone: false, before: { sentences: sentences.length }, after: { sentences: 1 } },
    { person, kind: 'language', undone: false, before: { language: 'en' }, after: { language: 'fr' } },
  ]);
});

test('a corrected language reaches everything that matches, and its questions', async () => {
  const { id } = await firstPassage();
  const english = { languages: ['en'] };
  const { passages } = await call<{ passages: number }>('passages', 'count', { filter: english });
  expect(passages).toBeGreaterThan(1);
  expect(await call('passages', 'setLanguage', { passages: english, language: 'fr' })).toEqual({ changed: passages });
  expect((await item(id)).passage.language).toBe('fr');
  expect(await call('review', 'bulkCount', { filter: { languages: ['en'] } })).toMatchObject({ matching: 0 });
});

test('the language of many passages changes in parts; a cancelled change says how many it has changed', async () => {
  const project = engine.project();
  if (project === null) throw new Error('no project');
  seed(project, 450);
  const filter = { search: 'lighthouse number' };
  const stop = new AbortController();
  const run = dispatch(
    contract,
    engine.handlers,
    'passages',
    'setLanguage',
    { passages: filter, language: 'fr' },
    stop.signal,
  );
  await new Promise((resolve) => setImmediate(resolve));
  stop.abort();
  const { changed } = (await run) as { changed: number };
  expect(changed).toBeGreaterThan(0);
  expect(changed).toBeLessThan(450);
  const french = { ...filter, languages: ['fr'] };
  expect(await call('passages', 'count', { filter: french })).toMatchObject({ passages: changed });
  expect(await call('passages', 'setLanguage', { passages: filter, language: 'fr' })).toMatchObject({ changed: 450 });
  expect(await call('review', 'bulkCount', { filter: french })).toMatchObject({ matching: 450 });
});

test('questions are found by tag and by who decided', async () => {
  const { id } = await firstPassage();
  const candidate = (await item(id)).candidates[0];
  const person = engine.project()?.person().id;
  await call('review', 'setTags', { candidateId: candidate?.id, type: 'cause', difficulty: 'hard' });
  await call('review', 'decide', { candidateId: candidate?.id, verdict: 'accept' });
  for (const filter of [{ types: ['cause'] }, { difficulties: ['hard'] }, { people: [person] }]) {
    expect(await call('review', 'bulkCount', { filter }), JSON.stringify(filter)).toMatchObject({ matching: 1 });
  }
  expect(await call('review', 'bulkCount', { filter: { types: ['fact'] } })).toMatchObject({ matching: 0 });
});

test('every filter finds what a reading of all questions finds, after decisions, tags, flags and a new language', async () => {
  const { rows } = await call<{ rows: PassageRow[] }>('passages', 'list', { limit: 500 });
  const all = async (): Promise<Candidate[]> =>
    (await Promise.all(rows.map(({ id }) => item(id)))).flatMap(({ candidates }) => candidates);
  const acts: ((candidateId: string) => Promise<unknown>)[] = [
    (candidateId) => call('review', 'decide', { candidateId, verdict: 'accept' }),
    (candidateId) => call('review', 'decide', { candidateId, verdict: 'accept', question: 'What else?' }),
    (candidateId) => call('review', 'decide', { candidateId, verdict: 'reject', reason: 'trivial' }),
    (candidateId) => call('review', 'setTags', { candidateId, type: 'cause', difficulty: 'hard' }),
    (candidateId) => call('review', 'setFlag', { candidateId, flag: 'look' }),
    () => call('review', 'undo'),
  ];
  for (const [index, { id }] of (await all()).entries()) await acts[index % acts.length]?.(id);
  await call('passages', 'setLanguage', { passages: { ids: [rows[0]?.id ?? ''] }, language: 'ko' });
  const [person, found] = [engine.project()?.person(), await all()];
  const languages = new Map(
    await Promise.all(rows.map(async ({ id }) => [id, (await item(id)).passage.language] as const)),
  );
  const filters: [object, (candidate: Candidate) => boolean][] = [
    [{}, () => true],
    [{ languages: ['ko'] }, ({ passageId }) => languages.get(passageId) === 'ko'],
    [{ statuses: ['accepted', 'rejected'] }, ({ status }) => status === 'accepted' || status === 'rejected'],
    [
      { statuses: ['edited'], people: [person?.id] },
      ({ status, decidedBy }) => status === 'edited' && decidedBy === person?.name,
    ],
    [
      { languages: ['ko'], statuses: ['undecided'], flagged: false },
      ({ passageId, status, flag }) => languages.get(passageId) === 'ko' && status === 'undecided' && flag === null,
    ],
    [{ types: ['cause'] }, ({ type }) => type === 'cause'],
    [{ difficulties: ['hard'], flagged: false }, ({ difficulty, flag }) => difficulty === 'hard' && flag === null],
    [{ flagged: true }, ({ flag }) => flag !== null],
    [{ signal: 'unfinished' }, ({ signals }) => signals.unfinished],
    [{ generators: [found[0]?.lineage.generator] }, ({ lineage }) => lineage.generator === found[0]?.lineage.generator],
    [
      { documentId: rows[3]?.documentId, search: 'what' },
      ({ passageId, original }) =>
        /\bwhat/iu.test(original) && rows.find(({ id }) => id === passageId)?.documentId === rows[3]?.documentId,
    ],
  ];
  for (const [filter, wanted] of filters) {
    const matching = found.filter(wanted);
    const name = JSON.stringify(filter);
    expect(await call('review', 'bulkCount', { filter }), name).toMatchObject({ matching: matching.length });
    const passages = rows.map(({ id }) => id).filter((id) => matching.some(({ passageId }) => passageId === id));
    const last = passages.at(-1);
    const neighbours = async (of: string, step: 'next' | 'previous'): Promise<string[]> => {
      const items = await call<{ passage: Passage }[]>('review', 'neighbours', { filter, of, step, limit: 5 });
      return items.map(({ passage }) => passage.id);
    };
    if (last === undefined) continue;
    expect(await neighbours(last, 'previous'), name).toEqual(passages.slice(0, -1).reverse().slice(0, 5));
    const place = { position: passages.length, total: passages.length };
    expect(await call('review', 'queue', { filter, around: last, limit: 5 }), name).toMatchObject(place);
    const first = rows[0]?.id ?? '';
    expect(await neighbours(first, 'next'), name).toEqual(passages.filter((id) => id !== first).slice(0, 5));
  }
});

test('read from its end, in pages, the list is the same in every order; equals stay in reading order', async () => {
  const { rows } = await call<{ rows: PassageRow[] }>('passages', 'list', { limit: 500 });
  type Page = { rows: PassageRow[]; next: string | null };
  const walk = async (input: object, backwards: boolean): Promise<string[]> => {
    let ids: string[] = [];
    for (let cursor: string | null = null, more = true; more; more = cursor !== null) {
      const page: Page = await call('passages', 'list', { ...input, cursor, backwards, limit: 7 });
      const found = page.rows.map(({ id }) => id);
      ids = backwards ? [...found, ...ids] : [...ids, ...found];
      cursor = page.next;
    }
    return ids;
  };
  for (const sort of ['position', 'words', 'undecided'] as const)
    for (const filter of [{}, { languages: ['en', 'fr'] }, { search: 'a' }, { state: 'undecided' }]) {
      const forwards = await walk({ sort, filter }, false);
      expect(forwards.length).toBeGreaterThan(7);
      expect(await walk({ sort, filter }, true), JSON.stringify({ sort, filter })).toEqual(forwards);
      const number = (row: PassageRow): number => ({ position: 0, words: row.words, undecided: row.undecided })[sort];
      const kept = rows.filter(({ id }) => forwards.includes(id)).sort((left, right) => number(right) - number(left));
      expect(forwards, sort).toEqual(kept.map(({ id }) => id));
    }
});

test('a passage without questions is shown when it is asked for', async () => {
  const { rows } = await call<{ rows: PassageRow[] }>('passages', 'list', { filter: { state: 'none' }, limit: 1 });
  const queue = await call<{ items: { passage: Passage; candidates: Candidate[] }[] }>('review', 'queue', {
    around: rows[0]?.id,
  });
  expect(queue.items[0]).toMatchObject({ passage: { id: rows[0]?.id }, candidates: [] });
});

test('insights of one language and one person count their decisions only', async () => {
  const { id } = await firstPassage();
  const [first, second] = (await item(id)).candidates;
  await call('review', 'decide', {
    candidateId: first?.id,
    verdict: 'accept',
    question: `${first?.original} And who saw it?`,
    seconds: 2,
  });
  await call('review', 'decide', { candidateId: second?.id, verdict: 'reject', reason: 'trivial', seconds: 4 });
  const person = engine.project()?.person().id;
  const decided = { byReason: [{ reason: 'trivial', count: 1 }], decisions: 2, editDistance: [{ words: 4, count: 1 }] };
  for (const only of [{}, { language: 'en' }, { person }, { language: 'en', person }]) {
    expect(await call('insights', 'summary', only), JSON.stringify(only)).toMatchObject(decided);
  }
  const none = { byReason: [], decisions: 0, perHour: [], secondsPerDecision: null };
  expect(await call('insights', 'summary', { language: 'zh' })).toMatchObject(none);
  expect(await call('insights', 'summary', { person: 'someone else' })).toMatchObject(none);
  const now = Date.now();
  expect(await call('insights', 'summary', { since: now - 60_000, until: now + 1 })).toMatchObject(decided);
  expect(await call('insights', 'summary', { since: now + 60_000 })).toMatchObject(none);
  expect(await call('insights', 'summary', { until: now - 60_000 })).toMatchObject(none);
});

test('insights tell languages in the order of every list', async () => {
  const { byLanguage } = await call<{ byLanguage: { key: string }[] }>('insights', 'summary');
  expect(byLanguage.map(({ key }) => key)).toEqual(['en', 'zh', 'ko', 'fr', 'hi']);
});

test('decisions over a filter are counted apart from those of an hour', async () => {
  const before = await call<{ decisions: number; perHour: { decisions: number }[] }>('insights', 'summary', {});
  const { changed } = await call<{ changed: number }>('review', 'bulk', {
    filter: { languages: ['ko'] },
    verdict: 'accept',
  });
  expect(changed).toBeGreaterThan(1);
  expect(await call('insights', 'summary', {})).toMatchObject({
    decisions: before.decisions + changed,
    together: changed,
    perHour: before.perHour,
  });
  await call('review', 'undo');
});

test('filters of passages are kept per person, apart from those of questions', async () => {
  const filter = { languages: ['zh'], state: 'none' };
  const saved = [{ name: 'Chinese, no questions', filter }];
  expect(await call('passages', 'filters', {})).toEqual([]);
  expect(await call('passages', 'saveFilter', saved[0])).toEqual(saved);
  expect(await call('review', 'filters', {})).toEqual([]);
  const namesake = [{ name: 'Chinese, no questions', filter: { flagged: true } }];
  expect(await call('review', 'saveFilter', namesake[0])).toEqual(namesake);
  const other = { name: 'A', filter: { search: 'lamp' } };
  expect(await call('passages', 'saveFilter', other)).toEqual([other, ...saved]);
  expect(await call('passages', 'removeFilter', { name: 'A' })).toEqual(saved);
  expect(await call('review', 'filters', {})).toEqual(namesake);
  const mine = engine.project()?.person().id;
  const { people } = (await call('projects', 'addPerson', { name: 'Grace' })) as { people: { id: string }[] };
  await call('projects', 'usePerson', { id: people.find((person) => person.id !== mine)?.id });
  expect(await call('passages', 'filters', {})).toEqual([]);
});

test('a saved filter can be removed', async () => {
  await call('review', 'saveFilter', { name: 'mine', filter: { flagged: true } });
  expect(await call('review', 'removeFilter', { name: 'mine' })).toEqual([]);
});

test('what the sample holds is told before it is opened', async () => {
  const sample = await call<{ passages: number; rows: { language: string; question: string }[] }>('projects', 'sample');
  expect(sample.rows.map((row) => row.language)).toEqual(['en', 'zh', 'ko', 'fr', 'hi']);
  expect(sample.passages).toBeGreaterThanOrEqual(20);
});

test('a file looked at again says what is here already; rows of one passage count once', async () => {
  const text = [
    'titre;texte;question',
    'Le sel;Le sel de mer se récolte en été dans les marais salants.;Quand se récolte le sel ?',
    'Le sel;Le sel de mer se récolte en été dans les marais salants.;Où se récolte le sel ?',
  ].join('\n');
  const source = { text, title: 'sel.csv' };
  const options = { format: 'csv' };
  const inspected = await call('importing', 'inspect', { source, options });
  expect(inspected).toMatchObject({
    passages: 1,
    questions: 2,
    known: [],
    languages: [{ language: 'fr', passages: 1 }],
    columns: [{ role: 'title' }, { role: 'text' }, { role: 'question' }],
  });
  const job = await call<{ id: string }>('importing', 'start', { sources: [source], options });
  await engine.runner()?.wait(job.id);
  const again = await call<{ keys: number[]; known: number[] }>('importing', 'inspect', { source, options });
  expect(again.keys).toHaveLength(1);
  expect(again.known).toEqual(again.keys);
  // The same passage has the same key in whichever file it stands, so that files can be counted together.
  const other = await call<{ keys: number[] }>('importing', 'inspect', {
    source: { ...source, title: 'b.csv' },
    options,
  });
  expect(other.keys).toEqual(again.keys);
});
