import type Database from 'better-sqlite3';
import type { Span } from '../../shared/contract/types.ts';
import { readState, type Event } from './derive.ts';
import type { Vote } from './round-derive.ts';
import { toSpan } from './rows.ts';
import { prepare } from './statements.ts';

type Told = Pick<Event, 'kind' | 'item' | 'payload' | 'round' | 'person'>;
type Values = Record<string, unknown>;

/**
 * What an event takes the place of, as its person saw it, by the names of its payload; null where nothing stood. In a
 * round that is the person's own word alone. Asked before the event is stored.
 */
export function replacedBy(database: Database.Database, event: Told): Values | null {
  const { kind, round } = event;
  if (kind === 'language' || kind === 'sentences') return ofPassage(database, event);
  if (
    kind !== 'decide' &&
    kind !== 'settle' &&
    kind !== 'answer' &&
    kind !== 'tags' &&
    kind !== 'flag' &&
    kind !== 'score'
  )
    return null;
  const found = round === 'review' || kind === 'settle' ? ofQuestion(database, event) : ofVote(database, event);
  const stood = Object.entries(found).filter(([, value]) => value !== null && value !== undefined);
  return stood.length === 0 ? null : Object.fromEntries(stood);
}

function ofPassage(database: Database.Database, { kind, item }: Told): Values | null {
  const passage = prepare(database, 'SELECT language, sentences FROM passages WHERE id = ?').get(item) as
    { language: string; sentences: string } | undefined;
  if (!passage) return null;
  const sentences = JSON.parse(passage.sentences) as Span[];
  return kind === 'language' ? { language: passage.language, sentences } : { sentences };
}

function ofVote(database: Database.Database, { kind, item, round, person }: Told): Values {
  const text = prepare(database, 'SELECT state FROM round_states WHERE round_id = ? AND item = ? AND person = ?')
    .pluck()
    .get(round, item, person) as string | undefined;
  if (text === undefined) return {};
  const { payload, flag } = JSON.parse(text) as Vote;
  return kind === 'flag' ? { flag } : payload;
}

function ofQuestion(database: Database.Database, { kind, item, payload }: Told): Values {
  const stored = prepare(
    database,
    `SELECT c.original, c.answer_start AS start, c.answer_end AS "end", s.state
     FROM candidates c JOIN states s ON s.candidate_id = c.id WHERE c.id = ?`,
  ).get(item) as { original: string; start: number | null; end: number | null; state: string } | undefined;
  if (!stored) return {};
  const state = readState(stored.state);
  switch (kind) {
    case 'tags':
      return { type: state.type, difficulty: state.difficulty };
    case 'flag':
      return { flag: state.flag };
    case 'answer':
      return { answer: state.answerBy === null ? toSpan(stored.start, stored.end) : state.answer };
    default: {
      const { status, reason, note, question } = state;
      const reworded = question !== null || typeof payload['question'] === 'string';
      return {
        status: status === 'undecided' ? null : status,
        question: reworded ? (question ?? stored.original) : null,
        reason,
        note,
      };
    }
  }
}
