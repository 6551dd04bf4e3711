/** Writes bundles: one more language beside those of a bundle, and a folder as one .asklab-model file. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { zipSync } from 'fflate';
import { InferenceError } from '../errors.ts';
import { Tokenizer } from '../tokenizer/tokenizer.ts';
import { assembleBundle } from './bundle.ts';
import { parseManifest, type Manifest } from './manifest.ts';
import { readBundleFiles, type BundleFiles } from './source.ts';

/** A low-level module trained against the bundle's shared part (docs/model-bundle.md, "Adding a language"). */
export interface ExtraLanguage {
  /** Its code, a new one. */
  readonly language: string;
  /** Path of a low-level safetensors file in the bundle's precision. */
  readonly weights: string;
  /** Path of the SentencePiece model it was trained with. */
  readonly vocabulary: string;
}

/**
 * The bundle at `base` with one language more, checked as loading would check it. The shared part is not touched, so the
 * other languages write what they wrote before. Errors: 'invalid-input' and every refusal of loading.
 */
export async function withLanguage(base: string, extra: ExtraLanguage): Promise<BundleFiles> {
  const { manifest, files } = await readBundleFiles(base);
  const { language } = extra;
  if (!/^[a-z]{2,3}$/u.test(language) || Object.hasOwn(manifest.languages, language)) {
    throw new InferenceError(
      'invalid-input',
      `"${language}" is not a new language code: the bundle has ${Object.keys(manifest.languages).join(', ')}. Give another code.`,
      { language },
    );
  }
  if (manifest.architecture.lowLevel === 'shared') {
    throw new InferenceError(
      'invalid-input',
      'This bundle has one low level for all languages, so none can be added. Choose a bundle with one per language.',
    );
  }
  const [weights, vocabulary] = await Promise.all([readFile(extra.weights), readFile(extra.vocabulary)]);
  const names = { weights: `low/${language}.safetensors`, vocabulary: `vocabulary/${language}.model` };
  const { size } = new Tokenizer(vocabulary, extra.vocabulary);
  const added = new Map<string, Uint8Array>([...files, [names.weights, weights], [names.vocabulary, vocabulary]]);
  const next: Manifest = {
    ...manifest,
    languages: { ...manifest.languages, [language]: { ...names, size, ready: false } },
    files: { ...manifest.files, [names.weights]: describe(weights), [names.vocabulary]: describe(vocabulary) },
  };
  assembleBundle(next, added);
  return { manifest: parseManifest(JSON.stringify(next)), files: added };
}

function describe(data: Uint8Array): { sha256: string; bytes: number } {
  return { sha256: createHash('sha256').update(data).digest('hex'), bytes: data.length };
}

/** Writes a bundle to a new folder, or to a new file where `path` ends with .asklab-model; nothing is left half-written. */
export async function writeBundle({ manifest, files }: BundleFiles, path: string): Promise<void> {
  if (existsSync(path))
    throw new InferenceError('invalid-input', `${path} is there already. Remove it or choose another name.`, { path });
  const text = `${JSON.stringify(manifest, null, 1)}\n`;
  const partial = `${path}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    if (path.endsWith('.asklab-model')) {
      const entries = { 'manifest.json': new TextEncoder().encode(text), ...Object.fromEntries(files) };
      await writeFile(partial, zipSync(entries, { level: 6 }));
    } else {
      for (const [name, data] of files) {
        await mkdir(dirname(join(partial, name)), { recursive: true });
        await writeFile(join(partial, name), data);
      }
      await writeFile(join(partial, 'manifest.json'), text);
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}
