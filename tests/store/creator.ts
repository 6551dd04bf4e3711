import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { Project } from '../../src-main/engine/store/project.ts';

// Makes one project after another in a folder and names each before it is begun; the test kills it.
const folder = process.argv[2] ?? '';
for (let count = 1; ; count += 1) {
  const path = join(folder, `${process.pid}-${count}.asklab`);
  writeSync(1, `${path}\n`);
  Project.create(path, { name: 'Made', person: 'Ada' }).close();
}
