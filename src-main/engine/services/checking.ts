import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import { practiceItem, type Guideline } from '../../shared/contract/rounds.ts';
import { AsklabError } from '../../shared/errors.ts';
import { systemCode, told } from '../../shared/told.ts';
import type { EngineContext } from '../context.ts';
import { writeWhole } from '../packages/file.ts';
import { openPackage, sealedBy, sealedProgress, type Sealed } from '../packages/open.ts';
import { unpackSealed } from '../packages/format.ts';
import { writeReturn } from '../packages/returned.ts';
import { countUnsettled } from '../rounds/dispute.ts';
import { blindQuestion, progressOf, queueOf, seenWith, text } from '../rounds/queue.ts';
import { inReview } from '../store/derive.ts';
import type { NewEvent } from '../store/history.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';
import type { ProjectServices } from './projects.ts';

type Handler = Handlers<Contract>['checking'];
type Checked = Awaited<ReturnType<Handler['decide']>>;

/** A person's own work in a round of review or check, in the lead's project or in one made from a package. */
export function createChecking(context: EngineContext, projects: ProjectServices): Handler {
  /** The round and person of a call. Errors: 'not-found', 'invalid-input' for an item that is not the person's. */
  function own(roundId: string, item?: string): { project: Project; person: string } {
    const project = context.project();
    const person = project.person().id;
    const round = project.rounds.get(roundId);
    if (item !== undefined) {
      if (round.closedAt !== null) throw told('error.invalid-input.round-closed');
      const assigned = prepare(
        project.database,
        'SELECT 1 FROM assignments WHERE round_id = ? AND item = ? AND person = ?',
      ).get(roundId, item, person);
      if (assigned === undefined) throw told('error.invalid-input.not-yours');
    }
    return { project, person };
  }

  function labels(project: Project, person: string, round: string): { undo: string | null; redo: string | null } {
    const key = (entry: { kind: string; verdict: string | null } | null): string | null =>
      entry && (entry.verdict ?? entry.kind);
    return {
      undo: key(project.history.undoable(person, { round })),
      redo: key(project.history.redoable(person, { round })),
    };
  }

  function checked(roundId: string, item: string | null): Checked {
    const { project, person } = own(roundId);
    const stored = item === null ? null : project.rounds.item(roundId, item);
    // A review's decisions change the questions themselves.
    const questions = stored !== null && inReview(roundId) ? { counts: true, passages: [stored.passageId] } : {};
    context.emit('changed', { rounds: true, ...questions });
    const question =
      stored && blindQuestion(stored.item, stored.shown, project.rounds.vote(roundId, stored.item, person));
    return {
      question,
      passageId: stored?.passageId ?? null,
      savedAt: Date.now(),
      ...labels(project, person, roundId),
      progress: progressOf(project, roundId, person),
    };
  }

  function takeBack(kind: 'undo' | 'redo', roundId: string): Checked {
    const { project, person } = own(roundId);
    const { history } = project;
    const target = history[kind === 'undo' ? 'undoable' : 'redoable'](person, { round: roundId });
    if (!target) return checked(roundId, null);
    history.append(person, [{ kind, item: target.group, payload: {} }], roundId);
    return checked(roundId, history.itemsOf(target.group)[0] ?? null);
  }

  function write(roundId: string, event: NewEvent): Checked {
    const { project, person } = own(roundId, event.item);
    project.history.append(person, [event], roundId);
    return checked(roundId, event.item);
  }

  return {
    queues() {
      const project = context.project();
      const person = project.person().id;
      const rounds = project.rounds
        .list()
        .filter(({ kind, closedAt }) => (kind === 'check' || kind === 'review') && closedAt === null)
        .map(({ id, kind, name }) => ({ id, kind, name, ...progressOf(project, id, person) }))
        .filter((round) => round.total > 0);
      const sealed = sealedBy(project);
      return {
        check: rounds.reduce((sum, round) => sum + round.total - round.decided, 0),
        returned: countReturned(project, person),
        settle: countToSettle(project, sealed),
        rounds,
        sealed: sealed && {
          kind: sealed.manifest.round.kind,
          roundId: sealed.manifest.round.id,
          decided: sealedProgress(project, sealed).done,
          total: sealed.manifest.items,
        },
      };
    },
    queue({ roundId, ...place }) {
      const { project, person } = own(roundId);
      const found = queueOf(project, roundId, person, place);
      return { ...found, progress: progressOf(project, roundId, person), ...labels(project, person, roundId) };
    },
    decide({ roundId, item, verdict, question, reason, note, seconds }) {
      if (verdict === 'reject' && reason === undefined)
        throw new AsklabError('invalid-input', 'A rejection needs a reason.');
      if (verdict === 'reject' && reason === 'other' && !note)
        throw new AsklabError('invalid-input', 'The reason "other" needs a note.');
      const { project } = own(roundId, item);
      const { shown, passageId } = project.rounds.item(roundId, item);
      const asked = typeof shown['question'] === 'string' ? shown['question'] : '';
      const saw = { question: asked, ...seenWith(project, roundId, project.passage(passageId).language) };
      // What was sent back may have been edited before: its wording stands unless it is the generator's.
      const wording = question ?? asked;
      const edited = verdict === 'accept' && wording !== (text(shown, 'original') ?? asked);
      const payload = {
        verdict,
        ...(edited ? { question: wording } : {}),
        ...(reason ? { reason } : {}),
        ...(note ? { note } : {}),
        saw,
      };
      return write(roundId, { kind: 'decide', item, payload, seconds });
    },
    setFlag: ({ roundId, item, flag }) => write(roundId, { kind: 'flag', item, payload: { flag } }),
    undo: ({ roundId }) => takeBack('undo', roundId),
    redo: ({ roundId }) => takeBack('redo', roundId),
    briefing({ roundId }) {
      const { project } = own(roundId);
      const practice = practiceItem.array().safeParse(project.rounds.get(roundId).shown['practice']);
      const guidelines: Guideline[] = project.rounds
        .guidelines(roundId)
        .map(({ language, version, text }) => ({ language, version, text }));
      return { guidelines, practice: practice.success ? practice.data : [] };
    },
    async openPackage({ path, folder }, { signal }) {
      const file = readFile(path);
      const { manifest } = unpackSealed(file);
      const target = join(folder ?? join(context.userData, 'packages'), `${manifest.id}.asklab`);
      mkdirSync(dirname(target), { recursive: true });
      if (!existsSync(target)) return projects.use(openPackage(file, target));
      return projects.open(target, signal); // work goes on where it was left
    },
    writeReturn({ folder }) {
      const project = context.project();
      const sealed = sealedBy(project);
      const bytes = writeReturn(project);
      const name = `${safeName(project.person().name)} ${safeName(project.info().name)}.asklab-return`;
      const path = join(folder, name);
      writeWhole(path, bytes);
      return { path, decided: sealed ? sealedProgress(project, sealed).done : 0 };
    },
  };
}

function countReturned(project: Project, person: string): number {
  return prepare(project.database, "SELECT count(*) FROM states WHERE state ->> '$.returned.to' = ?")
    .pluck()
    .get(person) as number;
}

/** Settling is the lead's and the adjudicator's work. */
function countToSettle(project: Project, sealed: Sealed | null): number {
  const person = project.person();
  if (person.role !== 'lead' && person.role !== 'adjudicator') return 0;
  if (sealed) return sealed.manifest.items - sealedProgress(project, sealed).done;
  return countUnsettled(project, person);
}

export function readFile(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw told('error.file-unreadable.file', { path: basename(path), why: systemCode(error) });
  }
}

/** A person's name as part of a file name, on every system. */
export function safeName(name: string): string {
  return (
    name
      .replace(/[\\/:*?"<>|\p{Cc}]/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 80) || 'round'
  );
}
