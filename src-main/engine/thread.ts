import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A thread's file by its place from `base`, a module's URL: in the source, or beside a bundled build. */
export function threadFile(base: string, name: string): string {
  const files = [`./${name}.ts`, `./${name}.cjs`].map((file) => fileURLToPath(new URL(file, base)));
  const found = files.find((file) => existsSync(file));
  if (found === undefined) throw new Error(`The file of a thread is missing: ${files.join(' or ')}.`);
  return found;
}
