import { told } from '../../shared/told.ts';
import type { Event } from '../store/derive.ts';
import type { Project } from '../store/project.ts';
import { workKinds } from '../store/round-derive.ts';
import { prepare } from '../store/statements.ts';
import {
  eventEntry,
  jsonBytes,
  linesBytes,
  packSealed,
  readLines,
  readManifest,
  sealedText,
  unpackSealed,
  type EventEntry,
  type Manifest,
} from './format.ts';
import { sealedBy } from './open.ts';
import { refused } from './refuse.ts';
import { opaqueIds, returnKey, sameSeal, sign } from './seal.ts';

const day = 86_400_000;
/** Of the time of a merge. */
const readingShare = 0.2;

/** A working project's events as one file for the lead: everything so far, so that any later file holds the earlier ones. */
export function writeReturn(project: Project): Uint8Array {
  const sealed = sealedBy(project);
  if (!sealed) throw told('error.invalid-input.nothing-to-return');
  const { id, project: home, round, person, items } = sealed.manifest;
  const events = project.history
    .all()
    .filter((event) => event.round === round.id && (workKinds as readonly string[]).includes(event.kind))
    .map(
      ({ id: own, clock, device, kind, item, group, payload, at, seconds }): EventEntry =>
        ({ id: own, clock, device, kind, item, group, payload, at, seconds }) as EventEntry,
    );
  const entries = new Map([
    ['package.json', jsonBytes(sealed.manifest)],
    ['events.jsonl', linesBytes(events)],
  ]);
  return packSealed({ format: 'asklab-return', id, project: home, round, person, items }, entries, (text) =>
    sign(sealed.returnKey, 'returned', text),
  );
}

export interface Merged {
  person: string; // id
  round: string;
  added: number;
  known: number;
}

/**
 * Adds a returned file's events that are not here yet: all of them, or none. The same file twice is the same as once, and
 * the order of files does not matter. `onProgress` gets the share from 0 to 1 now and then. Error 'package-refused'; then
 * nothing was written.
 */
export function mergeReturn(
  project: Project,
  file: Uint8Array,
  onProgress: (share: number) => void = () => undefined,
  now: number = Date.now(),
): Merged {
  const { manifest, entries } = unpackSealed(file);
  if (manifest.format !== 'asklab-return') throw refused('other-kind');
  if (manifest.project !== project.value('id')) throw refused('other-project');
  const key = project.value('sealKey');
  if (key === null) throw refused('altered');
  const packed = verified(manifest, entries.get('package.json'), key);
  const { round, person } = packed;
  const items = itemsOf(project, key, packed);
  const events = readLines(entries.get('events.jsonl'), eventEntry);
  const latest = (now + day).toString(16).padStart(12, '0');
  const merged = events.map((event): Event => {
    if (event.clock > latest) throw refused('clock');
    const takesBack = event.kind === 'undo' || event.kind === 'redo';
    const item = takesBack ? event.item : items.get(event.item);
    if (item === undefined) throw refused('foreign-item');
    const { id, clock, device, kind, group, payload, at, seconds } = event;
    return { id, clock, device, person: person.id, round: round.id, kind, item, group, payload, at, seconds };
  });
  // An undo may only take back what the same file did.
  const undone = events.filter(({ kind }) => kind === 'undo' || kind === 'redo');
  const groups = new Set(undone.length === 0 ? [] : events.map((event) => event.group));
  if (undone.some(({ item }) => !groups.has(item))) throw refused('foreign-item');
  return project.transaction(() => {
    const added = project.history.merge(merged, (done) =>
      onProgress(readingShare + ((1 - readingShare) * done) / merged.length),
    );
    prepare(
      project.database,
      'UPDATE packages SET returned_at = ?, returned_events = max(returned_events, ?) WHERE id = ?',
    ).run(now, merged.length, packed.id);
    return { person: person.id, round: round.id, added, known: merged.length - added };
  });
}

/** The manifest of the package that the file answers, after both seals were checked. */
function verified(manifest: Manifest, bytes: Uint8Array | undefined, key: string): Manifest {
  if (!bytes) throw refused('altered');
  const packed = readManifest(bytes);
  if (!sameSeal(packed.seal, sign(key, 'package', sealedText(packed)))) throw refused('altered');
  if (!sameSeal(manifest.seal, sign(returnKey(key, packed.id), 'returned', sealedText(manifest))))
    throw refused('altered');
  return packed;
}

/** The project's item by its name in the package. */
function itemsOf(project: Project, key: string, { id, round, person }: Manifest): Map<string, string> {
  const known = project.rounds.list().some((one) => one.id === round.id);
  if (!known || !project.people().some((one) => one.id === person.id)) throw refused('unknown-round');
  const items = prepare(project.database, 'SELECT item FROM assignments WHERE round_id = ? AND person = ?')
    .pluck()
    .all(round.id, person.id) as string[];
  const opaque = opaqueIds(key, id);
  return new Map(items.map((item) => [opaque(item), item]));
}
