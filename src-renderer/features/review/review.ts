import type {
  Candidate,
  CandidateFilter,
  CandidateSignals,
  Job,
  Language,
  Reason,
  Span,
} from '../../../src-main/shared/contract/types.ts';
import { foldWithMap } from '../../../src-main/shared/text/offsets.ts';
import { wordSpans, type WordChange } from '../../../src-main/shared/text/words.ts';

export const questionTypes = ['fact', 'amount', 'cause', 'process', 'definition', 'comparison'] as const;
export const difficulties = ['easy', 'medium', 'hard'] as const;
export const statuses = ['undecided', 'accepted', 'edited', 'rejected', 'aside'] as const;
export const signalNames = ['copied', 'unfinished', 'duplicate', 'near', 'language', 'repeated'] as const;
export const queueOrders = ['score', 'short', 'long'] as const;
export type SignalName = (typeof signalNames)[number];

/** A share of copied words over which the row warns: that of the filter and of the rule that sets aside. */
export const copiedWarns = 0.8;

export type Order = 'sentence' | 'score';

/** By the sentence they ask about, whole-passage questions first, within a sentence as they came; or best score first. */
export function ordered(candidates: readonly Candidate[], order: Order = 'sentence'): Candidate[] {
  if (order === 'score') {
    const score = (candidate: Candidate): number => candidate.score ?? -Infinity;
    return [...candidates].sort((left, right) => score(right) - score(left) || 0);
  }
  return [...candidates].sort((left, right) => (left.sentence ?? -1) - (right.sentence ?? -1));
}

export function isOpen(candidate: Candidate): boolean {
  return candidate.status === 'undecided';
}

/** The next row to decide after `from`, going round once; null when all are decided. */
export function nextOpen(candidates: readonly Candidate[], from: string | null): string | null {
  const start = candidates.findIndex((candidate) => candidate.id === from);
  for (let step = 1; step <= candidates.length; step++) {
    const candidate = candidates[(start + step) % candidates.length];
    if (candidate && candidate.id !== from && isOpen(candidate)) return candidate.id;
  }
  return null;
}

/** Only what warns, in the order of how much it says. */
export function warnings(signals: CandidateSignals): SignalName[] {
  const found: SignalName[] = [];
  if (signals.unfinished) found.push('unfinished');
  if (signals.languageMismatch) found.push('language');
  if (signals.copiedShare > copiedWarns) found.push('copied');
  if (signals.duplicateOf !== null) found.push('duplicate');
  else if (typeof signals.nearOf === 'string') found.push('near');
  if (signals.repeatedNgram) found.push('repeated');
  return found;
}

/** The reason a signal suggests; it is ringed, never chosen. */
export function suggestedReason(signals: CandidateSignals): Reason | null {
  if (signals.duplicateOf !== null || typeof signals.nearOf === 'string') return 'duplicate';
  if (signals.unfinished || signals.repeatedNgram) return 'ungrammatical';
  if (signals.copiedShare > copiedWarns) return 'trivial';
  return null;
}

/** Where a search stands in the text, whatever its case. */
export function findAll(text: string, search: string): Span[] {
  const lower = (part: string): string => part.toLowerCase();
  const wanted = lower(search.trim());
  if (wanted === '') return [];
  // Some letters are longer in lower case: the map leads back to the text.
  const { text: folded, starts, ends } = foldWithMap(text, lower);
  const found: Span[] = [];
  for (let at = folded.indexOf(wanted); at >= 0; at = folded.indexOf(wanted, at + wanted.length)) {
    found.push({ start: starts[at] ?? 0, end: ends[at + wanted.length - 1] ?? text.length });
  }
  return found;
}

/** Without the white space at its ends: an answer begins and ends with a character that says something. */
export function trimSpan(text: string, span: Span): Span {
  const inside = text.slice(span.start, span.end);
  const start = span.start + inside.length - inside.trimStart().length;
  return { start, end: Math.max(start, span.end - (inside.length - inside.trimEnd().length)) };
}

/** Where a lone caret goes: from word start to word start. */
export function caretStep(text: string, language: Language, at: number, direction: 1 | -1): number {
  if (direction === -1) return wordStep(text, language, at, -1);
  return wordSpans(text, language).find((span) => span.start > at)?.start ?? text.length;
}

/** The next word border from an offset: forward to the end of a word, backward to its start. */
export function wordStep(text: string, language: Language, at: number, direction: 1 | -1): number {
  const spans = wordSpans(text, language);
  if (direction === 1) return spans.find((span) => span.end > at)?.end ?? text.length;
  return spans.findLast((span) => span.start < at)?.start ?? 0;
}

export function changedWords(changes: readonly WordChange[], language: Language): { added: number; removed: number } {
  const count = (kind: WordChange['kind']): number =>
    changes
      .filter((change) => change.kind === kind)
      .reduce((sum, change) => sum + wordSpans(change.text, language).length, 0);
  return { added: count('added'), removed: count('removed') };
}

/** What an edit means: without a change the question is accepted as written. */
export function editedQuestion(candidate: Candidate, text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed === '' || trimmed === candidate.original ? undefined : trimmed;
}

export function isEmptyFilter(filter: CandidateFilter): boolean {
  return Object.values(filter).every(
    (value) => value === undefined || value === false || value === '' || (Array.isArray(value) && value.length === 0),
  );
}

/** Takes the empty parts out of a filter: the contract's fields are absent or meant. */
export function tidyFilter(filter: CandidateFilter): CandidateFilter {
  const kept = Object.entries(filter).filter(
    ([, value]) =>
      value !== undefined && value !== false && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(kept) as CandidateFilter;
}

export function sameFilter(left: CandidateFilter, right: CandidateFilter): boolean {
  const plain = (filter: CandidateFilter): string =>
    JSON.stringify(Object.entries(tidyFilter(filter)).sort(([one], [other]) => one.localeCompare(other)));
  return plain(left) === plain(right);
}

/** What an import's job was asked for. */
interface ImportSettings {
  sources?: readonly ({ path: string } | { title: string })[];
  options?: { questionsAs?: string };
}

/** Whose questions can be in the project, files' too, by its jobs, so that a million questions need not be read. */
export function generatorsOf(jobs: readonly Job[]): { id: string; name: string }[] {
  const found = new Map<string, string>();
  for (const { kind, settings, title } of jobs) {
    const { generator } = settings;
    if (kind === 'generate' && typeof generator === 'string') found.set(generator, title);
    const { sources = [], options }: ImportSettings = kind === 'import' ? settings : {};
    for (const source of options?.questionsAs === 'candidates' ? sources : []) {
      const file = 'path' in source ? (source.path.split(/[\\/]/u).at(-1) ?? '') : source.title;
      found.set(`import:${file}`, file);
    }
  }
  return [...found].map(([id, name]) => ({ id, name }));
}
