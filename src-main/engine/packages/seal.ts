import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Project } from '../store/project.ts';

/** HMAC-SHA-256 (RFC 2104) in hex. */
export function sign(key: string, ...parts: readonly string[]): string {
  return createHmac('sha256', key).update(parts.join('\u0000')).digest('hex');
}

export function sameSeal(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one, 'hex'), Buffer.from(other, 'hex')];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The project's secret: made when the first package is written, kept in the project file, in no package. */
export function projectKey(project: Project): string {
  const known = project.value('sealKey');
  if (known !== null) return known;
  const key = randomBytes(32).toString('hex');
  project.setValue('sealKey', key);
  return key;
}

/** What signs a returned file: known to the package's holder and to the project, which derives it again. */
export function returnKey(key: string, packageId: string): string {
  return sign(key, 'return', packageId);
}

/**
 * Names for a package's items and passages that say nothing outside it: SHA-256 over a key of the package's own and the
 * id, cut to 128 bits. One digest an id: a returned file of 10,000 decisions needs as many.
 */
export function opaqueIds(key: string, packageId: string): (id: string) => string {
  const own = sign(key, 'id', packageId);
  return (id) => hash('sha256', `${own}${id}`).slice(0, 32);
}

/** Where an item or passage stands in its package: as good as random without the key. */
export function opaquePlace(key: string, packageId: string, id: string): string {
  return sign(key, 'place', packageId, id);
}
