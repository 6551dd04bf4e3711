import { z } from 'zod';
import { language, span } from '../../shared/contract/types.ts';
import { pack, sha256, unpack, type Entries } from './archive.ts';
import { refused } from './refuse.ts';

/** The version of docs/sealed-package.md that this code writes and reads. */
export const formatVersion = 1;

const anything = z.record(z.string(), z.unknown());
/** The same without a copy of each: a file holds tens of thousands. */
const payload = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
);
const digest = z.string().regex(/^[0-9a-f]{64}$/);
const identifier = z.string().min(1).max(80);

export const manifest = z.strictObject({
  format: z.enum(['asklab-package', 'asklab-return']),
  version: z.number().int(),
  id: identifier,
  project: identifier,
  round: z.strictObject({ id: identifier, kind: z.enum(['review', 'check', 'adjudicate', 'score']), name: z.string() }),
  person: z.strictObject({ id: identifier, name: z.string(), colour: z.string() }),
  items: z.number().int().nonnegative(),
  entries: z.array(z.strictObject({ name: z.string(), bytes: z.number().int(), sha256: digest })),
  seal: digest,
});
export type Manifest = z.infer<typeof manifest>;
const versioned = z.object({ format: z.string(), version: z.number() });

export const passageEntry = z.strictObject({
  id: identifier,
  title: z.string(),
  text: z.string(),
  language,
  sentences: z.array(span),
  words: z.number().int().nonnegative(),
});
export const itemEntry = z.strictObject({ id: identifier, passage: identifier, shown: anything });
export const guidelineEntry = z.strictObject({ language, version: z.number().int().positive(), text: z.string() });
export const eventEntry = z.strictObject({
  id: identifier,
  clock: z.string().regex(/^[0-9a-f]{12}-[0-9a-f]{6,8}-[0-9a-z]{1,40}$/),
  device: identifier,
  kind: z.enum(['decide', 'score', 'flag', 'undo', 'redo']),
  item: identifier,
  group: identifier,
  payload,
  at: z.number().int(),
  seconds: z.number().nonnegative(),
});
export type PassageEntry = z.infer<typeof passageEntry>;
export type ItemEntry = z.infer<typeof itemEntry>;
export type EventEntry = z.infer<typeof eventEntry>;

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

export function jsonBytes(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

export function linesBytes(values: Iterable<unknown>): Uint8Array {
  let text = '';
  for (const value of values) text += `${JSON.stringify(value)}\n`;
  return encoder.encode(text);
}

/** Packs entries behind a manifest that lists their digests; `seal` signs the manifest's text without its seal. */
export function packSealed(
  fields: Omit<Manifest, 'entries' | 'seal' | 'version'>,
  entries: Entries,
  seal: (text: string) => string,
): Uint8Array {
  const listed = Array.from(entries, ([name, bytes]) => ({ name, bytes: bytes.length, sha256: sha256(bytes) }));
  const open: Omit<Manifest, 'seal'> = { ...fields, version: formatVersion, entries: listed };
  const closed: Manifest = { ...open, seal: seal(sealedText(open)) };
  return pack(new Map([['manifest.json', jsonBytes(closed)], ...entries]));
}

/** The text that is signed: the manifest's fields in the format's order. */
export function sealedText(fields: Omit<Manifest, 'seal'>): string {
  const { format, version, id, project, round, person, items, entries } = fields;
  return JSON.stringify([
    format,
    version,
    id,
    project,
    [round.id, round.kind, round.name],
    [person.id, person.name, person.colour],
    items,
    entries.map((entry) => [entry.name, entry.bytes, entry.sha256]),
  ]);
}

/** Unpacks and checks every entry against the manifest. Refusals: those of `unpack`, 'newer', 'altered'. */
export function unpackSealed(file: Uint8Array): { manifest: Manifest; entries: Map<string, Uint8Array> } {
  const entries = unpack(file);
  const bytes = entries.get('manifest.json');
  if (!bytes) throw refused('not-a-package');
  const read = readManifest(bytes);
  entries.delete('manifest.json');
  for (const { name, bytes: length, sha256: wanted } of read.entries) {
    const entry = entries.get(name);
    if (!entry) throw refused('altered');
    if (entry.length !== length) throw refused('wrong-size');
    if (sha256(entry) !== wanted) throw refused('altered');
  }
  if (entries.size !== read.entries.length) throw refused('unknown-entry');
  return { manifest: read, entries };
}

/** Refusals: 'not-a-package', 'newer'. */
export function readManifest(bytes: Uint8Array): Manifest {
  const value = parse(bytes, 'not-a-package');
  const version = versioned.safeParse(value);
  if (!version.success || !version.data.format.startsWith('asklab-')) throw refused('not-a-package');
  if (version.data.version > formatVersion) throw refused('newer');
  const read = manifest.safeParse(value);
  if (!read.success) throw refused('not-a-package');
  return read.data;
}

/** A JSON entry by its schema. Refusal: 'altered'. */
export function readJson<S extends z.ZodType>(bytes: Uint8Array | undefined, schema: S): z.output<S> {
  if (!bytes) throw refused('altered');
  const read = schema.safeParse(parse(bytes, 'altered'));
  if (!read.success) throw refused('altered');
  return read.data;
}

const compiledSchemas = new WeakMap<z.ZodType, z.ZodType>();

/** Once for each schema: what it makes is code, which V8 compiles in its turn. */
function compile<S extends z.ZodType>(schema: S): S {
  const known = compiledSchemas.get(schema) ?? z.compile(schema);
  compiledSchemas.set(schema, known);
  return known as S;
}

/** A JSON Lines entry by its schema. Refusal: 'altered'. */
export function readLines<S extends z.ZodType>(bytes: Uint8Array | undefined, schema: S): z.output<S>[] {
  if (!bytes) throw refused('altered');
  const whole = text(bytes, 'altered');
  const lines = whole.slice(0, Math.max(0, whole.lastIndexOf('\n'))); // nothing follows the last line break
  // All lines as one array, and the schema compiled: a third of the time of line by line.
  const values = parseText(`[${lines.replaceAll('\n', ',')}]`) as unknown[];
  const breaks = lines.length - lines.replaceAll('\n', '').length;
  if (values.length !== (lines === '' ? 0 : breaks + 1)) throw refused('altered');
  const compiled = compile(schema);
  return values.map((value) => {
    const read = compiled.safeParse(value);
    if (!read.success) throw refused('altered');
    return read.data;
  });
}

function parse(bytes: Uint8Array, reason: 'altered' | 'not-a-package'): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    throw refused(reason);
  }
}

function text(bytes: Uint8Array, reason: 'altered'): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw refused(reason);
  }
}

function parseText(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw refused('altered');
  }
}
