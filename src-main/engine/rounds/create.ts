import type { Candidate, Language } from '../../shared/contract/types.ts';
import type { Selection, SelectionPreview, PracticeItem } from '../../shared/contract/rounds.ts';
import { AsklabError } from '../../shared/errors.ts';
import { told } from '../../shared/told.ts';
import { words } from '../../shared/text/words.ts';
import type { Project } from '../store/project.ts';
import type { GivenItem, Round } from '../store/round-store.ts';
import { prepare } from '../store/statements.ts';
import { packDispute } from './dispute.ts';
import { disputedRound, matching, workersOf } from './match.ts';
import { sentenceFinder } from './reading.ts';
import { assign, mayHave, pick, type Choice } from './select.ts';

interface Plan {
  preview: SelectionPreview;
  picked: Choice[];
  assignments: ReturnType<typeof assign>['assignments'];
}

/** Of two adjudicators there would be two last words. */
function overlapOf({ kind, overlap }: Selection): number {
  return kind === 'adjudicate' ? 1 : overlap;
}

/** What a selection would take and who would get it; writes nothing. Error 'invalid-input': an unknown person. */
export async function plan(project: Project, selection: Selection, signal: AbortSignal): Promise<Plan> {
  const people = project.people();
  for (const id of selection.people)
    if (!people.some((person) => person.id === id))
      throw new AsklabError('invalid-input', 'A person chosen is not in the project.');
  const found = await matching(project, selection, signal);
  const workers = await workersOf(project, selection.kind, signal);
  const balance = { languages: selection.balanceLanguages, difficulties: selection.balanceDifficulties };
  const able = found.map((choice) => ({ ...choice, workers: workers.get(choice.item) ?? [] }));
  const eligible = able.filter((choice) => selection.people.some((person) => mayHave(choice, person)));
  const chosen = pick(eligible, selection.count, balance, selection.seed);
  const { assignments, items, short } = assign(chosen, selection.people, overlapOf(selection), selection.seed);
  const picked = chosen.filter((choice) => items.has(choice.item));
  const count = (list: readonly Choice[], language: Language): number =>
    list.filter((choice) => choice.language === language).length;
  const languages = [...new Set(found.map((choice) => choice.language))].sort();
  return {
    picked,
    assignments,
    preview: {
      matching: found.length,
      picked: picked.length,
      passages: new Set(picked.map((choice) => choice.passageId)).size,
      languages: languages.map((language) => ({
        language,
        matching: count(found, language),
        picked: count(picked, language),
      })),
      people: selection.people.map((id) => ({ id, items: assignments.filter(({ person }) => person === id).length })),
      short,
      nobody: found.length - eligible.length,
      tells: selection.kind === 'check' ? verdictOfAll(picked) : null,
    },
  };
}

/** What everyone in a check can tell of the first verdicts: that they are all the same. Null when they are not. */
function verdictOfAll(picked: readonly Choice[]): SelectionPreview['tells'] {
  const rejected = picked.filter((choice) => choice.rejected === true).length;
  if (picked.length === 0 || (rejected > 0 && rejected < picked.length)) return null;
  return rejected === 0 ? 'accept' : 'reject';
}

/** Makes the round a selection describes. Error 'invalid-input' when nothing can be picked. */
export async function createRound(
  project: Project,
  selection: Selection,
  { name, practice }: { name: string; practice: readonly { candidateId: string; explanation: string }[] },
  signal: AbortSignal,
): Promise<Round> {
  const { picked, assignments } = await plan(project, selection, signal);
  if (picked.length === 0) throw told('error.invalid-input.no-question-left');
  const explained = new Set(practice.map((one) => one.candidateId));
  for (const item of explained) refuseChecked(project, null, item);
  const shown = { practice: practice.map((one) => practiceItem(project, one.candidateId, one.explanation)) };
  return project.transaction(() => {
    const { kind } = selection;
    const hidden = { selection, explained: [...explained] };
    const round = project.rounds.add({ kind, name, overlap: overlapOf(selection), shown, hidden });
    const kept = picked.filter((choice) => !explained.has(choice.item));
    project.rounds.addItems(round.id, items(project, kind, kept));
    project.rounds.assign(
      round.id,
      assignments.filter(({ item }) => !explained.has(item)),
    );
    return round;
  });
}

/** SQL: whether `item` is held by a round, or waits in another for a blind check, which practice would take away. */
export function checkedBlind(item: string): string {
  return `EXISTS (SELECT 1 FROM round_items i JOIN item_states k ON k.row = i.row JOIN rounds r ON r.id = i.round_id
    WHERE i.item = ${item} AND (i.round_id = ? OR (r.kind = 'check' AND r.closed_at IS NULL AND k.status = 'open')))`;
}

/** A question that is checked can't be shown with its verdict. Error: 'invalid-input'. */
export function refuseChecked(project: Project, roundId: string | null, item: string): void {
  const held = prepare(project.database, `SELECT ${checkedBlind('?')}`)
    .pluck()
    .get(item, roundId);
  if (held === 1) throw told('error.invalid-input.practice-checked');
}

/** A decided question as an example. Error 'invalid-input' when it is not decided. */
export function practiceItem(project: Project, candidateId: string, explanation: string): PracticeItem {
  const candidate = project.candidate(candidateId);
  const passage = project.passage(candidate.passageId);
  const { status, question, reason } = candidate;
  if (status === 'undecided' || status === 'aside') throw told('error.invalid-input.practice-undecided');
  return {
    title: passage.title,
    passage: passage.text,
    language: passage.language,
    question,
    verdict: status === 'rejected' ? 'reject' : 'accept',
    reason,
    explanation,
  };
}

function* items(project: Project, kind: Selection['kind'], choices: readonly Choice[]): Iterable<GivenItem> {
  for (const [passageId, own] of Map.groupBy(choices, (choice) => choice.passageId)) {
    const passage = project.passage(passageId);
    const find = sentenceFinder(passage);
    const candidates = new Map(project.candidates(passageId).map((candidate) => [candidate.id, candidate]));
    for (const { item } of own) {
      const candidate = candidates.get(item);
      if (!candidate) continue;
      const { question } = candidate;
      const { shown = {}, hidden = {} } = shownOf[kind](project, candidate);
      yield {
        item,
        passageId,
        shown: { question, sentence: find(question), ...shown },
        hidden: { ...hidden, words: words(question, passage.language).length },
      };
    }
  }
}

/** What each kind of round tells of a question beside its wording, and what it keeps. */
const shownOf: Record<
  Selection['kind'],
  (project: Project, candidate: Candidate) => Partial<Pick<GivenItem, 'shown' | 'hidden'>>
> = {
  review(project, { id, original }) {
    const { returned } = project.history.derive(id);
    return returned ? { shown: { original, returned: returned.note } } : {};
  },
  check(project, { id, status, reason, note }) {
    const person = project.history.derive(id).decidedBy;
    return { hidden: { first: { person, verdict: status === 'rejected' ? 'reject' : 'accept', reason, note } } };
  },
  adjudicate(project, { id }) {
    const disputed = disputedRound(project, id);
    return { shown: packDispute(project, disputed, id), hidden: { disputed } };
  },
};
