import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { InferenceClient } from '../../src-main/inference/client.ts';
import { ALLOWED_DIFFERENCE } from '../../src-main/inference/self-test.ts';
import { spawnInference, type SpawnedInference } from '../../src-main/inference/spawn.ts';
import { FIXTURE } from './helpers.ts';

let spawned: SpawnedInference | null = null;
afterEach(() => spawned?.kill('SIGKILL'));

function start(environment: Record<string, string> = {}): InferenceClient {
  spawned = spawnInference({ environment });
  return new InferenceClient(spawned.port);
}
const path = join(FIXTURE, 'pointer');
const item = (id: string): { id: string; text: string; language: string } => ({
  id,
  text: `The old library number ${id} stands near the river and opens at nine.`,
  language: 'en',
});

/** Software Vulkans: Electron's own, wherever an Electron is, and Mesa's. */
function softwareVulkans(): string[] {
  const root = join(import.meta.dirname, '../..');
  const electrons = ['node_modules/electron/dist', '.cache/asklab/package/bin'].map((folder) => join(root, folder));
  return [
    ...electrons.map((folder) => join(folder, 'vk_swiftshader_icd.json')),
    ...['lvp_icd.x86_64.json', 'lvp_icd.aarch64.json'].map((file) => join('/usr/share/vulkan/icd.d', file)),
  ].filter((file) => existsSync(file));
}

describe('inference process', () => {
  it('loads, generates, streams each item, reports and unloads', async () => {
    const client = start();
    const info = await client.call('load', { path, device: 'cpu' });
    expect(info).toMatchObject({
      id: 'pointer',
      device: 'cpu',
      arithmetic: 'fp32',
      languages: [{ language: 'en', ready: false }],
    });
    const seen: string[] = [];
    const progress: number[] = [];
    const { count } = await client.call(
      'generate',
      { items: ['1', '2', '3'].map(item), decoding: { outputs: 2 } },
      {
        onItem: ({ id, outputs }) => {
          seen.push(id);
          expect(outputs).toHaveLength(2);
        },
        onProgress: (done) => progress.push(done),
      },
    );
    expect([count, seen.sort(), progress.at(-1)]).toEqual([3, ['1', '2', '3'], 3]);
    expect((await client.call('info', {})).residentBytes).toBeGreaterThan(0);
    await client.call('unload', {});
    await expect(client.call('generate', { items: [item('1')] })).rejects.toMatchObject({ code: 'no-model' });
  });

  it('refuses bad requests and bad bundles with their codes', async () => {
    const client = start();
    await expect(client.call('load', { path: join(FIXTURE, 'plain.model'), device: 'cpu' })).rejects.toMatchObject({
      code: 'not-a-bundle',
    });
    await expect(client.call('load', { path: '' })).rejects.toMatchObject({ code: 'invalid-input' });
  });

  it('cancels by signal, and goes on working', async () => {
    const client = start();
    await client.call('load', { path, device: 'cpu' });
    const controller = new AbortController();
    let items = 0;
    const run = client.call(
      'generate',
      { items: Array.from({ length: 3000 }, (_, i) => item(String(i))), decoding: { beams: 8 } },
      {
        signal: controller.signal,
        onItem: () => {
          if (++items === 1) controller.abort();
        },
      },
    );
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(items).toBeLessThan(2500);
    expect((await client.call('generate', { items: [item('after')] })).count).toBe(1);
  });

  it('rejects what is pending with inference-died when it is killed', async () => {
    const client = start();
    await client.call('load', { path, device: 'cpu' });
    const run = client.call(
      'generate',
      { items: Array.from({ length: 3000 }, (_, i) => item(String(i))) },
      { onItem: () => spawned?.kill('SIGKILL') },
    );
    await expect(run).rejects.toMatchObject({ code: 'inference-died' });
    await expect(client.call('info', {})).rejects.toMatchObject({ code: 'inference-died' });
  });

  it('says why a device cannot be used and falls back to the CPU', async () => {
    const client = start({ VK_ICD_FILENAMES: '/nonexistent' });
    const info = await client.call('load', { path, device: 'cuda' });
    expect(info.device).toBe('cpu');
    expect(info.deviceReason).toMatch(/CPU instead of cuda: .+/);
  });

  it('without a GPU, WebGPU falls back to the CPU, says why and still writes', async () => {
    const client = start({ VK_ICD_FILENAMES: '/nonexistent' });
    const info = await client.call('load', { path, device: 'webgpu' });
    expect(info.device).toBe('cpu');
    expect(info.deviceReason).toMatch(/^CPU instead of webgpu: .*cannot be used here \(.+\)/s);
    const test = await client.call('selfTest', { device: 'webgpu' });
    expect(test).toMatchObject({ usable: false, maximumDifference: null });
    expect(test.reason).toContain('cannot be used here');
    expect((await client.call('generate', { items: [item('1')] })).count).toBe(1);
    expect((await client.call('load', { path, device: 'auto' })).deviceReason).toMatch(/^CPU: .+/);
  });

  it('WebGPU on a software Vulkan agrees with the CPU', { timeout: 240_000 }, async ({ skip }) => {
    const reasons: string[] = [];
    let agreed = 0;
    for (const vulkan of softwareVulkans()) {
      const client = start({ VK_ICD_FILENAMES: vulkan, LD_LIBRARY_PATH: dirname(vulkan) });
      await client.call('load', { path, device: 'cpu' });
      const result = await client.call('selfTest', { device: 'webgpu' });
      reasons.push(`${vulkan}: ${result.reason}`);
      spawned?.kill('SIGKILL');
      // A driver may lack what WebGPU needs (Mesa 22 does): then the reason must say so.
      if (!result.usable) expect(result.reason).toContain('cannot be used here');
      else {
        expect(result.maximumDifference).toBeLessThan(ALLOWED_DIFFERENCE);
        expect(result.reason).toMatch(/agrees with the CPU .* times as fast/);
        agreed += 1;
      }
    }
    // Skipped where it could not be run, never passed: the report says why.
    if (agreed === 0)
      skip(`WebGPU was not run: ${reasons.length > 0 ? reasons.join('\n') : 'no software Vulkan is installed'}`);
  });
});
