import type { Candidate, Span } from '../../shared/contract/types.ts';

/** One entry of the append-only history. `group` joins what one key press did, so that one undo takes it back. */
export interface Event {
  id: string;
  clock: string;
  device: string;
  person: string;
  round: string; // 'review', 'passages' for corrections of these, or the id of a round: see `roundId`
  kind:
    | 'decide'
    | 'write'
    | 'answer'
    | 'tags'
    | 'flag'
    | 'aside'
    | 'undo'
    | 'redo'
    | 'score'
    | 'settle'
    | 'return'
    | 'language'
    | 'sentences';
  item: string; // candidate id, of a correction passage id; for undo and redo the group they name
  group: string;
  payload: Record<string, unknown>; // `old`: what it takes the place of, as its person saw it
  at: number;
  seconds: number;
}

export interface CandidateState {
  status: Candidate['status'];
  question: string | null;
  reason: Candidate['reason'];
  note: string | null;
  flag: string | null;
  type: string | null;
  difficulty: Candidate['difficulty'];
  answer: Span | null;
  answerBy: string | null;
  asideReasons: string[];
  decidedBy: string | null;
  decidedAt: number | null;
  /** Sent back to its author, until the author decides anew or the question is settled. */
  returned: { to: string; by: string; note: string; round: string; at: number } | null;
}

export const untouched: CandidateState = {
  status: 'undecided',
  question: null,
  reason: null,
  note: null,
  flag: null,
  type: null,
  difficulty: null,
  answer: null,
  answerBy: null,
  asideReasons: [],
  decidedBy: null,
  decidedAt: null,
  returned: null,
};

const undecided = {
  status: 'undecided',
  question: null,
  reason: null,
  note: null,
  decidedBy: null,
  decidedAt: null,
} as const;

/** A state as it is stored: only what was ever touched, so that a million undecided candidates cost nothing. */
export function stateText(state: CandidateState): string {
  const touched = Object.entries(state).filter(([key, value]) => {
    const before = untouched[key as keyof CandidateState];
    return Array.isArray(value) ? value.length > 0 : value !== before;
  });
  return JSON.stringify(Object.fromEntries(touched));
}

export function readState(text: string): CandidateState {
  return text === '{}' ? untouched : { ...untouched, ...(JSON.parse(text) as Partial<CandidateState>) };
}

/** The order in which every copy of a project reads the same events. */
export function byClock(left: Pick<Event, 'clock' | 'id'>, right: Pick<Event, 'clock' | 'id'>): number {
  if (left.clock !== right.clock) return left.clock < right.clock ? -1 : 1;
  return left.id < right.id ? -1 : Number(left.id > right.id);
}

/** The id of a round tells whether its decisions are votes, as in a check, or stand by themselves. */
export function roundId(kind: string, unique: string): string {
  return kind === 'review' || kind === 'adjudicate' ? `${kind}-${unique}` : unique;
}
export const inReview = (round: string): boolean => round.startsWith('review');
export const inAdjudication = (round: string): boolean => round.startsWith('adjudicate-');

/** What a person says in a check is a vote; it changes the question only once it is settled or sent back. */
function changesCandidate({ round, kind }: Event): boolean {
  return inReview(round) || inAdjudication(round) || kind === 'settle' || kind === 'return';
}

/** A candidate's state: a pure function of the set of its events and of the undone groups. */
export function deriveState(events: Iterable<Event>, undone: ReadonlySet<string>): CandidateState {
  let state: CandidateState = untouched;
  const ordered = [...events].filter(changesCandidate).sort(byClock);
  if (ordered.some((event) => event.kind === 'write' && undone.has(event.group))) {
    return { ...untouched, status: 'aside', asideReasons: ['taken-back'] };
  }
  const opinions = new Opinions();
  for (const event of ordered) {
    if (undone.has(event.group) || opinions.tooLate(event)) continue;
    state = apply(state, event);
    if (opinions.differ(event)) state = { ...state, ...undecided };
  }
  return state;
}

/** What several annotators said of a question in one review round: it stays undecided while they differ. */
class Opinions {
  private readonly rounds = new Map<string, Map<string, string>>();
  private settled = false;

  /** Whether a settlement stands against the decision of a round that came in after it: until it is given out anew. */
  tooLate({ round, kind, payload }: Event): boolean {
    if (kind === 'settle' || (kind === 'decide' && inAdjudication(round))) this.settled = true;
    else if (kind === 'return' || (round === 'review' && payload['verdict'] === 'reset')) this.settled = false;
    return this.settled && kind === 'decide' && inReview(round) && round !== 'review';
  }

  differ({ round, kind, person, payload }: Event): boolean {
    if (kind !== 'decide' || !inReview(round) || round === 'review') return false;
    const opinions = this.rounds.get(round) ?? new Map<string, string>();
    this.rounds.set(round, opinions);
    if (payload['verdict'] === 'reset') opinions.delete(person);
    else opinions.set(person, JSON.stringify([payload['verdict'], payload['question'] ?? null]));
    return new Set(opinions.values()).size > 1;
  }
}

function apply(state: CandidateState, event: Event): CandidateState {
  const { payload } = event;
  const text = (key: string): string | null => (typeof payload[key] === 'string' ? payload[key] : null);
  switch (event.kind) {
    case 'decide':
    case 'settle':
      return decide({ ...state, returned: null }, event, text);
    case 'return':
      return {
        ...state,
        returned: {
          to: text('to') ?? '',
          by: event.person,
          note: text('note') ?? '',
          round: event.round,
          at: event.at,
        },
      };
    case 'write':
      return { ...state, status: 'accepted', decidedBy: event.person, decidedAt: event.at };
    case 'answer':
      return { ...state, answer: (payload['answer'] as Span | null) ?? null, answerBy: event.person };
    case 'tags':
      return { ...state, type: text('type'), difficulty: text('difficulty') as CandidateState['difficulty'] };
    case 'flag':
      return { ...state, flag: text('flag') };
    case 'aside':
      return state.status === 'undecided'
        ? { ...state, status: 'aside', asideReasons: payload['reasons'] as string[] }
        : state;
    default:
      return state;
  }
}

function decide(state: CandidateState, event: Event, text: (key: string) => string | null): CandidateState {
  const verdict = text('verdict');
  if (verdict === 'reset') return { ...state, ...undecided };
  const decided = { ...state, decidedBy: event.person, decidedAt: event.at, note: text('note') };
  if (verdict === 'reject')
    return { ...decided, status: 'rejected', reason: text('reason') as CandidateState['reason'] };
  const question = text('question');
  return { ...decided, status: question === null ? 'accepted' : 'edited', question, reason: null };
}
