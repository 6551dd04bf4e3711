import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ExportItem } from '../../../src-main/engine/io/items.ts';
import { SplitPlanner, type SplitPlan } from '../../../src-main/engine/io/split.ts';
import { fingerprint } from '../../../src-main/shared/text/fingerprint.ts';
import type { ExportSettings } from '../../../src-main/shared/contract/exporting.ts';

type Split = NonNullable<ExportSettings['split']>;

const words = 'lamp sea tide mill stone bridge paper salt canal glass fire kiln wheel water dam reed lens smith'.split(
  ' ',
);

/** A passage of random words; the same number is the same text. */
function text(number: number): string {
  let state = number + 1;
  return Array.from({ length: 40 }, () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return words[(state >> 8) % words.length] ?? '';
  }).join(' ');
}

function item(id: string, document: string, body: string, questions = 2): ExportItem {
  return {
    passage: {
      row: 0,
      id,
      documentId: document,
      documentTitle: document,
      title: '',
      language: 'en',
      ownId: null,
      text: body,
      sentences: [],
    },
    questions: Array.from({ length: questions }, (_, index) => ({
      id: `${id}-${index}`,
      question: '?',
      answer: null,
      answers: [],
      impossible: false,
      ownId: null,
      status: 'accepted',
      candidate: null,
    })),
  };
}

/** As the project would give the prints of these items, whose places are their rows. */
function searched(planner: SplitPlanner, items: readonly ExportItem[]): SplitPlan {
  const search = planner.search(
    items.map(({ passage: { row, language, text } }) => ({ row, language, print: fingerprint(text, language) })),
  );
  let next = search.next();
  while (next.done !== true) next = search.next();
  return planner.finish(next.value);
}

function plan(
  items: readonly ExportItem[],
  split: Partial<Split> = {},
): SplitPlan & { of: Map<string, string | null> } {
  const settings = { by: 'document', seed: 1, train: 0.8, dev: 0.1, test: 0.1, ...split } as const;
  const planner = new SplitPlanner(settings, (row) => items[row - 1]?.passage.text ?? '');
  const rows = items.map(({ passage, questions }, index) => ({ passage: { ...passage, row: index + 1 }, questions }));
  for (const entry of rows) planner.add(entry);
  const planned = searched(planner, rows);
  return { ...planned, of: new Map(rows.map(({ passage: { id, row } }) => [id, planned.splitOf(row)])) };
}

const many = Array.from({ length: 200 }, (_, index) => item(`p${index}`, `d${index % 60}`, text(index)));

test('documents stay whole, sizes come near the shares, nothing is lost', () => {
  const { of, splits, shared } = plan(many);
  expect([...of.values()].filter((name) => name !== null)).toHaveLength(200);
  expect(shared).toEqual([]);
  for (const one of many)
    for (const other of many)
      if (one.passage.documentId === other.passage.documentId)
        expect(of.get(one.passage.id)).toBe(of.get(other.passage.id));
  expect(splits.map((split) => split.name)).toEqual(['train', 'validation', 'test']);
  expect(splits.map((split) => split.questions / 400)).toEqual([
    expect.closeTo(0.8, 1),
    expect.closeTo(0.1, 1),
    expect.closeTo(0.1, 1),
  ]);
});

test('the seed decides, not the order of the passages', () => {
  const first = plan(many, { by: 'passage' }).of;
  expect(new Map([...plan([...many].reverse(), { by: 'passage' }).of].sort())).toEqual(new Map([...first].sort()));
  expect(plan(many, { by: 'passage', seed: 2 }).of).not.toEqual(first);
});

test('counts: what they leave over is the test split', () => {
  const { splits } = plan(many, { by: 'passage', train: 300, dev: 40, test: 0 });
  expect(splits.map((split) => split.questions)).toEqual([300, 40, 60]);
  expect(() => plan(many, { train: 0, dev: 0, test: 0 })).toThrow('Every split is empty');
});

test('the same text is one group, a nearly equal one is a leak unless split by cluster', () => {
  const near = many.flatMap((entry, index) => [
    entry,
    item(`n${index}`, `e${index}`, `${entry.passage.text} oil`),
    item(`s${index}`, `f${index}`, entry.passage.text.toUpperCase()),
  ]);
  const byPassage = plan(near, { by: 'passage' });
  expect(byPassage.shared.length).toBeGreaterThan(20);
  for (let index = 0; index < 200; index += 1)
    expect(byPassage.of.get(`s${index}`)).toBe(byPassage.of.get(`p${index}`));
  const byCluster = plan(near, { by: 'cluster' });
  expect(byCluster.shared).toEqual([]);
  expect(byCluster.splits.reduce((sum, split) => sum + split.groups, 0)).toBe(200);
  for (let index = 0; index < 200; index += 1)
    expect(byCluster.of.get(`n${index}`)).toBe(byCluster.of.get(`p${index}`));
});

test('no group is ever shared, whatever the documents, seeds and shares', () => {
  const passage = fc.record({ document: fc.nat(12), body: fc.nat(30), questions: fc.integer({ min: 1, max: 5 }) });
  fc.assert(
    fc.property(
      fc.array(passage, { maxLength: 40 }),
      fc.integer(),
      fc.constantFrom('document', 'cluster'),
      (rows, seed, by) => {
        const items = rows.map((row, index) => item(`p${index}`, `d${row.document}`, text(row.body), row.questions));
        const { of, splits, shared } = plan(items, { by, seed });
        expect([...of.values()].filter((name) => name !== null)).toHaveLength(items.length);
        expect(shared.filter((pair) => by === 'cluster' || pair.similarity === 1)).toEqual([]);
        expect(splits.reduce((sum, split) => sum + split.passages, 0)).toBe(items.length);
        const home = new Map<string, string | null | undefined>();
        for (const { passage: one } of items) {
          const keys = by === 'document' ? [one.documentId, one.text] : [one.text];
          for (const key of keys) {
            if (home.has(key)) expect(of.get(one.id)).toBe(home.get(key));
            home.set(key, of.get(one.id));
          }
        }
      },
    ),
    { numRuns: 100 },
  );
});

test('thousands of texts that are alike are one cluster, compared in passing', () => {
  const forms = Array.from({ length: 3000 }, (_, index) =>
    item(`p${index}`, `d${index}`, `${text(index % 3)} It was sold for ${index * 7919} crowns in the year ${index}.`),
  );
  let read = 0;
  const planner = new SplitPlanner({ by: 'cluster', seed: 1, train: 0.5, dev: 0, test: 0.5 }, (row) => {
    read += 1;
    return forms[row]?.passage.text ?? '';
  });
  const rows = forms.map(({ passage, questions }, row) => ({ passage: { ...passage, row }, questions }));
  for (const entry of rows) planner.add(entry);
  const { splits } = searched(planner, rows);
  expect(splits.reduce((sum, split) => sum + split.groups, 0)).toBe(3);
  expect(read).toBeLessThan(forms.length * 20);
});
