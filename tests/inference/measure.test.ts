/** What Generate shows of each device, by the real process and the bundled model. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createEngine } from '../../src-main/engine/engine.ts';
import { spawnInference, type SpawnedInference } from '../../src-main/inference/spawn.ts';
import { availableDevices } from '../../src-main/inference/runtime.ts';
import { generationSettings, type DeviceMeasure } from '../../src-main/shared/contract/generation.ts';
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';
import { caller } from '../store/campaign.ts';
import { seed } from '../store/seed.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-measure-'));
const started: SpawnedInference[] = [];
const engine = createEngine({
  userData: folder,
  resources: 'resources',
  emit: () => undefined,
  inference() {
    const inference = spawnInference();
    started.push(inference);
    return Promise.resolve(inference.port);
  },
});
const call = caller(engine);
afterAll(async () => {
  await engine.close();
  for (const inference of started) inference.kill();
  rmSync(folder, { recursive: true, force: true });
});

test('each device but the CPU is measured, or says why not; a running job is left alone', async () => {
  await call('projects', 'create', { path: join(folder, 'p.asklab'), name: 'P', person: 'Ada' });
  expect(await call('generation', 'measure', { generator: rulesVersion })).toEqual([]);
  const model = { generator: 'lalm-five-languages' };
  const measured = await call<DeviceMeasure[]>('generation', 'measure', model);
  const others = availableDevices().filter((device) => device !== 'cpu');
  expect(measured.map(({ device }) => device).sort()).toEqual([...others].sort());
  for (const { usable, milliseconds, cpuMilliseconds, reason } of measured) {
    expect(reason).not.toBe('');
    if (usable) expect([milliseconds, cpuMilliseconds].every((value) => value !== null && value > 0)).toBe(true);
  }

  // A paused run is still at work with its own model.
  const project = engine.project();
  if (project === null) throw new Error('no project');
  seed(project, 1);
  const settings = generationSettings.parse({ generator: rulesVersion, passages: {} });
  const job = project.jobs.create({ kind: 'generate', title: 'Busy', total: null, settings });
  project.jobs.addItems(job.id, project.passageIds({}));
  engine.runner()?.start(job);
  engine.runner()?.pause(job.id);
  await expect(call('generation', 'measure', model)).rejects.toMatchObject({ code: 'invalid-input' });
  const path = 'resources/models/lalm-five-languages';
  await expect(call('generation', 'addModel', { path })).rejects.toMatchObject({ code: 'invalid-input' });
}, 120_000);
