import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src-main/cli/main.ts';
import { loadBundle, lowShapes, type ModelBundle } from '../../src-main/inference/bundle/bundle.ts';
import { writeSafetensors, type StoredTensor } from '../../src-main/inference/bundle/safetensors.ts';
import { withLanguage, writeBundle } from '../../src-main/inference/bundle/write.ts';
import { seededRandom } from '../../src-main/inference/decode/sampling.ts';
import { Generator } from '../../src-main/inference/generator.ts';
import { Model } from '../../src-main/inference/model.ts';
import { FIXTURE } from './helpers.ts';

const base = join(FIXTURE, 'pointer');
const vocabulary = join(FIXTURE, 'plain.model');
let root = '';
let weights = '';
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'asklab-language-'));
  weights = join(root, 'fr.safetensors');
  const { manifest, languages } = await loadBundle(base);
  writeFileSync(weights, lowLevel(lowShapes(manifest.architecture, languages.get('en')?.size ?? 0)));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A low-level file with made-up weights. */
function lowLevel(shapes: Record<string, readonly number[]>): Uint8Array {
  const random = seededRandom(9);
  const tensors = Object.entries(shapes).map(([name, shape]): [string, StoredTensor] => {
    const size = shape.reduce((product, length) => product * length, 1);
    const values = Float32Array.from({ length: size }, () => random() - 0.5);
    return [name, { type: 'F32', shape, bytes: new Uint8Array(values.buffer) }];
  });
  return writeSafetensors(new Map(tensors));
}

async function write(bundle: ModelBundle, language: string): Promise<string[]> {
  const generator = new Generator(new Model(bundle, { device: 'cpu', threads: 1 }));
  const text = 'The old library stands near the river and opens at nine in the morning.';
  const results = await generator.generate([{ id: 'a', text, language }], { decoding: { outputs: 4 } });
  await generator.close();
  return results.flatMap(({ outputs }) =>
    outputs.map(({ tokens, score }) => `${tokens.join(' ')} ${score.toFixed(4)}`),
  );
}

describe('adding a language is adding its low level', () => {
  it('the new language writes, the shared part and the others stay as they were', async () => {
    for (const output of [join(root, 'folder'), join(root, 'one.asklab-model')]) {
      await writeBundle(await withLanguage(base, { language: 'fr', weights, vocabulary }), output);
      const [before, after] = [await loadBundle(base), await loadBundle(output)];
      expect([...after.languages.keys()]).toEqual(['en', 'fr']);
      expect(after.languages.get('fr')?.ready).toBe(false);
      const { shared } = before.manifest;
      expect(after.manifest.files[shared]).toEqual(before.manifest.files[shared]);
      const english = await write(before, 'en');
      expect(await write(after, 'en')).toEqual(english);
      const french = await write(after, 'fr');
      expect(french).toHaveLength(4);
      expect(french).not.toEqual(english);
    }
  });

  it('refuses a known code, weights of another shape and an existing place', async () => {
    await expect(withLanguage(base, { language: 'en', weights, vocabulary })).rejects.toThrow(/not a new language/);
    const other = join(root, 'other.safetensors');
    const { manifest } = await loadBundle(base);
    writeFileSync(other, lowLevel(lowShapes({ ...manifest.architecture, hidden: 16 }, 300)));
    await expect(withLanguage(base, { language: 'fr', weights: other, vocabulary })).rejects.toMatchObject({
      code: 'bad-tensor',
    });
    await expect(withLanguage(join(FIXTURE, 'shared'), { language: 'fr', weights, vocabulary })).rejects.toThrow(
      /one low level for all/,
    );
    const files = await withLanguage(base, { language: 'fr', weights, vocabulary });
    await expect(writeBundle(files, root)).rejects.toThrow(/there already/);
  });

  it('by the command line, where a refusal exits with 1 and leaves nothing', async () => {
    const output = join(root, 'commanded');
    const words = ['--language', 'fr', '--weights', weights, '--vocabulary', vocabulary];
    expect(await run(['model', 'add-language', base, output, ...words])).toBe(0);
    expect(await run(['model', 'check', output])).toBe(0);
    expect(await run(['model', 'zip', output, join(root, 'zipped')])).toBe(0);
    expect([...(await loadBundle(join(root, 'zipped.asklab-model'))).languages.keys()]).toEqual(['en', 'fr']);
    const again = join(root, 'again');
    expect(await run(['model', 'add-language', output, again, ...words])).toBe(1);
    expect(() => readFileSync(join(again, 'manifest.json'))).toThrow();
  });
});
