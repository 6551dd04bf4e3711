import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exportProject } from '../../src-main/engine/io/export.ts';
import { previewExport } from '../../src-main/engine/io/preview.ts';
import { importFile } from '../../src-main/engine/io/import.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { exportFormats, exportSettings, type ExportSettings } from '../../src-main/shared/contract/exporting.ts';
import { writeCorpus } from '../bench/store/corpus.ts';
import { checkRound } from './round.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

function preview(project: Project, wanted: Partial<ExportSettings>): ReturnType<typeof previewExport> {
  const settings = exportSettings.parse({ format: 'hf-jsonl', folder, ...wanted });
  return previewExport(project, settings, new AbortController().signal);
}

test('the size is told before: near what is written, in every format', async () => {
  const project = Project.create(join(folder, 'size.asklab'), { name: 'Size', person: 'Ada' });
  writeCorpus(join(folder, 'corpus.jsonl'), 0, 1500, (index) => index % 4);
  const path = join(folder, 'corpus.jsonl');
  await importFile(project, { path }, { questionsAs: 'candidates' }, () => undefined);
  for (const format of exportFormats.filter((name) => name !== 'preference' && name !== 'squad-v1')) {
    const wanted = { format, statuses: ['undecided' as const], lineage: true };
    const { size } = await preview(project, wanted);
    const settings = exportSettings.parse({ ...wanted, folder: join(folder, format) });
    const { files } = await exportProject(project, settings);
    const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
    expect(size.files, format).toBe(files.length);
    expect(size.bytes / bytes, format).toBeGreaterThan(0.85);
    expect(size.bytes / bytes, format).toBeLessThan(1.15);
  }
  project.close();
});

test('only what a second person checked, or what both agreed on as it stands', async () => {
  const { project, round, items, people } = checkRound(join(folder, 'checked.asklab'), 5, 1);
  const lead = project.person().id;
  const decide = (person: string, item: string, payload: object, place: string): string =>
    project.history.append(person, [{ kind: 'decide', item, payload: { ...payload } }], place);
  const [agreed = '', disputed = '', changed = '', rejectedLater = ''] = items;
  for (const item of [agreed, changed, rejectedLater]) decide(people[0] ?? '', item, { verdict: 'accept' }, round);
  decide(people[0] ?? '', disputed, { verdict: 'reject', reason: 'trivial' }, round);
  decide(lead, changed, { verdict: 'accept', question: 'Another question?' }, 'review');
  decide(lead, rejectedLater, { verdict: 'reject', reason: 'trivial' }, 'review');

  const statuses = ['accepted', 'edited', 'rejected'] as const;
  const some = (checked: ExportSettings['checked']): ReturnType<typeof previewExport> =>
    preview(project, { checked, statuses: [...statuses] });
  expect(await some('any')).toMatchObject({ rows: 5, checked: { checked: 4, agreed: 1 } });
  expect((await some('checked')).rows).toBe(4);
  expect((await some('agreed')).head.map(({ id }) => id)).toEqual([agreed]);
  expect((await preview(project, { checked: 'checked' })).checked).toEqual({ checked: 3, agreed: 1 });
  project.close();
});

test('how far it is: to the end, with splits and without', async () => {
  const project = Project.open(join(folder, 'size.asklab'));
  for (const split of [null, { by: 'passage', seed: 1, train: 0.8, dev: 0.1, test: 0.1 }] as const) {
    const settings = exportSettings.parse({
      format: 'lab',
      statuses: ['undecided'],
      folder: join(folder, 'far'),
      split,
    });
    const told: [number, number][] = [];
    const { passages } = await exportProject(project, settings, {
      progress: (done, total) => told.push([done, total]),
    });
    expect(told.map(([done]) => done)).toEqual(Array.from({ length: passages }, (_, index) => index + 1));
    expect(told.at(-1)?.[1]).toBe(passages);
    const [, middle = 0] = told[Math.floor(passages / 2)] ?? [];
    expect(Math.abs(middle - passages)).toBeLessThan(passages / 10);
  }
  project.close();
});

test('near copies are searched once for the same passages, whatever the split', async () => {
  const project = Project.open(join(folder, 'size.asklab'));
  let searches = 0;
  const prints = project.prints.bind(project);
  project.prints = () => {
    searches += 1;
    return prints();
  };
  const searchesBy = async (wanted: Partial<ExportSettings>): Promise<number> => {
    const before = searches;
    const split = { by: 'cluster', seed: 1, train: 0.8, dev: 0.1, test: 0.1 } as const;
    await preview(project, { statuses: ['undecided'], split, ...wanted });
    return searches - before;
  };
  expect(await searchesBy({})).toBe(1);
  expect(await searchesBy({ split: { by: 'passage', seed: 2, train: 0.5, dev: 0, test: 0.5 } })).toBe(0);
  expect(await searchesBy({ format: 'csv' })).toBe(0);
  expect(await searchesBy({ languages: ['en'] })).toBe(1);
  project.close();
});
