import type { z } from 'zod';
import { dispute, type Dispute, type Judgement } from '../../shared/contract/rounds.ts';
import type { Person, Reason } from '../../shared/contract/types.ts';
import { inAdjudication } from '../store/derive.ts';
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

/** How people are called: by their names, or so that nobody can tell who they are. */
type Naming = (project: Project, id: string | null) => { name: string; colour: string };

const unknownColour = '#4f5b63';
const byName: Naming = (project, id) => {
  const person = project.people().find((one) => one.id === id);
  return { name: person?.name ?? id ?? '', colour: person?.colour ?? unknownColour };
};

/** A, B, C in the order in which they are named: for a package, which tells no names. */
function lettered(): Naming {
  const letters = new Map<string, string>();
  return (_, id) => {
    if (id === null) return { name: '', colour: unknownColour };
    const letter = letters.get(id) ?? String.fromCharCode(65 + (letters.size % 26));
    letters.set(id, letter);
    return { name: letter, colour: unknownColour };
  };
}

/** SQL: what waits for somebody to settle it. An adjudicator never gets own work; the lead, who answers for all, does. */
const waiting = `FROM item_states s CROSS JOIN round_items i ON i.row = s.row
  WHERE s.status IN ('disputed', 'corrected') AND (:role = 'lead' OR (i.hidden ->> '$.first.person' IS NOT :id
    AND NOT EXISTS (SELECT 1 FROM round_states v WHERE v.round_id = i.round_id AND v.item = i.item AND v.person = :id)))`;

/** What this person may settle; what an author has corrected comes first. */
export function unsettled(project: Project, { id, role }: Person): { roundId: string; item: string }[] {
  const order = "s.status = 'disputed', i.round_id, i.passage_id, i.row";
  const sql = `SELECT i.round_id AS roundId, i.item ${waiting} ORDER BY ${order}`;
  return prepare(project.database, sql).all({ id, role }) as { roundId: string; item: string }[];
}

export function countUnsettled(project: Project, { id, role }: Person): number {
  return prepare(project.database, `SELECT count(*) ${waiting}`).pluck().get({ id, role }) as number;
}

/** Everything about one question for whoever settles it: all judgements side by side, and how they came about. */
export function disputeOf(project: Project, roundId: string, item: string, naming = byName): Dispute {
  const round = project.rounds.get(roundId);
  const { shown, hidden, status, passageId } = project.rounds.item(roundId, item);
  const candidate = project.candidate(item);
  const name = (id: string | null): string => naming(project, id).name;
  const first = hidden['first'] as First | undefined;
  const author = first && naming(project, first.person); // named first
  const judgements: Judgement[] = project.rounds
    .votes(roundId, item)
    .filter((vote) => vote.verdict !== null)
    .map((vote) => ({
      person: name(vote.person),
      colour: naming(project, vote.person).colour,
      author: false,
      ...said(vote),
      seconds: vote.seconds,
      fast: isFast(project, roundId, item, vote.person),
    }));
  if (first && author) {
    const { verdict, reason, note } = first;
    const who = { person: author.name, colour: author.colour, author: true };
    judgements.unshift({ ...who, verdict, question: null, reason, note, seconds: null, fast: false });
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

/** What an adjudicator's package tells of a question; people are letters there. */
const packed = dispute.pick({
  status: true,
  question: true,
  current: true,
  original: true,
  judgements: true,
  returned: true,
  history: true,
});

/** What leaves the project for an adjudicator, who may see verdicts, but no names, nor that a person wrote the question. */
export function packDispute(project: Project, roundId: string, item: string): z.infer<typeof packed> {
  const { history, ...dispute } = disputeOf(project, roundId, item, lettered());
  return packed.parse({ ...dispute, history: history.filter(({ kind }) => kind !== 'write') });
}

/** The same question in the project made from the package. */
export function packedDispute(project: Project, roundId: string, item: string): Dispute {
  const { shown, passageId } = project.rounds.item(roundId, item);
  return {
    ...packed.parse(shown),
    roundId,
    roundName: project.rounds.get(roundId).name,
    item,
    passage: blindPassage(project.passage(passageId)),
    sentence: typeof shown['sentence'] === 'number' ? shown['sentence'] : null,
    alike: alikeOf(project, roundId, item).length,
  };
}

/** Other questions to settle on the same passage that were checked in the same wording; in a package, open ones. */
export function alikeOf(project: Project, roundId: string, item: string): string[] {
  return prepare(
    project.database,
    `SELECT i.item FROM round_items i JOIN round_items own ON own.passage_id = i.passage_id AND own.round_id = i.round_id
     JOIN item_states s ON s.row = i.row JOIN rounds r ON r.id = i.round_id
     WHERE own.round_id = ? AND own.item = ? AND i.item <> own.item AND s.status IN ('disputed', 'corrected', iif(r.kind = 'adjudicate', 'open', 'disputed'))
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
  return project.history.of(item).map(({ at, person, kind, round, payload, group }) => ({
    at,
    person: name(person),
    kind:
      kind === 'decide' || kind === 'settle'
        ? `${kind === 'settle' || inAdjudication(round) ? 'settle.' : ''}${String(payload['verdict'])}`
        : kind,
    undone: project.history.isUndone(group),
    question: text(payload, 'question'),
    reason: text(payload, 'reason') as Reason | null,
    text: text(payload, 'note') ?? text(payload, 'flag'),
  }));
}
