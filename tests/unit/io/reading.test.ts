import { afterAll, beforeAll, expect, test } from 'vitest';
import { Importer } from '../../../src-main/engine/io/import.ts';
import { ImportJournal } from '../../../src-main/engine/io/journal.ts';
import { openReading, readChunks, type Chunk } from '../../../src-main/engine/io/reading.ts';
import { row } from '../../bench/store/corpus.ts';
import { workplace } from './project.ts';

const place = workplace();
let source: { path: string };
const options = { questionsAs: 'candidates' } as const;

beforeAll(() => {
  const lines = Array.from({ length: 3000 }, (_, index) => JSON.stringify(row(index, 2)));
  lines[1234] = 'no row';
  source = place.file('large.jsonl', lines.join('\n')); // large enough for a thread
});
afterAll(() => place.close());

test('a thread reads what reading in place reads', async () => {
  const here: Chunk[] = [];
  for await (const chunk of readChunks(source, options)) here.push(chunk);
  const reading = await openReading(source, options);
  const there: Chunk[] = [];
  for (let chunk = await reading.next(); chunk !== null; chunk = await reading.next()) there.push(chunk);
  reading.close();
  expect(there).toHaveLength(15);
  expect(there).toEqual(here);
});

test('an error in the thread is an error of the import', async () => {
  const reading = await openReading(source, { ...options, encoding: 'no such encoding' }).catch(
    (error: unknown) => error,
  );
  expect(reading).toBeInstanceOf(Error);
  const halves = await openReading(source, { ...options, format: 'aligned', questionsPath: `${place.folder}/missing` });
  await expect(halves.next()).rejects.toMatchObject({ code: 'file-unreadable' });
  halves.close();
});

test('a cancel while a thread reads leaves nothing', async () => {
  const project = place.project();
  const job = project.jobs.create({ kind: 'import', title: 'Large', total: null, settings: {} });
  const journal = new ImportJournal(project, job.id);
  const enough = (): boolean => project.counts().passages >= 600;
  const checkpoint = (): Promise<void> => (enough() ? Promise.reject(new Error('cancelled here')) : Promise.resolve());
  const importer = new Importer(project, options, () => undefined, { journal, checkpoint });
  await expect(importer.take(source)).rejects.toThrow('cancelled here');
  await journal.undo(() => Promise.resolve());
  expect(project.counts()).toMatchObject({ passages: 0, candidates: 0, documents: 0 });
  expect(project.database.prepare('SELECT count(*) FROM job_items').pluck().get()).toBe(0);
});
