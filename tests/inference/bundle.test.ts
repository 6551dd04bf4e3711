import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBundle } from '../../src-main/inference/bundle/bundle.ts';
import {
  readSafetensors,
  toFloat32,
  writeSafetensors,
  type StoredTensor,
} from '../../src-main/inference/bundle/safetensors.ts';
import { InferenceError } from '../../src-main/inference/errors.ts';
import { Model } from '../../src-main/inference/model.ts';
import { decode, FIXTURE, goldenOptions, readJson, sourceOf, type GoldenCase } from './helpers.ts';

interface LooseManifest {
  version: number;
  format: string;
  files: Record<string, { sha256: string; bytes: number }>;
  architecture: Record<string, unknown>;
  languages: Record<string, { size: number }>;
  shared: string;
  precision: string;
}

let root = '';
let folder = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'asklab-bundle-'));
  folder = join(root, 'model');
  cpSync(join(FIXTURE, 'pointer'), folder, { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function editManifest(edit: (manifest: LooseManifest) => void): void {
  const path = join(folder, 'manifest.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as LooseManifest;
  edit(manifest);
  writeFileSync(path, JSON.stringify(manifest));
}

/** Replaces a file and declares its new hash and size, so that only its content is at fault. */
function replaceFile(name: string, data: Uint8Array): void {
  writeFileSync(join(folder, name), data);
  editManifest((manifest) => {
    manifest.files[name] = { sha256: createHash('sha256').update(data).digest('hex'), bytes: data.length };
  });
}

function editTensors(edit: (tensors: Map<string, StoredTensor>) => void, name = 'shared.safetensors'): void {
  const tensors = readSafetensors(name, readFileSync(join(folder, name)));
  edit(tensors);
  replaceFile(name, writeSafetensors(tensors));
}

/** Bits of the nearest half-precision number; `value` is within its range. */
function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size < 2 ** -14) return sign + Math.round(size * 2 ** 24);
  const exponent = Math.floor(Math.log2(size));
  return sign + (exponent + 15) * 1024 + Math.round((size / 2 ** exponent - 1) * 1024);
}

function asHalf(tensor: StoredTensor): StoredTensor {
  const bits = Uint16Array.from(toFloat32(tensor), halfBits);
  return { type: 'F16', shape: tensor.shape, bytes: new Uint8Array(bits.buffer) };
}

function zipFolder(extra: Zippable = {}): Uint8Array {
  const names = ['manifest.json', 'shared.safetensors', 'low/en.safetensors', 'vocabulary/en.model'];
  return zipSync(
    { ...Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))])), ...extra },
    { level: 1 },
  );
}

