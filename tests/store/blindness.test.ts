import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPackage } from '../../src-main/engine/packages/open.ts';
import { writeReturn } from '../../src-main/engine/packages/returned.ts';
import { writePackage } from '../../src-main/engine/packages/write.ts';
import { createRound } from '../../src-main/engine/rounds/create.ts';
import { addPerson } from '../../src-main/engine/store/people.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { selection } from '../../src-main/shared/contract/rounds.ts';
import type { Lineage } from '../../src-main/shared/contract/types.ts';

const systems = [
  { generator: 'bundle-quokka-7', generatorName: 'Quokka large', hash: 'f00dfeedf00dfeedf00dfeedf00dfeed' },
  { generator: 'bundle-numbat-2', generatorName: 'Numbat small', hash: 'c0ffeec0ffeec0ffeec0ffeec0ffee00' },
];
let folder: string;
let project: Project;
let round: string;
let review: string;
let checker: string;
interface Item {
  id: string;
  system: number;
  question: string;
}
let items: Item[];
let undecided: Item[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-blind-'));
  project = Project.create(join(folder, 'lead.asklab'), { name: 'Harbour study', person: 'Zuleika Ampersand' });
  const lead = project.person().id;
  const documentId = project.addDocument({ key: 'one', title: 'quokka-outputs-march', source: 'quokka.jsonl' });
  [items, undecided] = [[], []];
  for (let at = 0; at < 20; at += 1) {
    const list = at < 10 ? items : undecided;
    const text = `Harbour ${at} lies below the lighthouse. Its keeper counts ${at} boats every evening.`;
    const cut = text.indexOf('.') + 1;
    const sentences = [
      { start: 0, end: cut },
      { start: cut + 1, end: text.length },
    ];
    const passage = { documentId, position: at + 1, text, title: `Harbour ${at}`, language: 'en' as const, words: 13 };
    const passageId = project.addPassage({ ...passage, sentences, externalId: null }).id;
    // The first system always comes first, with the higher score and a focus; the second without.
    systems.forEach((system, index) => {
      const question = index === 0 ? `Where does harbour ${at} lie?` : `What is below harbour ${at}'s lighthouse?`;
      const lineage: Lineage = {
        ...system,
        provider: 'cpu',
        decoding: { beam: 4 },
        seed: 11,
        rank: index,
        score: -index,
        raw: question,
        jobId: 'job-wombat',
      };
      const signals = {
        length: 20,
        copiedShare: 0,
        endsAsQuestion: true,
        hasQuestionWord: true,
        unfinished: false,
        repeatedNgram: false,
        languageMismatch: false,
        duplicateOf: null,
      };
      const { id } = project.addCandidate({
        passageId,
        original: question,
        focus: index === 0 ? { start: 0, end: cut } : null,
        sentence: index === 0 ? 0 : null,
        answer: null,
        score: -0.25 - index,
        signals,
        lineage,
        asideReasons: [],
      });
      const payload =
        at % 2 === 0 ? { verdict: 'accept' } : { verdict: 'reject', reason: 'off-topic', note: 'bandicoot' };
      if (list === items) project.history.append(lead, [{ kind: 'decide', item: id, payload, seconds: 4.5 }]);
      list.push({ id, system: index, question });
    });
  }
  checker = addPerson(project.database, { name: 'Checker Nine', role: 'checker' });
  addPerson(project.database, { name: 'Perpetua Ocelot', role: 'annotator' });
  const other = addPerson(project.database, { name: 'Ignatius Marmot', role: 'checker' });
  const chosen = selection.parse({ people: [checker, other], overlap: 2, withRejected: true });
  const { signal } = new AbortController();
  round = (await createRound(project, chosen, { name: 'Second check', practice: [] }, signal)).id;
  review = (await createRound(project, { ...chosen, kind: 'review' }, { name: 'First pass', practice: [] }, signal)).id;
  for (const id of [round, review]) project.rounds.setGuideline(id, 'en', 'Keep what the passage answers.');
});
afterAll(() => {
  project.close();
  rmSync(folder, { recursive: true });
});

/** Everything that must not leave the project. */
function secrets(): string[] {
  const passages = project.database.prepare('SELECT id FROM passages').pluck().all() as string[];
  const people = project.people().filter((person) => person.id !== checker);
  return [
    ...systems.flatMap(({ generator, generatorName, hash }) => [generator, generatorName, hash]),
    ...people.flatMap((person) => [person.name, person.id]),
    ...[...items, ...undecided].map((item) => item.id),
    ...passages,
    ...[
      'quokka',
      'numbat',
      'bandicoot',
      'off-topic',
      'job-wombat',
      'beam',
      'score',
      'lineage',
      'reject',
      'Harbour study',
    ],
    project.value('sealKey') ?? 'no key',
  ];
}

function foundIn(bytes: Uint8Array): string[] {
  const text = Buffer.from(bytes).toString('latin1').toLowerCase();
  return secrets().filter((secret) => text.includes(secret.toLowerCase()));
}

const kinds = ['check', 'review'] as const;
const given = (kind: (typeof kinds)[number]): { id: string; questions: Item[] } =>
  kind === 'check' ? { id: round, questions: items } : { id: review, questions: undecided };

