import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { chooseSet } from '../../../src-main/engine/diverse/choose.ts';
import { Project } from '../../../src-main/engine/store/project.ts';
import { chooseSettings } from '../../../src-main/shared/contract/sets.ts';
import { made } from './export.ts';
import { seconds, type Figures } from './figures.ts';
import { projectFile, type Size } from './import.ts';

/** Chooses a tenth of the passages; before and after, the same texts are read by one bare statement. */
export async function benchChoose(folder: string, size: Size): Promise<Figures> {
  const path = projectFile(folder, size.name);
  const project = existsSync(path) ? Project.open(path) : await made(path, folder, size);
  const { passages } = project.counts();
  let read = 0;
  const bare = (): void => {
    for (const text of project.database.prepare('SELECT text FROM passages ORDER BY row').pluck().iterate())
      read += String(text).length;
  };
  let memory = 0;
  const watch = setInterval(() => (memory = Math.max(memory, process.memoryUsage.rss())), 100);
  const settings = chooseSettings.parse({ name: 'Tenth', number: Math.ceil(passages / 10) });
  const before = await seconds(bare);
  const spent = await seconds(() => chooseSet(project, settings, { checkpoint: turn, progress: () => undefined }));
  const after = await seconds(bare);
  clearInterval(watch);
  project.close();
  if (read === 0) throw new Error('There is no text.');
  return [
    { name: `${size.name}: choosing a tenth, passages/s`, value: passages / spent, target: null },
    {
      name: `${size.name}: choosing, times as long as reading the texts`,
      value: (2 * spent) / (before + after),
      target: null,
    },
    { name: `${size.name}: choosing, most memory (MB)`, value: memory / 2 ** 20, target: 500, atMost: true },
  ];
}
