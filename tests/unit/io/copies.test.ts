import { afterAll, expect, test } from 'vitest';
import { Importer } from '../../../src-main/engine/io/import.ts';
import { ImportJournal } from '../../../src-main/engine/io/journal.ts';
import type { Project } from '../../../src-main/engine/store/project.ts';
import { fingerprint } from '../../../src-main/shared/text/fingerprint.ts';
import { row } from '../../bench/store/corpus.ts';
import { take, workplace } from './project.ts';

const place = workplace();
afterAll(() => place.close());

const lighthouse =
  'The lighthouse of Cordouan was built between 1584 and 1611 on a rock seven kilometres out at sea. Its lamp burns oil.';
const almost = lighthouse.replace('1611', '1612');
const other = 'Penguins cross the ice in groups of forty, and the last of them turns back when the wind changes.';

const jsonl = (...rows: object[]): string => rows.map((one) => JSON.stringify(one)).join('\n');
const prints = (project: Project): number =>
  project.database.prepare('SELECT count(*) FROM prints').pluck().get() as number;

test('a text that the project has under another document is reported as a copy, one nearly like it as near', async () => {
  const project = place.project();
  await take(project, place.file('one.jsonl', jsonl({ document: 'Lamps', text: lighthouse })));
  const source = place.file(
    'two.jsonl',
    jsonl(
      { document: 'Towers', text: lighthouse.toUpperCase() },
      { document: 'Towers', text: almost },
      { document: 'Towers', text: other },
    ),
  );
  const { imported } = await take(project, source);
  expect(imported).toMatchObject({ passages: 3, duplicates: 1, nearDuplicates: 1 });
  const [first] = project.passageIds({});
  expect(imported.pairs.map(({ left, similarity }) => [left, similarity === 1])).toEqual([
    [first, true],
    [first, false],
  ]);
  // The same rows once more are the same passages, and no news.
  const again = await take(project, source);
  expect(again.imported).toMatchObject({ passages: 0, duplicates: 3, nearDuplicates: 0, pairs: [] });
});

test('a passage that stands in two files of one import is one passage, and a copy the second time', async () => {
  const project = place.project();
  const importer = new Importer(project, {}, () => undefined, {});
  await importer.take(place.file('left.jsonl', jsonl({ document: 'Ice', text: other })));
  await importer.take(place.file('right.jsonl', jsonl({ document: 'Ice', text: other }, { text: lighthouse })));
  expect(importer.imported).toMatchObject({ passages: 2, duplicates: 1 });
  expect(project.counts().passages).toBe(2);
});

test('an older project, whose prints are missing, is compared with all the same', async () => {
  const project = place.project();
  await take(project, place.file('old.jsonl', jsonl({ document: 'Lamps', text: lighthouse }, { text: other })));
  project.database.exec('DELETE FROM prints');
  const { imported } = await take(project, place.file('new.jsonl', jsonl({ document: 'New', text: almost })));
  expect(imported).toMatchObject({ passages: 1, nearDuplicates: 1 });
  expect(prints(project)).toBe(3);
  project.database.exec("UPDATE passages SET language = 'fr' WHERE row = 1");
  expect(prints(project)).toBe(2);
  expect([...project.prints()][0]?.print).toEqual(fingerprint(lighthouse, 'fr'));
  expect(prints(project)).toBe(3);
});

test('an import that was stopped and goes on says in the end what one that was not would say', async () => {
  const rows = Array.from({ length: 1500 }, (_, index) => ({ document: `d${index % 9}`, ...row(index, 1) }));
  const copies = rows.slice(0, 40).map((one, index) => ({ ...one, document: `copy ${index}` }));
  const source = place.file('long.jsonl', jsonl(...rows, ...copies, ...rows.slice(0, 7)));
  const options = { questionsAs: 'candidates' } as const;
  const run = async (project: Project, jobId: string, stopAt: number): Promise<object> => {
    const journal = new ImportJournal(project, jobId);
    const stop = (): boolean => project.counts().passages >= stopAt;
    const checkpoint = (): Promise<void> => (stop() ? Promise.reject(new Error('stopped here')) : Promise.resolve());
    const importer = new Importer(project, options, () => undefined, { journal, checkpoint });
    await importer.take(source);
    return { ...importer.imported, ...journal.added() };
  };
  const job = (project: Project): string =>
    project.jobs.create({ kind: 'import', title: 'Long', total: null, settings: {} }).id;
  const whole = place.project();
  const expected = await run(whole, job(whole), Infinity);
  expect(expected).toMatchObject({ passages: 1540, candidates: 1540, duplicates: 40 });
  const project = place.project();
  const id = job(project);
  await expect(run(project, id, 500)).rejects.toThrow('stopped here');
  await expect(run(project, id, 1540)).rejects.toThrow('stopped here');
  expect(await run(project, id, Infinity)).toEqual(expected);
});
