import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createEngine } from '../../src-main/engine/engine.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';
import { seed } from './seed.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-check-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a large file is read through apart: others are answered meanwhile, it can be cancelled, damage is found', async () => {
  const path = join(folder, 'large.asklab');
  const made = Project.create(path, { name: 'Large', person: 'Ada' });
  seed(made, 20);
  made.setValue('ballast', 'x'.repeat(40 * (1 << 20)));
  made.close();

  let heard: string[] = [];
  let onChecking: () => void = () => undefined;
  const engine = createEngine({
    userData: join(folder, 'user'),
    resources: 'resources',
    emit(name, payload) {
      if (name !== 'progress') return;
      heard.push((payload as { of: string }).of);
      onChecking();
    },
  });
  const call = (method: string, input: unknown = {}, signal = new AbortController().signal): Promise<unknown> =>
    dispatch(contract, engine.handlers, 'projects', method, input, signal);

  const answered: string[] = [];
  onChecking = () => void call('recents').then(() => answered.push('recents'));
  await call('open', { path }).then(() => answered.push('open'));
  expect(heard).toEqual([`check ${path}`]);
  expect(answered).toEqual(['recents', 'open']);
  await call('close');

  heard = [];
  await call('open', { path }); // lies as it was left
  expect(heard).toEqual([]);
  await call('close');

  rmSync(join(folder, 'user', 'recents.json'));
  const cancelling = new AbortController();
  onChecking = () => cancelling.abort();
  await expect(call('open', { path }, cancelling.signal)).rejects.toMatchObject({ code: 'cancelled' });
  expect(await call('current')).toBe(null);
  onChecking = () => undefined;
  await call('open', { path }); // the cancelled check has let go of the file
  await call('close');

  const bytes = readFileSync(path);
  bytes.fill(0xa5, 4096 * 40, 4096 * 60);
  writeFileSync(path, bytes);
  await expect(call('open', { path })).rejects.toMatchObject({ code: 'project-damaged' });
});
