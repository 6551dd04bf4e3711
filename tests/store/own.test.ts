/** Whatever happened before, a round that is made gives nobody a question that they decided, wrote, answered or settled. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writePackage } from '../../src-main/engine/packages/write.ts';
import { addPerson } from '../../src-main/engine/store/people.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { AsklabError } from '../../src-main/shared/errors.ts';
import { Apps, type App } from '../contract/apps.ts';
import { seed } from './seed.ts';

const runs = Number(process.env['OWN_RUNS'] ?? 100);
const questionCount = 12;
const folder = mkdtempSync(join(tmpdir(), 'asklab-own-'));
const apps = new Apps(folder);
const base = join(folder, 'base.asklab');
let app: App;
let people: string[]; // the lead first

beforeAll(() => {
  app = apps.start('lead');
  const project = Project.create(base, { name: 'Lighthouses', person: 'Lena' });
  const items = seed(project, questionCount);
  // Three languages and two difficulties; two questions on each passage.
  const { database } = project;
  items.forEach((item, index) => {
    const language = ['en', 'fr', 'hi'][index % 3];
    const passage = database
      .prepare('SELECT id FROM passages ORDER BY row LIMIT 1 OFFSET ?')
      .pluck()
      .get(index >> 1);
    database.prepare('UPDATE candidates SET passage_id = ?, language = ? WHERE id = ?').run(passage, language, item);
  });
  for (const role of ['annotator', 'checker', 'checker', 'adjudicator'] as const)
    addPerson(database, { name: `${role} ${project.people().length}`, role });
  people = project.people().map((person) => person.id);
  project.close();
});
afterAll(async () => {
  await apps.close();
  rmSync(folder, { recursive: true });
});

const at = <T>(list: readonly T[], place: number): T => list[place % list.length] as T;
const did = fc.record({
  person: fc.nat({ max: 4 }),
  item: fc.nat({ max: 30 }),
  kind: fc.constantFrom('accept', 'edit', 'reject', 'reset', 'write', 'answer', 'tags', 'undo', 'settle', 'return'),
});
const made = fc.record({
  round: fc.constantFrom('review', 'check', 'check', 'adjudicate'),
  people: fc.subarray([0, 1, 2, 3, 4], { minLength: 1 }),
  overlap: fc.integer({ min: 1, max: 5 }),
  count: fc.option(fc.integer({ min: 1, max: questionCount })),
  languages: fc.option(fc.subarray(['en', 'fr', 'hi'] as const, { minLength: 1 })),
  flags: fc.record({
    withRejected: fc.boolean(),
    onlyUnchecked: fc.boolean(),
    balanceLanguages: fc.boolean(),
    balanceDifficulties: fc.boolean(),
  }),
  by: fc.option(fc.nat({ max: 4 })), // only what this person decided
  seed: fc.nat({ max: 1000 }),
  /** What those who got it say of it, in turn. */
  says: fc.array(fc.constantFrom('accept', 'edit', 'reject'), { maxLength: 8 }),
});
type Step = typeof did extends fc.Arbitrary<infer Did> ? Did | RoundOf : never;
const steps = fc.array(fc.oneof({ weight: 3, arbitrary: did }, { weight: 1, arbitrary: made }), {
  minLength: 10,
  maxLength: 40,
});

/** What chance seldom brings: a question is sent back, its author takes the decision back, and it is given out. */
const takenBack: Step[] = [
  { person: 0, item: 0, kind: 'return' },
  ...Array.from({ length: 4 }, () => ({ person: 1, item: 0, kind: 'undo' as const })),
  {
    ...{ round: 'review', people: [1, 2], overlap: 1, count: null, languages: null, by: null, seed: 0, says: [] },
    flags: { withRejected: false, onlyUnchecked: false, balanceLanguages: false, balanceDifficulties: false },
  },
];

/** One history; who worked on what is kept apart from the project's own events. */
class Work {
  readonly project: Project;
  readonly worked = new Map<string, Set<string>>();
  readonly voted = new Map<string, Set<string>>();
  private readonly rounds: string[] = [];

