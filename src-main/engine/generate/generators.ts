import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { z } from 'zod';
import type { Generator } from '../../shared/contract/generation.ts';
import { language } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { failureOf, told } from '../../shared/told.ts';
import { rulesVersion } from '../../shared/rules/generate.ts';
import type { Language } from '../../shared/text/language.ts';

const languages = language.options;

/** The few manifest fields a list of models needs; loading checks the rest (docs/model-bundle.md). */
const manifestHead = z.object({
  format: z.literal('asklab-model'),
  id: z.string(),
  name: z.string(),
  licence: z.string(),
  created: z.string(),
  trainingData: z.array(z.object({ source: z.string(), licence: z.string() })),
  languages: z.record(z.string(), z.object({ ready: z.boolean() })),
  files: z.record(z.string(), z.object({ bytes: z.number() })),
});

/** From the bar in docs/rules-reading.md. */
const readyForRules: Record<Language, boolean> = { en: true, zh: true, ko: true, fr: true, hi: false };

export const rulesGenerator: Generator = {
  id: rulesVersion,
  name: 'Rules',
  kind: 'rules',
  bytes: null,
  hash: null,
  licence: 'MIT',
  languages: languages.map((code) => ({ language: code, ready: readyForRules[code] })),
  path: null,
  addedAt: null,
  origin: null,
  problem: null,
};

/** The rules first, then every bundle that came with the app or was added to it. */
export function listGenerators(resources: string, userData: string): Generator[] {
  const added = bundlesIn(join(userData, 'models')).map((path) => describeBundle(path, statSync(path).mtimeMs));
  const bundled = bundlesIn(join(resources, 'models')).map((path) => describeBundle(path, null));
  return [rulesGenerator, ...bundled, ...added];
}

function bundlesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith('.asklab-model') || existsSync(join(path, 'manifest.json')));
}

export function describeBundle(path: string, addedAt: number | null): Generator {
  const unusable = (problem: AsklabError): Generator => ({
    ...rulesGenerator,
    id: basename(path),
    name: basename(path),
    kind: 'model',
    licence: null,
    languages: [],
    path,
    addedAt,
    origin: { sources: [], packedAt: '–' },
    problem: failureOf(problem),
  });
  let text: string;
  try {
    text = readManifest(path);
  } catch {
    return unusable(told('error.model-refused.not-a-bundle'));
  }
  const manifest = manifestHead.safeParse(safeJson(text));
  if (!manifest.success)
    return unusable(told('error.model-refused.bad-manifest', { message: z.prettifyError(manifest.error) }));
  return {
    id: manifest.data.id,
    name: manifest.data.name,
    kind: 'model',
    bytes: Object.values(manifest.data.files).reduce((sum, file) => sum + file.bytes, 0),
    hash: identityOf(text),
    licence: manifest.data.licence,
    languages: languages.flatMap((code) => {
      const entry = manifest.data.languages[code];
      return entry ? [{ language: code, ready: entry.ready }] : [];
    }),
    path,
    addedAt,
    origin: { sources: manifest.data.trainingData, packedAt: manifest.data.created },
    problem: null,
  };
}

/** What lineages, runs and campaigns know a bundle by. The manifest holds the digest of every file. */
function identityOf(manifest: string): string {
  const { metrics, ...rest } = JSON.parse(manifest) as Record<string, unknown>;
  void metrics; // numbers measured on this very bundle
  return createHash('sha256').update(JSON.stringify(rest)).digest('hex');
}

/** Copies a bundle into the app's own folder; the caller has had it checked by the inference process. */
export function installBundle(path: string, userData: string): Generator {
  const found = describeBundle(path, null);
  refuseUnusable(found);
  const folder = join(userData, 'models');
  mkdirSync(folder, { recursive: true });
  const name = found.id.replace(/[^A-Za-z0-9._-]/g, '-');
  const target = join(folder, statSync(path).isDirectory() ? name : `${name}.asklab-model`);
  if (existsSync(target)) throw told('error.model-refused.there', { name: found.id });
  cpSync(path, target, { recursive: true });
  return describeBundle(target, Date.now());
}

/** Error 'model-refused' for a bundle that does not hold what it should. */
export function refuseUnusable({ problem }: Generator): void {
  if (problem !== null) throw new AsklabError('model-refused', problem.message, problem.details);
}

export function removeBundle(generator: Generator): void {
  if (generator.path === null || generator.addedAt === null) {
    throw new AsklabError('invalid-input', 'This model came with the app and stays.');
  }
  rmSync(generator.path, { recursive: true });
}

function readManifest(path: string): string {
  if (statSync(path).isDirectory()) return readFileSync(join(path, 'manifest.json'), 'utf8');
  const entries = unzipSync(readFileSync(path), {
    filter: (file) => file.name.endsWith('manifest.json') && file.originalSize < 4_000_000,
  });
  const bytes = Object.values(entries)[0];
  if (!bytes) throw new Error('no manifest');
  return strFromU8(bytes);
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
