import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Dispute } from '../../shared/contract/rounds.ts';
import { AsklabError } from '../../shared/errors.ts';
import { told } from '../../shared/told.ts';
import type { EngineContext } from '../context.ts';
import { sealedBy } from '../packages/open.ts';
import { alikeOf, disputeOf, packedDispute, unsettled } from '../rounds/dispute.ts';
import { blindPassage, seenWith } from '../rounds/queue.ts';
import type { CandidateState } from '../store/derive.ts';
import type { NewEvent, Scope, Undoable } from '../store/history.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';

type Handler = Handlers<Contract>['settling'];
type Settled = Awaited<ReturnType<Handler['settle']>>;

/** What a person settles: the project's disputes, or those of a package. Undo goes over `scope`, its event to `round`. */
interface Desk {
  rows: () => { roundId: string; item: string }[];
  dispute: (roundId: string, item: string) => Dispute;
  kind: 'settle' | 'decide';
  scope: Scope;
  round: string;
}

function projectDesk(project: Project): Desk {
  return {
    rows: () => unsettled(project, project.person()),
    dispute: (roundId, item) => disputeOf(project, roundId, item),
    kind: 'settle',
    scope: { kinds: ['settle', 'return'] },
    round: 'review',
  };
}

/** In a package of an adjudication; what is settled there comes back to the project as the adjudicator's decision. */
function packageDesk(project: Project, round: string): Desk {
  return {
    rows: () =>
      prepare(
        project.database,
        `SELECT i.round_id AS roundId, i.item FROM assignments a JOIN round_items i ON i.round_id = a.round_id AND i.item = a.item
         JOIN item_states s ON s.row = i.row WHERE a.round_id = ? AND s.status = 'open' ORDER BY a.position`,
      ).all(round) as { roundId: string; item: string }[],
    dispute: (roundId, item) => packedDispute(project, roundId, item),
    kind: 'decide',
    scope: { round },
    round,
  };
}

/** What people disagree on, and what was sent back to its author. */
export function createSettling(context: EngineContext): Handler {
  /** Only the lead and adjudicators see all verdicts and decide. Error: 'invalid-input'. */
  function judge(): { project: Project; person: string; desk: Desk } {
    const project = context.project();
    const { id, role } = project.person();
    if (role !== 'lead' && role !== 'adjudicator') throw told('error.invalid-input.only-lead');
    const sealed = sealedBy(project);
    return {
      project,
      person: id,
      desk: sealed ? packageDesk(project, sealed.manifest.round.id) : projectDesk(project),
    };
  }

  function labels(project: Project, person: string, { scope }: Desk): { undo: string | null; redo: string | null } {
    const key = (entry: Undoable | null): string | null => entry && (entry.kind === 'decide' ? 'settle' : entry.kind);
    return {
      undo: key(project.history.undoable(person, scope)),
      redo: key(project.history.redoable(person, scope)),
    };
  }

  function settled(project: Project, person: string, desk: Desk, items: readonly string[]): Settled {
    const passages = new Set(items.map((item) => passageOf(project, item)).filter((id) => id !== null));
    context.emit('changed', { rounds: true, counts: true, passages: [...passages] });
    return { changed: items.length, savedAt: Date.now(), ...labels(project, person, desk) };
  }

  function takeBack(kind: 'undo' | 'redo'): Settled {
    const { project, person, desk } = judge();
    const target = project.history[kind === 'undo' ? 'undoable' : 'redoable'](person, desk.scope);
    if (!target) return { changed: 0, savedAt: Date.now(), ...labels(project, person, desk) };
    project.history.append(person, [{ kind, item: target.group, payload: {} }], desk.round);
    return settled(project, person, desk, project.history.itemsOf(target.group));
  }

  return {
    queue({ around, place, step }) {
      const { project, person, desk } = judge();
      const rows = desk.rows();
      const counts = prepare(
        project.database,
        "SELECT count(*) FILTER (WHERE status = 'returned') AS waiting, count(*) FILTER (WHERE status = 'agreed') AS agreed FROM item_states",
      ).get() as { waiting: number; agreed: number };
      const here = rows.findIndex((row) => row.item === around?.item && row.roundId === around.roundId);
      const index = here < 0 ? place - 1 : here + (step === 'next' ? 1 : step === 'previous' ? -1 : 0);
      const row = rows[Math.min(Math.max(0, index), rows.length - 1)];
      return {
        dispute: row ? desk.dispute(row.roundId, row.item) : null,
        position: row ? rows.indexOf(row) + 1 : 0,
        total: rows.length,
        ...counts,
        ...labels(project, person, desk),
      };
    },
    settle({ roundId, item, verdict, question, reason, note, seconds, alike }) {
      if (verdict === 'reject' && reason === undefined)
        throw new AsklabError('invalid-input', 'A rejection needs a reason.');
      const { project, person, desk } = judge();
      project.rounds.item(roundId, item); // refuses what is not in the round
      const events = [item, ...(alike ? alikeOf(project, roundId, item) : [])].map((one): NewEvent => {
        const { original, current, passage } = desk.dispute(roundId, one);
        const wording = question ?? current;
        const payload = {
          verdict,
          ...(verdict === 'accept' && wording !== original ? { question: wording } : {}),
          ...(reason ? { reason } : {}),
          ...(note ? { note } : {}),
          saw: { question: current, ...seenWith(project, roundId, passage.language) },
        };
        return { kind: desk.kind, item: one, payload, seconds: one === item ? seconds : 0 };
      });
      project.history.append(person, events, roundId);
      return settled(
        project,
        person,
        desk,
        events.map((event) => event.item),
      );
    },
    sendBack({ roundId, item, note }) {
      const { project, person, desk } = judge();
      const author = firstPerson(project, roundId, item);
      if (author === null) throw told('error.invalid-input.no-author');
      project.history.append(person, [{ kind: 'return', item, payload: { to: author, note } }], roundId);
      return settled(project, person, desk, [item]);
    },
    undo: () => takeBack('undo'),
    redo: () => takeBack('redo'),
    returned() {
      const project = context.project();
      const names = project.names();
      const rows = prepare(
        project.database,
        "SELECT candidate_id, state FROM states WHERE state ->> '$.returned.to' = ? ORDER BY state ->> '$.returned.at' DESC",
      ).all(project.person().id) as { candidate_id: string; state: string }[];
      return rows.flatMap(({ candidate_id, state }) => {
        const { returned } = JSON.parse(state) as CandidateState;
        if (!returned) return [];
        const candidate = project.candidate(candidate_id);
        return [
          {
            candidateId: candidate_id,
            passage: blindPassage(project.passage(candidate.passageId)),
            sentence: candidate.sentence,
            question: candidate.question,
            original: candidate.original,
            note: returned.note,
            by: names.get(returned.by) ?? returned.by,
            at: returned.at,
          },
        ];
      });
    },
  };
}

function firstPerson(project: Project, roundId: string, item: string): string | null {
  const first = project.rounds.item(roundId, item).hidden['first'] as { person: string | null } | undefined;
  return first?.person ?? null;
}

function passageOf(project: Project, item: string): string | null {
  return (
    (prepare(project.database, 'SELECT passage_id FROM candidates WHERE id = ?').pluck().get(item) as
      string | undefined) ?? null
  );
}