  constructor(project: Project) {
    this.project = project;
  }

  private note(map: Map<string, Set<string>>, item: string, person: string): void {
    map.set(item, (map.get(item) ?? new Set()).add(person));
  }

  private payload(kind: string, item: string): Record<string, unknown> {
    if (kind === 'reject') return { verdict: 'reject', reason: 'trivial' };
    if (kind === 'reset') return { verdict: 'reset' };
    const { original } = this.project.candidate(item);
    return { verdict: 'accept', ...(kind === 'edit' ? { question: `${original} Really?` } : {}) };
  }

  async does({ person: who, item: which, kind }: { person: number; item: number; kind: string }): Promise<void> {
    const { history, database } = this.project;
    const person = at(people, who);
    const items = database.prepare('SELECT id FROM candidates ORDER BY row').pluck().all() as string[];
    const item = at(items, which);
    if (kind === 'undo') {
      const target = history.undoable(person);
      if (target) history.append(person, [{ kind, item: target.group, payload: {} }]);
    } else if (kind === 'tags') {
      history.append(person, [{ kind, item, payload: { type: null, difficulty: at(['easy', 'hard'], which) } }]);
    } else if (kind === 'write') {
      await app.call.projects.usePerson({ id: person });
      const { passageId } = this.project.candidate(item);
      const question = `Does lighthouse number ${items.length} shine?`;
      const { candidates } = await app.call.review.write({ passageId, question });
      for (const { id } of candidates) this.note(this.worked, id, person);
    } else if (kind === 'settle' || kind === 'return') {
      const open = database
        .prepare(
          "SELECT round_id AS round, item FROM round_items JOIN item_states USING (row) WHERE status = 'disputed'",
        )
        .all() as { round: string; item: string }[];
      if (open.length === 0) return;
      const { round, item: disputed } = at(open, which);
      const first = this.project.rounds.item(round, disputed).hidden['first'] as { person: string } | undefined;
      const payload = kind === 'settle' ? this.payload('accept', disputed) : { to: first?.person, note: 'Again.' };
      if (kind === 'return' && !first) return;
      history.append(at(people, 0), [{ kind, item: disputed, payload }], round);
      this.note(this.worked, disputed, at(people, 0));
    } else {
      const answer = { answer: { start: 0, end: 10 } };
      if (kind === 'answer') history.append(person, [{ kind, item, payload: answer }]);
      else history.append(person, [{ kind: 'decide', item, payload: this.payload(kind, item) }]);
      this.note(this.worked, item, person);
    }
  }

  /** Four questions on which two checkers differ, so that there is something to adjudicate. */
  async begins(): Promise<void> {
    for (let item = 0; item < 4; item += 1) await this.does({ person: 1, item, kind: 'accept' });
    const [none, says] = [{ languages: null, by: null, count: null }, Array(4).fill(['accept', 'reject']).flat()];
    const flags = { withRejected: true, onlyUnchecked: true, balanceLanguages: true, balanceDifficulties: false };
    await this.makes({ ...none, round: 'check', people: [2, 3], overlap: 2, seed: 1, flags, says });
  }