async function refusal(path = folder): Promise<{ code: string; message: string }> {
  const error = await loadBundle(path).then(
    () => null,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(InferenceError);
  const { code, message } = error as InferenceError;
  // Every refusal says what to do.
  expect(message).toMatch(/again|choose|update|remove|replace|do not use|not an Asklab model/i);
  return { code, message };
}

describe('a bundle loads', () => {
  it('from a folder and from a zip, with the same tensors', async () => {
    writeFileSync(join(root, 'm.asklab-model'), zipFolder());
    const [fromFolder, fromZip] = [await loadBundle(folder), await loadBundle(join(root, 'm.asklab-model'))];
    expect(fromZip.manifest).toEqual(fromFolder.manifest);
    expect(fromZip.shared.get('pointer.key.weight')?.float()).toEqual(
      fromFolder.shared.get('pointer.key.weight')?.float(),
    );
  });
  it('in half precision, with the values it was rounded from and nearly the same outputs', async () => {
    const before = await loadBundle(folder);
    for (const name of ['shared.safetensors', 'low/en.safetensors'])
      editTensors((tensors) => tensors.forEach((tensor, key) => tensors.set(key, asHalf(tensor))), name);
    editManifest((manifest) => {
      manifest.precision = 'fp16';
    });
    const bundle = await loadBundle(folder);
    for (const [weights, exact] of [
      [bundle.shared, before.shared],
      [bundle.languages.get('en')?.weights, before.languages.get('en')?.weights],
    ])
      for (const [name, weight] of exact ?? []) {
        const values = weights?.get(name)?.float() ?? new Float32Array();
        expect(values.length).toBe(weight.float().length);
        weight.float().forEach((value, i) => {
          const error = Math.abs((values[i] ?? NaN) - value);
          if (!(error <= 1e-3 * Math.max(1, Math.abs(value)))) expect.fail(`${name}[${i}]: ${values[i]}, not ${value}`);
        });
      }
    const model = new Model(bundle, { device: 'cpu', threads: 1 });
    const { pointer: cases = [] } = readJson<Record<string, GoldenCase[]>>('decode.json');
    const results = await decode(model, cases.map(sourceOf), goldenOptions('greedy', 1));
    const same = cases.filter(({ greedy }, i) => greedy[0]?.tokens.join() === results[i]?.[0]?.tokens.join());
    expect(same.length).toBeGreaterThanOrEqual(cases.length - 1);
    await model.release();
  });
  it('with the smallest, the largest and negative halves, and with a zero that keeps its sign', async () => {
    const bits = Uint16Array.of(0x0001, 0x83ff, 0x8000, 0x7bff);
    editTensors((tensors) =>
      tensors.set('pointer.features', { type: 'F16', shape: [4], bytes: new Uint8Array(bits.buffer) }),
    );
    editManifest((manifest) => {
      manifest.precision = 'fp16';
    });
    const { shared } = await loadBundle(folder);
    expect([...(shared.get('pointer.features')?.float() ?? [])]).toEqual([2 ** -24, -1023 * 2 ** -24, -0, 65504]);
  });
});

describe('a bundle is refused', () => {
  it('nothing there', async () => expect((await refusal(join(root, 'none'))).code).toBe('not-a-bundle'));
  it('some other file', async () => {
    writeFileSync(join(root, 'text.zip'), 'hello');
    expect((await refusal(join(root, 'text.zip'))).code).toBe('not-a-bundle');
  });
  it('another format', async () => {
    editManifest((manifest) => {
      manifest.format = 'other';
    });
    expect((await refusal()).code).toBe('not-a-bundle');
  });
  it('unknown version', async () => {
    editManifest((manifest) => {
      manifest.version = 2;
    });
    expect((await refusal()).code).toBe('unknown-version');
  });
  it('a bad manifest, with all its problems', async () => {
    editManifest((manifest) => {
      manifest.architecture['hidden'] = -1;
      manifest.architecture['norm'] = 'none';
    });
    const { code, message } = await refusal();
    expect(code).toBe('bad-manifest');
    expect(message).toMatch(/hidden.*norm/s);
  });
  it('heads that do not divide hidden', async () => {
    editManifest((manifest) => {
      manifest.architecture['heads'] = 5;
    });
    expect((await refusal()).code).toBe('bad-manifest');
  });
  it('drafts without the marks that tell them', async () => {
    editManifest((manifest) => {
      Object.assign(manifest.architecture, { focus: false, maximumDraft: 8 });
    });
    expect((await refusal()).message).toMatch(/maximumDraft needs/);
  });
  it('drafts for which the marks have no row', async () => {
    editManifest((manifest) => {
      manifest.architecture['maximumDraft'] = 8;
    });
    expect((await refusal()).message).toMatch(/segment\.weight/);
  });
  it('a missing file', async () => {
    rmSync(join(folder, 'low/en.safetensors'));
    expect((await refusal()).code).toBe('missing-file');
  });
  it('an extra file', async () => {
    writeFileSync(join(folder, 'run.sh'), 'x');
    expect((await refusal()).code).toBe('extra-file');
  });
  it.each(['toString', 'constructor', '__proto__'])('an extra file named %s, as every object has', async (name) => {
    writeFileSync(join(folder, name), 'x');
    expect((await refusal()).code).toBe('extra-file');
  });
  it('a manifest that names a file as every object has one', async () => {
    editManifest((manifest) => {
      manifest.shared = 'toString';
    });
    const { code, message } = await refusal();
    expect([code, message]).toEqual(['bad-manifest', expect.stringContaining('files has no entry for toString')]);
  });
  it('a wrong size', async () => {
    writeFileSync(join(folder, 'shared.safetensors'), 'short');
    expect((await refusal()).code).toBe('wrong-size');
  });
  it('a wrong hash', async () => {
    const data = readFileSync(join(folder, 'shared.safetensors'));
    data[data.length - 1] = (data[data.length - 1] ?? 0) ^ 1;
    writeFileSync(join(folder, 'shared.safetensors'), data);
    expect((await refusal()).code).toBe('wrong-hash');
  });
  it.each(['/etc/passwd', '../outside', 'low/../../outside', 'C:\\x', 'a\\b'])('the path %s', async (path) => {
    editManifest((manifest) => {
      manifest.files[path] = { sha256: '0'.repeat(64), bytes: 1 };
    });
    expect((await refusal()).code).toBe('unsafe-path');
  });
  it('a link', async () => {
    symlinkSync('/etc/hostname', join(folder, 'link'));
    expect((await refusal()).code).toBe('unsafe-path');
  });
  it('a missing tensor', async () => {
    editTensors((tensors) => tensors.delete('pointer.gate.bias'));
    const { code, message } = await refusal();
    expect([code, message]).toEqual(['bad-tensor', expect.stringContaining('pointer.gate.bias is missing')]);
  });
  it('an extra tensor', async () => {
    editTensors((tensors) => tensors.set('secret', { type: 'F32', shape: [1], bytes: new Uint8Array(4) }));
    expect((await refusal()).message).toContain('secret is not part');
  });
  it('a tensor of the wrong type', async () => {
    editTensors((tensors) => tensors.set('pointer.gate.bias', { type: 'F16', shape: [1], bytes: new Uint8Array(2) }));
    expect((await refusal()).message).toContain('has type F16');
  });
  it('a tensor of the wrong shape', async () => {
    editTensors((tensors) => tensors.set('pointer.gate.bias', { type: 'F32', shape: [2], bytes: new Uint8Array(8) }));
    expect((await refusal()).message).toContain('shape [2] instead of [1]');
  });
  it('tensors that overlap', async () => {
    const data = readFileSync(join(folder, 'shared.safetensors'));
    const size = Number(data.readBigUInt64LE(0));
    const text = data
      .subarray(8, 8 + size)
      .toString()
      .replace(
        /"data_offsets":\s*\[\d+,/u,
        (found) => `"data_offsets":[0,${' '.repeat(Math.max(0, found.length - 18))}`,
      )
      .slice(0, size)
      .padEnd(size);
    const edited = Buffer.concat([data.subarray(0, 8), Buffer.from(text), data.subarray(8 + size)]);
    edited[8] = 0x5b;
    replaceFile('shared.safetensors', edited);
    expect((await refusal()).code).toBe('bad-tensor');
  });
  it('a vocabulary of another size', async () => {
    editManifest((manifest) => {
      for (const language of Object.values(manifest.languages)) language.size += 1;
    });
    expect((await refusal()).code).toBe('bad-vocabulary');
  });
  it('a zip with a path that leaves the folder', async () => {
    writeFileSync(join(root, 'm.zip'), zipFolder({ '../evil.txt': new Uint8Array(3) }));
    expect((await refusal(join(root, 'm.zip'))).code).toBe('unsafe-path');
  });
  it('a zip bomb, before it is unpacked', async () => {
    writeFileSync(join(root, 'm.zip'), zipFolder({ 'shared.safetensors': new Uint8Array(60_000_000) }));
    const before = process.memoryUsage().arrayBuffers;
    expect((await refusal(join(root, 'm.zip'))).code).toBe('archive-too-large');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(45_000_000);
  });
  it('a zip bomb under a name that every object has, before it is unpacked', async () => {
    writeFileSync(join(root, 'm.zip'), zipFolder({ constructor: new Uint8Array(60_000_000) }));
    const before = process.memoryUsage().arrayBuffers;
    expect((await refusal(join(root, 'm.zip'))).code).toBe('extra-file');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(45_000_000);
  });
  it('a zip bomb whose manifest agrees with it, by its ratio', async () => {
    const bomb = new Uint8Array(30_000_000);
    editManifest((manifest) => {
      manifest.files['shared.safetensors'] = {
        sha256: createHash('sha256').update(bomb).digest('hex'),
        bytes: bomb.length,
      };
    });
    writeFileSync(join(root, 'm.zip'), zipFolder({ 'shared.safetensors': bomb }));
    const { code, message } = await refusal(join(root, 'm.zip'));
    expect([code, message]).toEqual(['archive-too-large', expect.stringContaining('over 50 times')]);
  });
  it('a zip entry that is larger than it says', async () => {
    const declared = readFileSync(join(folder, 'shared.safetensors')).length;
    const archive = Buffer.from(zipFolder({ 'shared.safetensors': new Uint8Array(5_000_000) }));
    const honest = Buffer.alloc(4);
    honest.writeUInt32LE(5_000_000);
    for (let at = archive.indexOf(honest); at >= 0; at = archive.indexOf(honest, at + 4))
      archive.writeUInt32LE(declared, at);
    writeFileSync(join(root, 'm.zip'), archive);
    expect(['wrong-size', 'wrong-hash']).toContain((await refusal(join(root, 'm.zip'))).code);
  });
  it('a zip cut off in the middle', async () => {
    const whole = zipFolder();
    writeFileSync(join(root, 'm.zip'), whole.subarray(0, whole.length / 2));
    expect((await refusal(join(root, 'm.zip'))).code).toBe('not-a-bundle');
  });
});
