import { writeSync } from 'node:fs';
import { Project } from '../../src-main/engine/store/project.ts';

// Decides without end and names each decision on standard output once it is stored; the test kills it.
const project = Project.open(process.argv[2] ?? '');
const items = project.database.prepare('SELECT id FROM candidates ORDER BY row').pluck().all() as string[];
for (let turn = 0; ; turn += 1) {
  const item = items[turn % items.length] ?? '';
  const group = project.history.append('killed', [
    { kind: 'decide', item, payload: { verdict: turn % 2 === 0 ? 'accept' : 'reset' } },
  ]);
  writeSync(1, `${group}\n`);
}
