/**
 * `npm run test:interchange`: exports in every format, read by the formats' own tools in Python. Not part of `npm test`:
 * it installs pyarrow, datasets, pandas and label-studio-sdk, some 300 MB, into a virtual environment of its own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { exportProject } from '../../src-main/engine/io/export.ts';
import { exportFormats, exportSettings } from '../../src-main/shared/contract/exporting.ts';
import { rowLines, take, workplace } from '../unit/io/project.ts';

const environment = join(import.meta.dirname, '../../.cache/asklab/interchange');
const python = process.env['ASKLAB_PYTHON'] ?? join(environment, 'bin/python');

function run(command: string, ...rest: string[]): void {
  const { status, error } = spawnSync(command, rest, { stdio: 'inherit' });
  if (error ?? status !== 0)
    throw new Error(`${command} ${rest.join(' ')}: ${error?.message ?? `exit code ${status}`}`);
}

if (!existsSync(python)) {
  run('python3', '-m', 'venv', environment);
  run(python, '-m', 'pip', 'install', '--quiet', 'pyarrow', 'datasets', 'pandas', 'label-studio-sdk');
}
const place = workplace();
try {
  const project = place.project();
  await take(project, place.file('rows.jsonl', rowLines), { questionsAs: 'candidates' });
  const passages = [...project.passageIds({})];
  const questions = passages.flatMap((id) => project.candidates(id));
  questions.forEach(({ id, original }, index) => {
    const payload = { verdict: 'accept', ...(index % 2 === 0 ? { question: `${original} (?)` } : {}) };
    project.history.append(project.person().id, [{ kind: 'decide', item: id, payload }]);
  });
  for (const format of exportFormats)
    await exportProject(project, exportSettings.parse({ format, folder: join(place.folder, format) }));
  const answered = questions.filter((question) => question.answer !== null).length;
  const reader = join(import.meta.dirname, 'read.py');
  run(python, reader, place.folder, String(questions.length), String(answered));
} finally {
  place.close();
}
