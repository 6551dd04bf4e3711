import type { Span } from './span.ts';

/** How an imported start offset is counted. */
export type OffsetUnit = 'codePoint' | 'utf16';

/** A span that holds in the passage, or the reason why none does. */
export type VerifiedSpan =
  { ok: true; span: Span; match: 'exact' | 'moved' | 'normalised' } | { ok: false; reason: 'empty-text' | 'not-found' };

/** UTF-16 offset of the code point with number `index`; an index past the end gives the text's length. */
export function codePointToUtf16(text: string, index: number): number {
  let offset = 0;
  for (let seen = 0; seen < index && offset < text.length; seen += 1) offset += unitsAt(text, offset);
  return offset;
}

/** Number of code points before a UTF-16 offset; an offset inside a surrogate pair counts the pair as before it. */
export function utf16ToCodePoint(text: string, offset: number): number {
  let count = 0;
  for (let position = 0; position < offset && position < text.length; count += 1) position += unitsAt(text, position);
  return count;
}

function unitsAt(text: string, offset: number): number {
  return (text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
}

/**
 * Finds where an answer text stands in a passage. The text at `start` wins; else the nearest exact occurrence ("moved");
 * else the nearest one when canonical form (NFC/NFD), case, kinds of quotes and runs of white space are ignored.
 * `start` null means unknown and counts as 0. Offsets in the result are UTF-16 and cover whole characters.
 */
export function verifySpan(
  passage: string,
  text: string,
  start: number | null,
  unit: OffsetUnit = 'codePoint',
): VerifiedSpan {
  const wanted = text.trim();
  if (wanted === '') return { ok: false, reason: 'empty-text' };
  const lead = text.length - text.trimStart().length;
  const known = start !== null && Number.isFinite(start) && start >= 0;
  const given = !known ? 0 : unit === 'codePoint' ? codePointToUtf16(passage, start) + lead : Math.floor(start) + lead;
  if (known && passage.startsWith(wanted, given)) {
    return { ok: true, span: { start: given, end: given + wanted.length }, match: 'exact' };
  }
  const exact = nearest(occurrences(passage, wanted), given);
  if (exact !== null)
    return { ok: true, span: { start: exact, end: exact + wanted.length }, match: known ? 'moved' : 'exact' };
  const folded = foldWithMap(passage);
  const needle = foldWithMap(wanted).text.trim();
  if (needle === '') return { ok: false, reason: 'not-found' };
  const spans = occurrences(folded.text, needle).map((at) => ({
    start: folded.starts[at] ?? 0,
    end: folded.ends[at + needle.length - 1] ?? passage.length,
  }));
  const place = nearest(
    spans.map((span) => span.start),
    given,
  );
  const span = spans.find((candidate) => candidate.start === place);
  return span === undefined ? { ok: false, reason: 'not-found' } : { ok: true, span, match: 'normalised' };
}

function occurrences(text: string, needle: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1)) found.push(at);
  return found;
}

function nearest(places: number[], wanted: number): number | null {
  let best: number | null = null;
  for (const place of places) if (best === null || Math.abs(place - wanted) < Math.abs(best - wanted)) best = place;
  return best;
}

/** A folded copy of a text that knows where each of its units came from. */
export type FoldedText = { text: string; starts: number[]; ends: number[] };

/** A base character with its marks, or a Hangul syllable written in separate letters: what must be normalised together. */
const clusters = /[\u1100-\u1112][\u1161-\u1175][\u11a8-\u11c2]?|\s+|\P{M}\p{M}*|\p{M}+/gu;

/** Folds a text cluster by cluster (`fold` gets one cluster) and keeps a map back to the original offsets. */
export function foldWithMap(text: string, fold: (cluster: string) => string = foldLoosely): FoldedText {
  const result: FoldedText = { text: '', starts: [], ends: [] };
  for (const match of text.matchAll(clusters)) {
    const cluster = match[0];
    const folded = fold(cluster);
    result.text += folded;
    for (let unit = 0; unit < folded.length; unit += 1) {
      result.starts.push(match.index);
      result.ends.push(match.index + cluster.length);
    }
  }
  return result;
}

function foldLoosely(cluster: string): string {
  if (/^\s/u.test(cluster)) return ' ';
  return cluster
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[‘’‛′]/gu, "'")
    .replace(/[“”„«»″]/gu, '"')
    .replace(/[‐‑‒–—−]/gu, '-')
    .replace(/[\u200b-\u200d\ufeff\u00ad]/gu, '');
}
