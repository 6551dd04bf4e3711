/** A project file is there whole or not at all; one that was not closed opens also where nothing may be written. */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Project } from '../../src-main/engine/store/project.ts';
import { seed } from './seed.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-create-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Gives the paths that a process had begun to make projects at, until it was killed. */
function killedCreator(): Promise<string[]> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'creator.ts'), folder]);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (output === '') setTimeout(() => child.kill('SIGKILL'), Math.random() * 150);
      output += chunk.toString();
    });
    child.on('close', () => done(output.trim().split('\n')));
  });
}

test('killed while it makes projects, a process leaves whole ones alone, and the place of the last one free', async () => {
  let broken = 0;
  for (let round = 0; round < 8; round += 1) {
    const begun = await killedCreator();
    const last = begun.at(-1) ?? '';
    broken += Number(!existsSync(last));
    for (const path of begun.filter(existsSync)) {
      const project = Project.open(path);
      expect(project.person().name).toBe('Ada');
      project.close();
    }
    if (!existsSync(last)) Project.create(last, { name: 'Again', person: 'Eve' }).close();
    const own = readdirSync(folder).filter((name) => name.startsWith(last.split('/').at(-1) ?? ''));
    expect(own).toEqual([last.split('/').at(-1)]); // nothing is left beside it
  }
  expect(broken).toBeGreaterThan(0);
}, 120_000);

test('a project that was not closed opens where nothing may be written, with all that its journal holds', async () => {
  const path = join(folder, 'left.asklab');
  const project = Project.create(path, { name: 'Left', person: 'Ada' });
  const [item = ''] = seed(project, 3);
  project.history.append(project.person().id, [{ kind: 'decide', item, payload: { verdict: 'accept' } }]);
  const media = join(folder, 'media');
  mkdirSync(media);
  for (const suffix of ['', '-wal']) copyFileSync(`${path}${suffix}`, join(media, `left.asklab${suffix}`));
  project.close();
  const bytes = readdirSync(media).map((name) => readFileSync(join(media, name)));
  // Root may write everywhere, so the system's answer is given here.
  const fs = await import('node:fs');
  vi.doMock('node:fs', () => ({
    ...fs,
    accessSync: () => {
      throw new Error('EACCES');
    },
  }));
  vi.resetModules();
  vi.stubEnv('TMPDIR', folder);
  const { Project: Fresh } = await import('../../src-main/engine/store/project.ts');
  const read = Fresh.open(join(media, 'left.asklab'));
  expect(read.readOnly).toBe(true);
  expect(read.counts()).toMatchObject({ passages: 3, accepted: 1 });
  read.close();
  vi.unstubAllEnvs();
  vi.doUnmock('node:fs');
  expect(readdirSync(folder).filter((name) => name.startsWith('asklab-read-only-'))).toEqual([]);
  expect(readdirSync(media).map((name) => readFileSync(join(media, name)))).toEqual(bytes);
});
