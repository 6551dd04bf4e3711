/** Reads the files of a bundle from a folder or a zip, without trusting names or sizes. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { InferenceError } from '../errors.ts';
import { parseManifest, type Manifest } from './manifest.ts';

const LARGEST_MANIFEST = 4 * 1024 * 1024;
const LARGEST_ARCHIVE = 8 * 1024 * 1024 * 1024;
/** Weights hardly shrink in a zip; a file of zeros shrinks a thousandfold. */
const LARGEST_RATIO = 50;

export interface BundleFiles {
  readonly manifest: Manifest;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Refuses absolute names, drive letters, backslashes and any `..` part. */
function checkPath(path: string): void {
  const parts = path.split('/');
  if (
    path === '' ||
    path.startsWith('/') ||
    path.includes('\\') ||
    path.includes('\0') ||
    /^[A-Za-z]:/.test(path) ||
    parts.some((part) => part === '..' || part === '.' || part === '')
  ) {
    throw new InferenceError(
      'unsafe-path',
      `The model names the path "${path}", which is not inside its folder. Do not use this model; get it again from its source.`,
      { path },
    );
  }
}

async function listFolder(root: string, prefix = ''): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await readdir(join(root, prefix), { withFileTypes: true })) {
    const path = prefix ? `${prefix}/${entry.name}` : entry.name;
    if (entry.isSymbolicLink())
      throw new InferenceError(
        'unsafe-path',
        `The model contains the link "${path}", which may leave its folder. Replace it by a file.`,
        { path },
      );
    if (entry.isDirectory()) names.push(...(await listFolder(root, path)));
    else names.push(path);
  }
  return names;
}

function checkNames(manifest: Manifest, present: readonly string[]): void {
  const declared = Object.keys(manifest.files);
  for (const path of [...declared, ...present]) checkPath(path);
  const have = new Set(present);
  const missing = declared.filter((path) => !have.has(path));
  if (missing.length > 0)
    throw new InferenceError('missing-file', `The model lacks ${missing.join(', ')}. Copy or download it again.`, {
      files: missing,
    });
  const extra = present.filter((path) => path !== 'manifest.json' && !Object.hasOwn(manifest.files, path));
  if (extra.length > 0)
    throw new InferenceError(
      'extra-file',
      `The model holds files its manifest does not name: ${extra.join(', ')}. Remove them or pack it again.`,
      { files: extra },
    );
}

function checkContent(path: string, data: Uint8Array, declared: { sha256: string; bytes: number }): void {
  if (data.length !== declared.bytes) {
    throw new InferenceError(
      'wrong-size',
      `${path} has ${data.length} bytes instead of ${declared.bytes}. Copy or download the model again.`,
      { path, bytes: data.length, declared: declared.bytes },
    );
  }
  if (createHash('sha256').update(data).digest('hex') !== declared.sha256) {
    throw new InferenceError(
      'wrong-hash',
      `${path} was changed or damaged: its sha256 differs from the manifest. Copy or download the model again.`,
      { path },
    );
  }
}

function notABundle(path: string, why: string): InferenceError {
  return new InferenceError(
    'not-a-bundle',
    `${path} is not an Asklab model: ${why}. Choose a model folder or an .asklab-model file.`,
    { path },
  );
}

async function readFolder(root: string): Promise<BundleFiles> {
  const present = await listFolder(root);
  if (!present.includes('manifest.json')) throw notABundle(root, 'it has no manifest.json');
  if ((await stat(join(root, 'manifest.json'))).size > LARGEST_MANIFEST)
    throw notABundle(root, 'its manifest.json is too large');
  const manifest = parseManifest(await readFile(join(root, 'manifest.json'), 'utf8'));
  checkNames(manifest, present);
  const files = new Map<string, Uint8Array>();
  for (const [path, declared] of Object.entries(manifest.files)) {
    const { size } = await stat(join(root, path));
    if (size !== declared.bytes)
      throw new InferenceError(
        'wrong-size',
        `${path} has ${size} bytes instead of ${declared.bytes}. Copy or download the model again.`,
        { path, bytes: size, declared: declared.bytes },
      );
    const data = await readFile(join(root, path));
    checkContent(path, data, declared);
    files.set(path, data);
  }
  return { manifest, files };
}

/** The zip is read twice: names and declared sizes first, so that nothing is unpacked beyond what the manifest allows. */
function readArchive(path: string, archive: Uint8Array): BundleFiles {
  const sizes = new Map<string, number>();
  let manifestData: Uint8Array | undefined;
  try {
    manifestData = unzipSync(archive, {
      filter: (entry) => {
        if (entry.name.endsWith('/')) return false;
        if (sizes.has(entry.name))
          throw new InferenceError('not-a-bundle', `${path} holds "${entry.name}" twice. Pack the model again.`, {
            path,
          });
        sizes.set(entry.name, entry.originalSize);
        return entry.name === 'manifest.json' && entry.originalSize <= LARGEST_MANIFEST;
      },
    })['manifest.json'];
  } catch (error) {
    if (error instanceof InferenceError) throw error;
    throw notABundle(path, 'it is not a readable zip');
  }
  for (const name of sizes.keys()) checkPath(name);
  if (manifestData === undefined) throw notABundle(path, 'it has no manifest.json');
  const manifest = parseManifest(new TextDecoder().decode(manifestData));
  checkNames(manifest, [...sizes.keys()]);
  for (const [name, declared] of Object.entries(manifest.files)) {
    const size = sizes.get(name) ?? 0;
    if (size > declared.bytes) {
      throw new InferenceError(
        'archive-too-large',
        `${name} would unpack to ${size} bytes, more than the ${declared.bytes} its manifest declares. Do not use this model.`,
        { path: name, bytes: size, declared: declared.bytes },
      );
    }
  }
  const total = Object.keys(manifest.files).reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
  if (total > LARGEST_RATIO * archive.length) {
    throw new InferenceError(
      'archive-too-large',
      `${path} would unpack to ${total} bytes, over ${LARGEST_RATIO} times its own size, as no weights do. Do not use this model.`,
      { path, bytes: total, declared: archive.length },
    );
  }
  const files = new Map<string, Uint8Array>();
  let unpacked: Record<string, Uint8Array>;
  try {
    unpacked = unzipSync(archive, { filter: (entry) => Object.hasOwn(manifest.files, entry.name) });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InferenceError(
      'wrong-size',
      `${path} cannot be unpacked to the sizes it declares (${reason}). Copy or download the model again.`,
      { path },
    );
  }
  for (const [name, declared] of Object.entries(manifest.files)) {
    const data = unpacked[name];
    if (data === undefined)
      throw new InferenceError('missing-file', `The model lacks ${name}. Copy or download it again.`, {
        files: [name],
      });
    checkContent(name, data, declared);
    files.set(name, data);
  }
  return { manifest, files };
}

/** Reads and verifies all files of a bundle. */
export async function readBundleFiles(path: string): Promise<BundleFiles> {
  const info = await stat(path).catch(() => null);
  if (info === null) throw notABundle(path, 'nothing is there');
  if (info.isDirectory()) return readFolder(path);
  if (info.size > LARGEST_ARCHIVE)
    throw new InferenceError('archive-too-large', `${path} is larger than 8 GB; no Asklab model is.`, { path });
  return readArchive(path, await readFile(path));
}