/** The bytes of a package, its entries, and the lines of its items. */
function opened(bytes: Uint8Array): { shown: object }[] {
  expect(foundIn(bytes)).toEqual([]);
  const entries = unzipSync(bytes);
  for (const [name, entry] of Object.entries(entries)) expect([name, foundIn(entry)]).toEqual([name, []]);
  return strFromU8(entries['items.jsonl'] ?? new Uint8Array())
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { shown: object });
}
// The schema's own words are no secrets: they are the same in every file.
const words = new Set(['score', 'lineage', 'reject']);
const foundInFile = (path: string): string[] => foundIn(readFileSync(path)).filter((secret) => !words.has(secret));

test.each(kinds)(
  'bytes of a package to %s, its entries, and the pages of the working file name no system, verdict or other person',
  (kind) => {
    const { id, questions } = given(kind);
    const bytes = writePackage(project, id, checker);
    const packed = opened(bytes);
    expect(packed).toHaveLength(questions.length);
    for (const { shown } of packed) expect(Object.keys(shown)).toEqual(['question', 'sentence']);

    const path = join(folder, `work-${kind}.asklab`);
    const work = openPackage(bytes, path);
    const own = work.person().id;
    const first = work.rounds.assigned(id, own)[0]?.item ?? '';
    work.history.append(own, [{ kind: 'decide', item: first, payload: { verdict: 'accept' } }], id);
    expect(foundIn(writeReturn(work))).toEqual([]);
    work.close();
    expect(foundInFile(path)).toEqual([]);
  },
);

test('an adjudicator reads verdicts and notes, but no name, no system and nothing that points to either', async () => {
  const voter = project.people().find((person) => person.name === 'Ignatius Marmot')?.id ?? '';
  const accept = items.map(({ id }) => ({ kind: 'decide' as const, item: id, payload: { verdict: 'accept' } }));
  for (const person of [checker, voter]) project.history.append(person, accept, round);
  const judge = addPerson(project.database, { name: 'Sibyl Judge', role: 'adjudicator' });
  const chosen = selection.parse({ kind: 'adjudicate', people: [judge] });
  const settings = { name: 'Verdicts', practice: [] };
  const { id } = await createRound(project, chosen, settings, new AbortController().signal);
  const bytes = writePackage(project, id, judge);
  const told = ['reject', 'off-topic', 'bandicoot']; // what the first said is what it is about
  const secret = [...secrets(), 'Checker Nine', checker].filter(
    (one) => !told.includes(one) && one !== 'Sibyl Judge' && one !== judge,
  );
  const entries = unzipSync(bytes);
  const text = Object.values(entries)
    .map((entry) => strFromU8(entry))
    .join('\n');
  expect(secret.filter((one) => text.toLowerCase().includes(one.toLowerCase()))).toEqual([]);
  expect(told.filter((one) => !text.includes(one))).toEqual([]);
  const path = join(folder, 'work-adjudicate.asklab');
  openPackage(bytes, path).close();
  const pages = readFileSync(path).toString('latin1').toLowerCase();
  expect(secret.filter((one) => !words.has(one) && pages.includes(one.toLowerCase()))).toEqual([]);
});

test.each(kinds)('order and ids tell the system no better than chance over 1,000 packages to %s', (kind) => {
  const { id: roundId, questions } = given(kind);
  const systemOf = new Map(questions.map((item) => [item.question, item.system]));
  const guesses = { position: 0, beforeTheOther: 0, idOrder: 0, idDigit: 0, repeated: 0 };
  let total = 0;
  let pairs = 0;
  const learned = new Map<string, number>(); // what a first digit meant in earlier packages
  const seen = new Map<string, number>();
  let repeats = 0;
  project.transaction(() => {
    for (let turn = 0; turn < 1000; turn += 1) {
      const entry = unzipSync(writePackage(project, roundId, checker))['items.jsonl'] ?? new Uint8Array();
      const rows = strFromU8(entry)
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { id: string; passage: string; shown: { question: string } })
        .map(({ id, passage, shown }) => ({ id, passage, system: systemOf.get(shown.question) ?? 0 }));
      const ids = rows.map((row) => row.id).sort();
      rows.forEach(({ id, system }, position) => {
        total += 1;
        guesses.position += Number(Number(position >= rows.length / 2) === system);
        guesses.idOrder += Number(Number(ids.indexOf(id) >= rows.length / 2) === system);
        const digit = id.slice(0, 2);
        guesses.idDigit += Number(Number((learned.get(digit) ?? 0) > 0) === system);
        learned.set(digit, (learned.get(digit) ?? 0) + (system === 1 ? 1 : -1));
        if (seen.has(id)) repeats += 1;
        seen.set(id, system);
      });
      for (const [, pair] of Map.groupBy(rows, (row) => row.passage)) {
        pairs += 1;
        guesses.beforeTheOther += Number(pair[0]?.system === 0);
      }
    }
  });
  expect(repeats).toBe(0);
  // Four standard deviations of fair coins.
  const within = (hits: number, of: number): boolean => Math.abs(hits - of / 2) < 4 * Math.sqrt(of / 4);
  expect([guesses.position, total, within(guesses.position, total)]).toEqual([guesses.position, total, true]);
  expect([guesses.idOrder, within(guesses.idOrder, total)]).toEqual([guesses.idOrder, true]);
  expect([guesses.idDigit, within(guesses.idDigit, total)]).toEqual([guesses.idDigit, true]);
  expect([guesses.beforeTheOther, within(guesses.beforeTheOther, pairs)]).toEqual([guesses.beforeTheOther, true]);
});
