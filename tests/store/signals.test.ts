/** What is said of a question beside the project's others, and the filters and orders by numbers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { importFile } from '../../src-main/engine/io/import.ts';
import { ImportJournal } from '../../src-main/engine/io/journal.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import type { Candidate, CandidateFilter } from '../../src-main/shared/contract/types.ts';
import { questionBands, questionPrint, similarity } from '../../src-main/shared/text/fingerprint.ts';
import { randomNumbers, row } from '../bench/store/corpus.ts';
import { caller } from './campaign.ts';
import { seed } from './seed.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-signals-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function make(): Project {
  return Project.create(join(folder, 'p.asklab'), { name: 'P', person: 'Ada' });
}
const questionsOf = (project: Project): Candidate[] =>
  [...project.passageIds({})].flatMap((id) => project.candidates(id));

async function bring(
  project: Project,
  rows: [text: string, question: string][],
  journal?: ImportJournal,
): Promise<unknown> {
  const text = rows.map(([passage, question]) => JSON.stringify({ text: passage, question, lang: 'en' })).join('\n');
  const options = { format: 'jsonl', questionsAs: 'candidates' } as const;
  return importFile(project, { text, title: 'rows.jsonl' }, options, (problem) => expect(problem).toBeNull(), {
    ...(journal ? { journal } : {}),
  });
}

describe('copies among the questions of a project', () => {
  const rows: [string, string][] = [
    ['The lamp of Cordouan burned oil all night.', 'What did the lamp of Cordouan burn all night?'],
    ['A lens was made by Fresnel in Paris in 1823.', 'Who made a lens in Paris in the year 1823?'],
    ['At Cordouan the lamp burned oil, night after night.', 'What did the lamp of Cordouan burn at night?'],
    ['The keeper climbed the stairs twice a day.', 'what did the lamp of Cordouan burn all night'],
  ];

  test('an imported question says which earlier one it repeats, and which it is nearly like', async () => {
    const project = make();
    await bring(project, rows);
    const [first, second, near, same] = questionsOf(project);
    expect(near?.signals).toMatchObject({ duplicateOf: null, nearOf: first?.id });
    expect(same?.signals).toMatchObject({ duplicateOf: first?.id });
    expect([first, second, same].map((one) => one?.signals.nearOf ?? null)).toEqual([null, null, null]);
    const bits = project.database.prepare('SELECT count(*) FROM facets WHERE bits & ? <> 0').pluck();
    expect(bits.get(2 ** 19)).toBe(1);
    project.close();
  });

  test('a later import, a person and another program find them too', async () => {
    const path = join(folder, 'p.asklab');
    const project = make();
    await bring(project, rows.slice(0, 1));
    project.close();
    const again = Project.open(path);
    await bring(again, rows.slice(1, 3));
    expect(questionsOf(again).at(-1)?.signals.nearOf).toBe(questionsOf(again)[0]?.id);
    again.close();
    const engine = createEngine({ userData: join(folder, 'user'), resources: 'resources', emit: () => undefined });
    const call = caller(engine);
    await call('projects', 'open', { path });
    const [passageId] = engine.project()?.passageIds({}) ?? [];
    const question = 'Who made the lens in Paris in the year 1823?';
    const { candidates } = await call<{ candidates: Candidate[] }>('review', 'write', { passageId, question });
    expect(candidates[0]?.signals.nearOf).toEqual(expect.any(String));
    await engine.close();
  });

  test('questions of an older file are compared when the next ones come; what a cancelled import brought is forgotten', async () => {
    const project = make();
    await bring(project, rows.slice(0, 1));
    project.database.exec("DELETE FROM question_prints; DELETE FROM project WHERE key = 'questions-compared'");
    seed(project, 3);
    const job = project.jobs.create({ kind: 'import', title: 'Import', total: null, settings: {} });
    const journal = new ImportJournal(project, job.id);
    await bring(project, rows.slice(1), journal);
    const [older] = questionsOf(project);
    expect(questionsOf(project).at(-2)?.signals.nearOf).toBe(older?.id);
    await journal.undo(async () => undefined);
    // The rows of the first import are given out again.
    await bring(project, [['A keeper lived there.', 'Which birds nest upon the northern rocks?'], ...rows.slice(2, 3)]);
    const nears = questionsOf(project).map(({ signals }) => signals.nearOf ?? null);
    expect(nears.slice(-2)).toEqual([null, older?.id]);
    project.close();
  });

  test('nearly all questions of similarity 0.8 share a band of their prints, in five languages', () => {
    const random = randomNumbers(3);
    let [alike, shared] = [0, 0];
    for (let index = 0; index < 5000; index += 1) {
      const [question = ''] = row(index, 1).questions;
      const language = (['en', 'zh', 'ko', 'fr', 'hi'] as const)[index % 5] ?? 'en';
      const at = Math.floor(random() * question.length);
      const other = question.slice(0, at) + question.slice(at + 1 + Math.floor(random() * 6));
      if (similarity(question, other, language) < 0.8) continue;
      alike += 1;
      const [one, two] = [questionPrint(question, language), questionPrint(other, language)];
      shared += Number(Array.from({ length: questionBands }, (_, band) => one[band] === two[band]).some(Boolean));
    }
    expect(alike).toBeGreaterThan(1000);
    expect(shared / alike).toBeGreaterThan(0.97);
  });
});

describe('filters and orders by log-probability and length', () => {
  let engine: Engine;
  let call: ReturnType<typeof caller>;
  let all: { passage: number; candidate: Candidate }[];

  beforeEach(async () => {
    const project = make();
    const random = randomNumbers(11);
    seed(project, 60);
    const ids = [...project.passageIds({})];
    for (const [index, passageId] of ids.entries()) {
      const lengths = Array.from({ length: index % 4 }, () => 3 + Math.floor(random() * 12));
      const made = lengths.map((length, at) => ({
        passageId,
        original: `Why ${'lamp '.repeat(length - 2)}${index} ${at}?`,
        focus: null,
        sentence: null,
        answer: null,
        score: random() < 0.2 ? null : -Math.floor(random() * 40) / 10,
        signals: { ...(project.candidates(passageId)[0] as Candidate).signals, length },
        lineage: (project.candidates(passageId)[0] as Candidate).lineage,
        asideReasons: [],
      }));
      project.addCandidates(passageId, made);
    }
    all = ids.flatMap((id, passage) => project.candidates(id).map((candidate) => ({ passage, candidate })));
    project.close();
    engine = createEngine({ userData: join(folder, 'user'), resources: 'resources', emit: () => undefined });
    call = caller(engine);
    await call('projects', 'open', { path: join(folder, 'p.asklab') });
  });
  afterEach(() => engine.close());

  type Item = { passage: { id: string; position: number }; at: number | null };
  /** The whole queue forwards, then all of it backwards. */
  async function walk(filter: CandidateFilter): Promise<{ forwards: number[]; backwards: number[]; total: number }> {
    const { items, total, position } = await call<{ items: Item[]; total: number; position: number }>(
      'review',
      'queue',
      { filter, limit: 1 },
    );
    const step = async (from: Item, way: 'next' | 'previous'): Promise<Item[]> =>
      call('review', 'neighbours', { filter, of: from.passage.id, at: from.at, step: way, limit: 3 });
    const seen = [...items];
    expect(position).toBe(Math.min(1, total));
    for (let last = items[0]; last !== undefined;) {
      const more: Item[] = await step(last, 'next');
      seen.push(...more);
      last = more.at(-1);
    }
    const back: Item[] = [];
    for (let last = seen.at(-1); last !== undefined;) {
      const more: Item[] = await step(last, 'previous');
      back.push(...more);
      last = more.at(-1);
    }
    const places = (list: Item[]): number[] => list.map((item) => item.passage.position - 1);
    return { forwards: places(seen), backwards: places(back), total };
  }

  const numberOf = { score: ({ score }: Candidate) => score ?? 1, short: lengthOf, long: lengthOf };
  function lengthOf({ signals }: Candidate): number {
    return signals.length;
  }
  const wanted: [CandidateFilter, (candidate: Candidate) => boolean][] = [
    [{}, () => true],
    [{ scoreFrom: -2 }, ({ score }) => score !== null && score >= -2],
    [{ scoreTo: -1.5, lengthFrom: 5 }, ({ score, signals }) => score !== null && score <= -1.5 && signals.length >= 5],
    [{ lengthTo: 8, statuses: ['undecided'] }, ({ signals }) => signals.length <= 8],
    [{ search: 'lamp', lengthFrom: 4 }, ({ original, signals }) => original.includes('lamp') && signals.length >= 4],
  ];
  test.each(wanted)('%j: what fits, each passage once, in reading order and in three others', async (filter, fits) => {
    const fitting = all.filter(({ candidate }) => fits(candidate));
    const passages = [...new Set(fitting.map(({ passage }) => passage))];
    expect(passages.length).toBeGreaterThan(5);
    const read = await walk(filter);
    expect(read.forwards).toEqual(passages);
    for (const order of ['score', 'short', 'long'] as const) {
      const sign = order === 'long' ? -1 : 1;
      const sorted = fitting
        .map(({ passage, candidate }) => ({ passage, at: sign * numberOf[order](candidate) }))
        .sort((left, right) => left.at - right.at || sign * (left.passage - right.passage));
      const expected = [...new Set(sorted.map(({ passage }) => passage))];
      const { forwards, backwards, total } = await walk({ ...filter, order });
      expect({ order, forwards }).toEqual({ order, forwards: expected });
      expect(backwards).toEqual(expected.toReversed().slice(1));
      expect(total).toBe(expected.length);
      const listed: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null;) {
        const page: { rows: Candidate[]; next: string | null } = await call('review', 'list', {
          filter: { ...filter, order },
          cursor,
          limit: 7,
        });
        listed.push(...page.rows.map(({ id }) => id));
        cursor = page.next;
      }
      const at = new Map(fitting.map(({ candidate }) => [candidate.id, sign * numberOf[order](candidate)]));
      expect(listed).toHaveLength(fitting.length);
      expect(listed.map((id) => at.get(id))).toEqual([...at.values()].sort((left, right) => left - right));
    }
  });

  test('deciding moves a passage, but the queue goes on from where it was shown', async () => {
    const filter: CandidateFilter = { order: 'score', statuses: ['undecided'] };
    const queue = await call<{ items: (Item & { candidates: Candidate[] })[] }>('review', 'queue', {
      filter,
      limit: 3,
    });
    const [first, second] = queue.items;
    const least = first?.candidates.toSorted((left, right) => (left.score ?? 1) - (right.score ?? 1))[0];
    await call('review', 'decide', { candidateId: least?.id, verdict: 'accept' });
    const of = { filter, of: first?.passage.id, at: first?.at, step: 'next' };
    const [next] = await call<Item[]>('review', 'neighbours', of);
    expect(next?.passage.id).toBe(second?.passage.id);
  });

  test('the orders are walked along their indices, nothing is sorted', () => {
    const plans = engine
      .project()
      ?.database.prepare(
        'EXPLAIN QUERY PLAN SELECT f.score, f.passage FROM facets f INDEXED BY facets_score WHERE f.bits & 32 = 32 AND (f.score, f.passage) > (?, ?) ORDER BY f.score, f.passage LIMIT ?',
      )
      .all(-3, 0, 5) as { detail: string }[];
    expect(plans.map(({ detail }) => detail).join('\n')).toMatch(/COVERING INDEX facets_score \(/u);
    expect(plans.map(({ detail }) => detail).join('\n')).not.toContain('TEMP B-TREE');
  });
});
