/** A bundle as fine-tuning leaves it: the bundled model under another name, its shared weights changed. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { readSafetensors, toFloat32, writeSafetensors } from '../../src-main/inference/bundle/safetensors.ts';
import { readBundleFiles } from '../../src-main/inference/bundle/source.ts';
import { writeBundle } from '../../src-main/inference/bundle/write.ts';

export const bundled = join(import.meta.dirname, '../../resources/models/lalm-five-languages');

/** Writes it to `path`: a folder, or one file where the path ends with .asklab-model. */
export async function writeTuned(path: string, id: string, name: string): Promise<void> {
  const { manifest, files } = await readBundleFiles(bundled);
  const tensors = readSafetensors('shared', files.get(manifest.shared) ?? new Uint8Array());
  for (const [key, tensor] of tensors) {
    if (tensor.type !== 'F32' || !key.endsWith('norm.weight')) continue;
    const values = toFloat32(tensor);
    values.forEach((value, at) => (values[at] = value * (at % 3 === 0 ? 0.3 : 1.4)));
    tensors.set(key, { ...tensor, bytes: new Uint8Array(values.buffer) });
  }
  const shared = writeSafetensors(tensors);
  const described = { sha256: createHash('sha256').update(shared).digest('hex'), bytes: shared.length };
  await writeBundle(
    {
      manifest: { ...manifest, id, name, files: { ...manifest.files, [manifest.shared]: described } },
      files: new Map([...files, [manifest.shared, shared]]),
    },
    path,
  );
}