  /** Makes a round through the service and looks at everything that was given out. */
  async makes({ round: kind, people: who, by, languages, flags, says, ...rest }: RoundOf): Promise<string> {
    const chosen = who.map((place) => at(people, place));
    const filter = {
      ...(languages ? { languages } : {}),
      ...(by === null ? {} : { people: [at(people, by)] }),
    };
    const selection = { kind, people: chosen, filter, ...flags, ...rest };
    const returned = (item: string): string | null => this.project.history.derive(item).returned?.to ?? null;
    const sentBack = new Map(this.numbered().map(([id]) => [id, returned(id)]));
    let roundId: string;
    try {
      roundId = (await app.call.rounds.create({ ...selection, name: kind })).id;
    } catch (error) {
      if (error instanceof AsklabError && error.code === 'invalid-input') return 'nothing to give';
      throw error;
    }
    this.rounds.push(roundId);
    const given = this.project.database
      .prepare('SELECT item, person FROM assignments WHERE round_id = ? ORDER BY item, person')
      .all(roundId) as { item: string; person: string }[];
    expect(given.length).toBeGreaterThan(0);
    const own = (item: string, person: string): boolean =>
      this.worked.get(item)?.has(person) === true ||
      (kind === 'adjudicate' && this.voted.get(item)?.has(person) === true);
    for (const { item, person } of given) {
      expect(chosen).toContain(person);
      // A question that was sent back comes to its author alone, in a review.
      const author = kind === 'review' ? (sentBack.get(item) ?? null) : null;
      if (author !== null && own(item, person)) expect(person).toBe(author);
      else expect([item, person, own(item, person)]).toEqual([item, person, false]);
    }
    for (const [item, list] of Map.groupBy(given, (one) => one.item)) {
      const able = chosen.filter((person) => !own(item, person)).length;
      const wanted = kind === 'adjudicate' ? 1 : rest.overlap;
      expect(new Set(list.map((one) => one.person)).size).toBe(list.length);
      if (sentBack.get(item) === null) expect(list).toHaveLength(Math.min(wanted, able));
      else expect(list.length).toBeLessThanOrEqual(wanted);
    }
    this.reads(roundId, given);
    given.slice(0, says.length).forEach(({ item, person }, index) => {
      const payload = this.payload(at(says, index), item);
      this.project.history.append(person, [{ kind: 'decide', item, payload }], roundId);
      this.note(kind === 'check' ? this.voted : this.worked, item, person);
    });
    return kind;
  }

  /** Every question by its number. */
  private numbered(): [id: string, number: number][] {
    const rows = this.project.database.prepare('SELECT id, original FROM candidates').all() as Record<string, string>[];
    return rows.map(({ id = '', original = '' }) => [id, Number(/\d+/.exec(original)?.[0])]);
  }

  /** What a person's package shows is what was given to that person, by its number. */
  private reads(roundId: string, given: readonly { item: string; person: string }[]): void {
    const numbers = new Map(this.numbered());
    for (const [person, list] of Map.groupBy(given, (one) => one.person)) {
      const lines = strFromU8(
        unzipSync(writePackage(this.project, roundId, person))['items.jsonl'] ?? new Uint8Array(),
      );
      const shown = lines
        .trim()
        .split('\n')
        .map((line) =>
          Number(/number (\d+)/.exec((JSON.parse(line) as { shown: { question: string } }).shown.question)?.[1]),
        );
      expect(shown.sort()).toEqual(list.map(({ item }) => numbers.get(item) ?? -1).sort());
    }
  }
}
type RoundOf = typeof made extends fc.Arbitrary<infer Value> ? Value : never;

test(
  `in ${runs} histories of five people no round of review, check or adjudication gives anybody an own question`,
  { timeout: 60_000 + runs * 5_000 },
  async () => {
    const seen = new Map<string, number>();
    let turn = 0;
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const path = join(folder, `run ${(turn += 1)}.asklab`);
        copyFileSync(base, path);
        await app.call.projects.open({ path });
        const project = app.engine.project();
        if (!project) throw new Error('No project.');
        project.database.pragma('synchronous = OFF');
        const work = new Work(project);
        await work.begins();
        for (const one of list) {
          if ('kind' in one) await work.does(one);
          else {
            const kind = await work.makes(one);
            seen.set(kind, (seen.get(kind) ?? 0) + 1);
          }
        }
        await app.call.projects.close({});
        rmSync(path);
      }),
      // A failure is made smaller for so long; what was found by then is told.
      {
        numRuns: runs,
        examples: [[takenBack]],
        interruptAfterTimeLimit: 30_000 + runs * 4_000,
        markInterruptAsFailure: true,
      },
    );
    if (runs >= 100)
      for (const kind of ['review', 'check', 'adjudicate'])
        expect([kind, (seen.get(kind) ?? 0) > 5]).toEqual([kind, true]);
  },
);
