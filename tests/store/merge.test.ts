/** What five people do in reviews, checks, adjudications and campaigns merges to one state, however it comes together. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mergeReturn, writeReturn } from '../../src-main/engine/packages/returned.ts';
import { seededRandom } from '../../src-main/engine/statistics/random.ts';
import type { Project } from '../../src-main/engine/store/project.ts';
import { Office, leadKinds, workKinds, type LeadStep, type WorkStep } from './office.ts';

const runs = Number(process.env['MERGE_RUNS'] ?? 100);
let folder: string;
let office: Office;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-merge-'));
  office = await Office.found(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const workStep: fc.Arbitrary<WorkStep> = fc.record({
  desk: fc.nat(), // one of the packages
  item: fc.nat({ max: 9 }),
  kind: fc.constantFrom(...workKinds),
});
const leadStep: fc.Arbitrary<LeadStep> = fc.record({
  person: fc.nat({ max: 9 }),
  item: fc.nat({ max: 9 }),
  early: fc.boolean(), // which of the two checks
  lead: fc.constantFrom(...leadKinds),
});
/** A file that is given back; at times it is merged at once, so that what the lead does next follows it. */
const give = fc.record({ gives: fc.nat(), merged: fc.boolean() });
const step = fc.oneof({ weight: 6, arbitrary: workStep }, { weight: 3, arbitrary: leadStep }, give);

/** What chance seldom brings: a question is sent back, and its author answers. */
const sentBack = { person: 1, item: 0, early: true } as const;
const answered = [
  { ...sentBack, lead: 'return' as const },
  { ...sentBack, lead: 'correct' as const },
];

/** Everything that follows from events, and the events. */
function state(project: Project): unknown {
  const all = (sql: string): unknown[] => project.database.prepare(sql).all();
  return {
    events: all('SELECT * FROM events ORDER BY id'),
    votes: all('SELECT * FROM round_states ORDER BY round_id, item, person'),
    items: all('SELECT round_id, item, status FROM round_items JOIN item_states USING (row) ORDER BY round_id, item'),
    questions: all('SELECT id, language, sentence FROM candidates ORDER BY id'),
    states: all('SELECT * FROM states ORDER BY candidate_id'),
    passages: all('SELECT id, language, words, sentences, candidates, undecided, accepted FROM passages ORDER BY id'),
    counts: project.counts(),
  };
}

test(
  `histories of five people merge to one state in any order, grouping and number of times; no event is lost (${runs} histories)`,
  { timeout: 60_000 + runs * 5_000 },
  () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 8, maxLength: 50 }), fc.nat(), (steps, seed) => {
        const random = seededRandom(seed);
        const shuffled = <T>(values: readonly T[]): T[] =>
          values
            .map((value) => ({ value, key: random() }))
            .sort((left, right) => left.key - right.key)
            .map(({ value }) => value);
        const day = office.begin();
        const files: Uint8Array[] = [];
        for (const one of steps) {
          if ('gives' in one) {
            const desk = day.desk(one.gives);
            files.push(writeReturn(desk));
            if (one.merged) mergeReturn(day.lead, files.at(-1) ?? new Uint8Array());
          } else if ('lead' in one) day.leads(one);
          else day.works(one);
        }
        const written = new Set(day.lead.history.all().map((event) => event.id));
        for (const desk of day.desks.values()) {
          files.push(writeReturn(desk));
          for (const event of desk.history.all()) written.add(event.id);
        }
        const own = day.lead.history.all();
        const [one, two, three, four] = [day.copy(), day.copy(), day.copy(), day.copy()];
        // In the order they came, then what the lead did.
        for (const file of files) mergeReturn(one, file);
        one.history.merge(own);
        // In any order, each twice, the lead's events one by one or in parts between them.
        const parts = shuffled([...files, ...files]).map((file) => ({ file, events: [] as typeof own }));
        const late = { file: null, events: [] as typeof own };
        for (const event of shuffled(own))
          [...parts, late][Math.floor(random() * (parts.length + 1))]?.events.push(event);
        for (const { file, events } of [...parts, late]) {
          if (file) mergeReturn(two, file);
          two.history.merge(events);
        }
        // Grouped: two copies take a half each, then one takes what the other has; the lead takes what is left.
        const half = Math.floor(random() * files.length);
        for (const file of files.slice(half)) mergeReturn(three, file);
        for (const file of files.slice(0, half)) mergeReturn(four, file);
        four.history.merge(own);
        three.history.merge(shuffled(four.history.all()));
        for (const file of shuffled(files)) mergeReturn(day.lead, file);

        const merged = state(one);
        for (const other of [two, three, day.lead]) expect(state(other)).toEqual(merged);
        const stored = one.history.all();
        expect(new Set(stored.map((event) => event.id))).toEqual(written);
        expect(one.history.merge(shuffled(stored))).toBe(0);
        for (const file of files) expect(mergeReturn(one, file).added).toBe(0);
        one.history.rebuild();
        expect(state(one)).toEqual(merged);
        for (const { kind, round } of stored) {
          const key = `${office.kindOf(round)} ${kind}`;
          seen.set(key, (seen.get(key) ?? 0) + 1);
        }
        for (const { status } of (merged as { items: { status: string }[] }).items)
          seen.set(status, (seen.get(status) ?? 0) + 1);
        day.end();
      }),
      // A failure is made smaller for so long; what was found by then is told.
      {
        numRuns: runs,
        examples: [[answered, 1]],
        interruptAfterTimeLimit: 30_000 + runs * 4_000,
        markInterruptAsFailure: true,
      },
    );
    // The histories hold what they are about.
    const kinds = ['review', 'check', 'adjudicate'].flatMap((round) => [`${round} decide`, `${round} flag`]);
    const others = [
      'score score',
      'check settle',
      'check return',
      'lead decide',
      'lead tags',
      'lead answer',
      'lead aside',
      'passages language',
      'passages sentences',
    ];
    const statuses = ['open', 'agreed', 'disputed', 'returned', 'corrected', 'settled', 'done'];
    if (runs >= 100)
      for (const key of [...kinds, ...others, ...statuses]) expect([key, seen.has(key)]).toEqual([key, true]);
  },
);
