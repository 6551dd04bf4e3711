import type { Dispute, Judgement } from '../../shared/contract/rounds.ts';
import type { Reason } from '../../shared/contract/types.ts';
import type { Project } from '../store/project.ts';
import type { Vote } from '../store/round-derive.ts';
import { prepare } from '../store/statements.ts';
import { blindPassage, text } from './queue.ts';
import { isFast } from './summary.ts';

interface First {
  person: string | null;
  verdict: 'accept' | 'reject';
  reason: Reason | null;
  note: string | null;
}

/** Everything about one question for whoever settles it: all judgements side by side, and how they came about. */
export function disputeOf(project: Project, roundId: string, item: string): Dispute {
  const round = project.rounds.get(roundId);
  const { shown, hidden, status, passageId } = project.rounds.item(roundId, item);
  const candidate = project.candidate(item);
  const people = new Map(project.people().map((person) => [person.id, person]));
  const name = (id: string | null): string => (id === null ? '' : (people.get(id)?.name ?? id));
  const first = hidden['first'] as First | undefined;
  const judgements: Judgement[] = project.rounds
    .votes(roundId, item)
    .filter((vote) => vote.verdict !== null)
    .map((vote) => ({
      person: name(vote.person),
      colour: people.get(vote.person)?.colour ?? '#4f5b63',
      author: false,
      ...said(vote),
      seconds: vote.seconds,
      fast: isFast(project, roundId, item, vote.person),
    }));
  if (first) {
    const { verdict, reason, note } = first;
    const colour = people.get(first.person ?? '')?.colour ?? '#4f5b63';
    const author = { person: name(first.person), colour, author: true, verdict, question: null, reason, note };
    judgements.unshift({ ...author, seconds: null, fast: false });
  }
  const { returned } = project.history.derive(item);
  return {
    roundId,
    roundName: round.name,
    item,
    status,
    passage: blindPassage(project.passage(passageId)),
    sentence: typeof shown['sentence'] === 'number' ? shown['sentence'] : null,
    question: String(shown['question']),
    current: candidate.question,
    original: candidate.original,
    judgements,
    returned: returned && { to: name(returned.to), note: returned.note, at: returned.at },
    alike: alikeOf(project, roundId, item).length,
    history: historyOf(project, item, name),
  };
}

/** Other questions to settle on the same passage that were checked in the same wording. */
export function alikeOf(project: Project, roundId: string, item: string): string[] {
  return prepare(
    project.database,
    `SELECT i.item FROM round_items i JOIN round_items own ON own.passage_id = i.passage_id AND own.round_id = i.round_id
     JOIN item_states s ON s.row = i.row
     WHERE own.round_id = ? AND own.item = ? AND i.item <> own.item AND s.status IN ('disputed', 'corrected')
       AND lower(trim(i.shown ->> '$.question')) = lower(trim(own.shown ->> '$.question'))`,
  )
    .pluck()
    .all(roundId, item) as string[];
}

function said(vote: Vote): Pick<Judgement, 'verdict' | 'question' | 'reason' | 'note'> {
  return {
    verdict: vote.verdict as Judgement['verdict'],
    question: text(vote.payload, 'question'),
    reason: text(vote.payload, 'reason') as Reason | null,
    note: text(vote.payload, 'note'),
  };
}

function historyOf(project: Project, item: string, name: (id: string) => string): Dispute['history'] {
  return project.history.of(item).map(({ at, person, kind, payload, group }) => ({
    at,
    person: name(person),
    kind:
      kind === 'decide' || kind === 'settle'
        ? `${kind === 'settle' ? 'settle.' : ''}${String(payload['verdict'])}`
        : kind,
    undone: project.history.isUndone(group),
    question: text(payload, 'question'),
    reason: text(payload, 'reason') as Reason | null,
    text: text(payload, 'note') ?? text(payload, 'flag'),
  }));
}
