import type Database from 'better-sqlite3';
import type { Language, Span } from '../../shared/contract/types.ts';
import { countWords } from '../../shared/text/words.ts';
import { byClock, type Event } from './derive.ts';
import type { Undone } from './round-derive.ts';
import { prepare } from './statements.ts';

/** What people correct of a passage. Both kinds of event carry the sentences, and in `old` what they take the place of. */
const correctionKinds = ['language', 'sentences'] as const;

/** Corrections are no part of a review or check: undo and redo look at them apart. */
export const correctionScope = { round: 'passages', kinds: correctionKinds };

interface CorrectedPassage {
  language: Language | null; // null: as it is
  sentences: readonly Span[];
}

type Corrected = { language?: Language; sentences: readonly Span[] };

/**
 * A passage as its corrections leave it, or null without any: a pure function of the set of events and of the undone
 * groups. What the first one took the place of is what was imported: whoever made it had seen no other.
 */
export function derivePassage(events: readonly Event[], undone: Undone): CorrectedPassage | null {
  const ordered = events.filter(isCorrection).sort(byClock);
  const old = ({ payload }: Event): Corrected => payload['old'] as Corrected;
  const [first] = ordered;
  if (!first) return null;
  let { sentences } = old(first);
  const respoken = ordered.find(({ kind }) => kind === 'language');
  let language = respoken ? (old(respoken).language ?? null) : null;
  for (const { payload } of ordered.filter((event) => !undone.has(event.group))) {
    const corrected = payload as Corrected;
    ({ sentences } = corrected);
    language = corrected.language ?? language;
  }
  return { language, sentences };
}

export function isCorrection({ kind }: Pick<Event, 'kind'>): boolean {
  return kind === 'language' || kind === 'sentences';
}

/** Writes a passage's language and sentences; its questions follow in both, and stay with the text they ask about. */
export function writeCorrected(
  database: Database.Database,
  id: string,
  { language, sentences }: CorrectedPassage,
): void {
  const stored = prepare(database, 'SELECT text, language, sentences FROM passages WHERE id = ?').get(id) as
    { text: string; language: Language; sentences: string } | undefined;
  if (!stored) return;
  const spans = JSON.stringify(sentences);
  if (language !== null && language !== stored.language) {
    const words = countWords(stored.text, language);
    prepare(database, 'UPDATE passages SET language = ?, words = ? WHERE id = ?').run(language, words, id);
    prepare(database, 'UPDATE candidates SET language = ? WHERE passage_id = ?').run(language, id);
  }
  if (spans === stored.sentences) return;
  prepare(database, 'UPDATE passages SET sentences = ? WHERE id = ?').run(spans, id);
  const placed = prepare(
    database,
    'SELECT row, coalesce(focus_start, anchor) AS at FROM candidates WHERE passage_id = ? AND coalesce(focus_start, anchor) IS NOT NULL',
  ).all(id) as { row: number; at: number }[];
  const move = prepare(database, 'UPDATE candidates SET sentence = ? WHERE row = ?');
  for (const { row, at } of placed) {
    const index = sentences.findIndex((span) => span.start <= at && at < span.end);
    move.run(index < 0 ? null : index, row);
  }
}
