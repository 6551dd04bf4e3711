import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { AsklabError } from '../../shared/errors.ts';
import { systemCode, told } from '../../shared/told.ts';

/** Writes a file whole or not at all. Errors: 'disk-full', 'write-failed'. */
export function writeWhole(path: string, bytes: Uint8Array): void {
  const part = `${path}.part`;
  try {
    const file = openSync(part, 'w');
    try {
      for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    const full = (error as { code?: string }).code === 'ENOSPC';
    if (!full) throw told('error.write-failed.file', { path, why: systemCode(error) });
    const remedy = 'Free some space or choose another folder.';
    throw new AsklabError('disk-full', `The disk is full. Nothing was written. ${remedy}`, { path });
  }
}
