/** Order and ids tell no better than chance which system wrote a question, or what the first person said of it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CampaignOutputs, hiddenOf } from '../../src-main/engine/campaigns/campaign.ts';
import { openCampaign, startCampaign } from '../../src-main/engine/campaigns/prepare.ts';
import { rulesGenerator } from '../../src-main/engine/generate/generators.ts';
import { writePackage } from '../../src-main/engine/packages/write.ts';
import { createRound } from '../../src-main/engine/rounds/create.ts';
import { seededRandom } from '../../src-main/engine/statistics/random.ts';
import { uuidV7 } from '../../src-main/engine/store/ids.ts';
import { addPerson } from '../../src-main/engine/store/people.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { campaignSettings, type CampaignSettings } from '../../src-main/shared/contract/campaigns.ts';
import { selection } from '../../src-main/shared/contract/rounds.ts';
import { criteria } from './campaign.ts';
import { Guesser, shownIn, sights, type Shown } from './guess.ts';

const packages = 1000;
/** What is guessed, by the rounds below: a system in two layouts, rank and verdict in two kinds. */
const targets = 5;
/** All guessers of all targets together raise a false alarm in fewer than one of 10,000 runs. */
const limit = Math.log(10_000 * targets * (Object.keys(sights).length + 1));
/** Three systems in each of their orders. */
const orders = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

let folder: string;
let project: Project;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-guess-'));
  project = Project.create(join(folder, 'lead.asklab'), { name: 'Study', person: 'Lena' });
});
afterEach(() => {
  project.close();
  rmSync(folder, { recursive: true });
});

const guessersOf = (): Guesser[] => Object.entries(sights).map(([name, sight]) => new Guesser(name, sight));

function expectChance(guessers: readonly Guesser[]): void {
  for (const guesser of guessers) {
    const { name, hits, guesses } = guesser;
    expect(guesses, name).toBeGreaterThanOrEqual(packages);
    expect(guesser.surprise(1 / 3), `${name}: ${hits} of ${guesses}`).toBeLessThan(limit);
  }
}

/** Passages of three sentences; what the questions of one ask about is in all orders, so that no text tells its writer. */
function addPassages(count: number): { id: string; place: number }[] {
  const documentId = project.addDocument({ key: 'one', title: 'One', source: 'one.txt' });
  return Array.from({ length: count }, (_, place) => {
    const parts = [
      `Harbour ${place} lies below a cliff.`,
      'Its lighthouse is white.',
      `A keeper counts ${place} boats.`,
    ];
    const text = parts.join(' ');
    const sentences = parts.map((part) => ({ start: text.indexOf(part), end: text.indexOf(part) + part.length }));
    const passage = { documentId, position: place + 1, text, title: `Harbour ${place}`, language: 'en' as const };
    return { id: project.addPassage({ ...passage, sentences, words: 15, externalId: `p${place}` }).id, place };
  });
}
const wordings = [
  (place: number) => `What does harbour ${place} lie below, a cliff?`,
  (place: number) => `Which colour is the white lighthouse of ${place}?`,
  (place: number) => `Who counts the boats, the keeper of ${place}?`,
];
const wording = (place: number, which: number): string => wordings[which]?.(place) ?? '';

/** The bytes of a package of a new campaign, which is taken back, so that the thousandth is as quick as the first. */
function campaignPackage(settings: CampaignSettings, written: (passage: string) => string): Uint8Array {
  let packed: Uint8Array = new Uint8Array();
  expect(() =>
    project.transaction(() => {
      const { id } = startCampaign(project, settings, () => rulesGenerator);
      const { sample } = hiddenOf(project, id);
      new CampaignOutputs(project, id).add('Generator', new Map(sample.map((one) => [one, written(one)])));
      openCampaign(project, id);
      packed = writePackage(project, id, project.people().find(({ name }) => name === 'Ana')?.id ?? '');
      throw new Error('taken back');
    }),
  ).toThrow('taken back');
  return packed;
}

test.each(['question', 'passage'] as const)(
  `a system can't be told in ${packages} packages to score, by the layout "%s", of several passages, some questions twice`,
  { timeout: 300_000 },
  (layout) => {
    const passages = addPassages(24);
    const outputs = join(folder, 'outputs.jsonl');
    const systemOf = new Map<string, number>();
    const own = (place: number, system: number): string => {
      const text = wording(place, orders[place % orders.length]?.[system] ?? 0);
      systemOf.set(text, system);
      return text;
    };
    writeFileSync(
      outputs,
      passages.map(({ place }) => JSON.stringify({ id: `p${place}`, output: own(place, 1) })).join('\n'),
    );
    const byPassage = new Map(passages.map(({ id, place }) => [id, own(place, 0)]));
    const reference = project.database.prepare('INSERT INTO references_ (id, passage_id, question) VALUES (?, ?, ?)');
    for (const { id, place } of passages) reference.run(`r${place}`, id, own(place, 2));
    const settings = campaignSettings.parse({
      name: 'Autumn study',
      systems: [
        { name: 'Generator', source: { kind: 'generator', generator: rulesGenerator.id } },
        { name: 'File', source: { kind: 'file', path: outputs } },
        { name: 'Writers', source: { kind: 'reference' } },
      ],
      languages: ['en'],
      perLanguage: 6,
      criteria,
      repeats: 4,
      layout,
      raters: ['Ana', 'Bo'].map((name) => ({ name, languages: ['en'] })),
    });
    addPerson(project.database, { name: 'Ana', role: 'checker' });
    const guessers = [
      ...guessersOf(),
      new Guesser('alphabet', (one, all) => all.filter(({ question }) => question < one.question).length),
    ];
    const ids = new Set<string>();
    for (let seed = 0; seed < packages; seed += 1) {
      const seen = shownIn(campaignPackage({ ...settings, seed }, (passage) => byPassage.get(passage) ?? ''));
      expect([seen.shown.length, seen.shown.filter(({ again }) => again).length]).toEqual([18, 4]);
      for (const { id } of seen.shown) ids.add(id);
      for (const guesser of guessers) guesser.guess(seen, ({ question }) => systemOf.get(question) === 0);
    }
    expect(ids.size).toBe(18 * packages); // no id comes again
    expectChance(guessers);
  },
);

