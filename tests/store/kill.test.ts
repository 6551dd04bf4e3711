import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Project } from '../../src-main/engine/store/project.ts';
import { seed } from './seed.ts';

const rounds = Number(process.env['KILL_ROUNDS'] ?? 20);

/** Runs the child, kills it some time after its first decision, and gives the decisions it acknowledged. */
function killedRun(path: string): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'decider.ts'), path], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      if (output === '') setTimeout(() => child.kill('SIGKILL'), Math.random() * 150);
      output += chunk.toString();
    });
    child.on('close', (_, signal) =>
      signal === 'SIGKILL' ? resolve(output.split('\n').slice(0, -1)) : reject(new Error(errors)),
    );
  });
}

test(`after kill -9 every acknowledged decision is there (${rounds} rounds)`, { timeout: rounds * 5000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'asklab-kill-'));
  const path = join(folder, 'killed.asklab');
  const made = Project.create(path, { name: 'Killed', person: 'Ada' });
  seed(made, 50);
  const { id } = made.jobs.create({ kind: 'import', title: 'Left running', total: null, settings: {} });
  made.jobs.update(id, { state: 'running' });
  made.close();
  for (let round = 0; round < rounds; round += 1) {
    const acknowledged = await killedRun(path);
    expect(acknowledged.length).toBeGreaterThan(0);
    const project = Project.open(path);
    const known = new Set(project.database.prepare('SELECT group_id FROM events').pluck().all() as string[]);
    expect(acknowledged.filter((group) => !known.has(group))).toEqual([]);
    expect(project.database.pragma('integrity_check', { simple: true })).toBe('ok');
    const before = project.database.prepare('SELECT * FROM states').all();
    project.history.rebuild();
    expect(project.database.prepare('SELECT * FROM states').all()).toEqual(before);
    expect(project.jobs.get(id).state).toBe('stopped');
    project.close();
  }
  rmSync(folder, { recursive: true });
});
