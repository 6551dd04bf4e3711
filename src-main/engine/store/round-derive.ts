import { byClock, inAdjudication, type Event } from './derive.ts';

/** Tells whether a group of events is taken back. */
export type Undone = Pick<ReadonlySet<string>, 'has'>;

/** What one person has said about one item of a round: the last decision that stands. */
export interface Vote {
  verdict: string | null; // 'accept', 'edit', 'reject' in a check; 'score' in a scoring round
  payload: Record<string, unknown>;
  flag: string | null;
  seconds: number; // over all decisions, taken back or not
  at: number;
}

export type ItemStatus = 'open' | 'agreed' | 'disputed' | 'returned' | 'corrected' | 'settled' | 'done';

/** The kinds a person may write while working through a round. */
export const workKinds = ['decide', 'score', 'flag', 'undo', 'redo'] as const;

/** One person's vote on one item: a pure function of the set of events and of the undone groups. Null when nothing stands. */
export function deriveVote(events: readonly Event[], undone: Undone): Vote | null {
  let decision: Event | null = null;
  let flag: string | null = null;
  let seconds = 0;
  for (const event of events.length > 1 ? events.toSorted(byClock) : events) {
    seconds += event.seconds;
    if (undone.has(event.group)) continue;
    if (event.kind === 'flag') flag = typeof event.payload['flag'] === 'string' ? event.payload['flag'] : null;
    if (event.kind === 'decide' || event.kind === 'score') decision = event;
  }
  if (decision?.payload['verdict'] === 'reset') decision = null;
  if (decision === null && flag === null) return null;
  const { saw: _, old: __, ...payload } = decision?.payload ?? {}; // what was on the screen stays with the event
  return {
    verdict: decision === null ? null : verdictOf(decision),
    payload,
    flag,
    seconds,
    at: decision?.at ?? 0,
  };
}

/** What is compared: the verdict, of a correction its wording. */
export function voteKey(vote: Vote | null): string | null {
  return vote?.verdict === 'edit' ? `edit ${String(vote.payload['question'])}` : (vote?.verdict ?? null);
}

function verdictOf({ kind, payload }: Event): string {
  if (kind === 'score') return 'score';
  const verdict = String(payload['verdict']);
  return verdict === 'accept' && typeof payload['question'] === 'string' ? 'edit' : verdict;
}

/**
 * Where an item of a round stands. `first` is the verdict under check, null where there is none; `after` are the item's
 * settlements, returns and review decisions that stand, in order.
 */
export function deriveStatus(
  first: string | null,
  wanted: number,
  votes: readonly (string | null)[],
  after: readonly Pick<Event, 'kind' | 'round' | 'person' | 'payload'>[],
): ItemStatus {
  let later: ItemStatus | null = null;
  let author = '';
  for (const { kind, round, person, payload } of after) {
    if (kind === 'settle' || (kind === 'decide' && inAdjudication(round)))
      later = payload['verdict'] === 'reset' ? null : 'settled';
    if (kind === 'return') {
      later = 'returned';
      author = String(payload['to']);
    }
    if ((kind === 'decide' || kind === 'write') && later === 'returned' && person === author) later = 'corrected';
  }
  if (later !== null) return later;
  const cast = votes.filter((vote) => vote !== null);
  if (wanted === 0 || cast.length < wanted) return 'open';
  // Without a verdict under check people are compared with each other; scores are all alike.
  if (first === null) return cast.every((vote) => vote === cast[0]) ? 'done' : 'disputed';
  return cast.every((vote) => vote === first) ? 'agreed' : 'disputed';
}
