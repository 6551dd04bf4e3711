import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { exportProject } from '../../../src-main/engine/io/export.ts';
import { importFile } from '../../../src-main/engine/io/import.ts';
import { Project } from '../../../src-main/engine/store/project.ts';
import { exportSettings } from '../../../src-main/shared/contract/exporting.ts';
import { language } from '../../../src-main/shared/contract/types.ts';
import { questionsOf, writeCorpus } from './corpus.ts';
import { seconds, type Figures } from './figures.ts';
import { projectFile, type Size } from './import.ts';

const formats = ['hf-jsonl', 'squad-v2', 'csv'] as const;

/**
 * Exports one language after the other in three formats, to the disk; after each the same questions are read by one bare
 * statement and each row is written as JSON into memory, nothing on the disk.
 */
export async function benchExport(folder: string, size: Size): Promise<Figures> {
  const path = projectFile(folder, size.name);
  const project = existsSync(path) ? Project.open(path) : await made(path, folder, size);
  const out = join(folder, 'export');
  const ours = new Map<string, number>();
  let bareSeconds = 0;
  let rows = 0;
  for (const code of language.options)
    for (const format of formats) {
      const settings = exportSettings.parse({ format, folder: out, languages: [code], statuses: ['undecided'] });
      const spent = await seconds(async () => (rows += (await exportProject(project, settings)).rows));
      ours.set(format, (ours.get(format) ?? 0) + spent);
      bareSeconds += await seconds(() => bare(project, code));
    }
  project.close();
  rmSync(out, { recursive: true });
  const all = [...ours.values()].reduce((sum, value) => sum + value, 0);
  return [
    { name: `${size.name}: export rows/s`, value: rows / all, target: null },
    {
      name: `${size.name}: export, share of bare iteration and JSON.stringify`,
      value: bareSeconds / all,
      target: 0.5,
    },
    ...[...ours].map(([format, spent]) => ({
      name: `${size.name}: export as ${format}, the same share`,
      value: bareSeconds / formats.length / spent,
      target: null,
    })),
  ];
}

function bare(project: Project, code: string): number {
  const statement = project.database.prepare(
    `SELECT c.id, c.original AS question, c.answer_start, c.answer_end, s.status, p.title, p.text AS context FROM passages p
     CROSS JOIN candidates c ON c.passage_id = p.id JOIN states s ON s.candidate_id = c.id WHERE p.language = ? ORDER BY p.row, c.row`,
  );
  let written = 0;
  for (const row of statement.iterate(code)) written += JSON.stringify(row).length;
  return written;
}

export async function made(path: string, folder: string, { passages, questions }: Size): Promise<Project> {
  const project = Project.create(path, { name: 'Export', person: 'Bench' });
  const corpus = join(folder, 'corpus.jsonl');
  writeCorpus(corpus, 0, passages, (index) => questionsOf(index, passages, questions));
  await importFile(project, { path: corpus }, { questionsAs: 'candidates' }, () => undefined);
  rmSync(corpus);
  return project;
}