/** Three questions on each of twelve passages: the model's first asks about the first sentence, and so on. */
function addQuestions(): { rankOf: Map<string, number>; ids: string[][] } {
  const rankOf = new Map<string, number>();
  const ids = addPassages(12).map(({ id, place }) =>
    [0, 1, 2].map((rank) => {
      const original = wording(place, rank);
      rankOf.set(original, rank);
      const lineage = {
        ...{ generator: 'model', generatorName: 'Model', hash: 'f00d', provider: 'cpu', decoding: null, seed: 1 },
        ...{ rank, score: -rank, raw: original, jobId: null },
      };
      const signals = {
        ...{ length: 20, copiedShare: 0, endsAsQuestion: true, hasQuestionWord: true, unfinished: false },
        ...{ repeatedNgram: false, languageMismatch: false, duplicateOf: null },
      };
      const candidate = { passageId: id, original, focus: null, sentence: rank, answer: null, score: -rank };
      return project.addCandidate({ ...candidate, signals, lineage, asideReasons: [] }).id;
    }),
  );
  return { rankOf, ids };
}

async function roundPackages(kind: 'check' | 'review', each: (bytes: Uint8Array) => void): Promise<void> {
  const person = addPerson(project.database, { name: 'Ana', role: 'checker' });
  const chosen = selection.parse({ kind, people: [person] });
  const round = await createRound(project, chosen, { name: 'Autumn', practice: [] }, new AbortController().signal);
  project.transaction(() => {
    for (let turn = 0; turn < packages; turn += 1) each(writePackage(project, round.id, person));
  });
}

test(`the model's first question can't be told in ${packages} packages to review`, { timeout: 300_000 }, async () => {
  const { rankOf } = addQuestions();
  const guessers = guessersOf();
  await roundPackages('review', (bytes) => {
    const seen = shownIn(bytes);
    expect(seen.shown).toHaveLength(36);
    for (const guesser of guessers) guesser.guess(seen, ({ question }) => rankOf.get(question) === 0);
  });
  expectChance(guessers);
});

test(
  `neither the model's first question nor the one that was rejected can be told in ${packages} packages to check`,
  { timeout: 300_000 },
  async () => {
    const { rankOf, ids } = addQuestions();
    const rejected = new Set<string>();
    ids.forEach((own, place) =>
      orders[place % orders.length]?.forEach((rank, verdict) => {
        const item = own[rank] ?? '';
        const payloads = [{ verdict: 'accept' }, { verdict: 'accept', question: `${wording(place, rank)} Really?` }];
        const payload = payloads[verdict] ?? { verdict: 'reject', reason: 'trivial' };
        if (verdict === 2) rejected.add(wording(place, rank));
        if (verdict === 1) rankOf.set(`${wording(place, rank)} Really?`, rank);
        project.history.append(project.person().id, [{ kind: 'decide', item, payload }]);
      }),
    );
    const [byRank, byVerdict] = [guessersOf(), guessersOf()];
    await roundPackages('check', (bytes) => {
      const seen = shownIn(bytes);
      expect(seen.shown).toHaveLength(36);
      for (const guesser of byRank) guesser.guess(seen, ({ question }) => rankOf.get(question) === 0);
      for (const guesser of byVerdict) guesser.guess(seen, ({ question }) => rejected.has(question));
    });
    expectChance([...byRank, ...byVerdict]);
  },
);

test('the guessers find a system where order or ids tell it', () => {
  const random = seededRandom(3);
  const tells: Record<string, (system: number, lot: number) => Partial<Shown>> = {
    order: (system) => ({ at: system }),
    'the order the other way round': (system) => ({ at: -system }),
    time: (system, lot) => ({ id: uuidV7(1_700_000_000_000 + 60 * lot + system), at: Math.floor(random() * 100) }),
    'a digit of the id': (system) => ({ id: `${Math.floor(random() * 1e9)}${system}` }),
    'a repeat': (system) => ({ again: system === 0 }),
  };
  const chance = (): Shown => ({
    id: Math.floor(random() * 2 ** 48).toString(16),
    ...{ passage: 'one', question: '', at: random(), again: false },
  });
  for (const [name, tell] of Object.entries(tells)) {
    const guessers = guessersOf();
    for (let lot = 0; lot < 200; lot += 1) {
      const shown = [0, 1, 2].map((system) => ({ ...chance(), question: String(system), ...tell(system, lot) }));
      shown.sort(() => random() - 0.5);
      for (const guesser of guessers) guesser.guess({ shown, passages: ['one'] }, ({ question }) => question === '0');
    }
    expect(Math.max(...guessers.map((guesser) => guesser.surprise(1 / 3))), name).toBeGreaterThan(limit);
  }
});
