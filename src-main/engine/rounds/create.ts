import type { Language, Passage, Status } from '../../shared/contract/types.ts';
import type { Selection, SelectionPreview, PracticeItem } from '../../shared/contract/rounds.ts';
import { AsklabError } from '../../shared/errors.ts';
import { words } from '../../shared/text/words.ts';
import { inParts, wide } from '../store/parts.ts';
import type { Project } from '../store/project.ts';
import type { Round } from '../store/round-store.ts';
import { giveWay } from '../turn.ts';
import { sentenceFinder } from './reading.ts';
import { assign, pick, type Choice } from './select.ts';

interface Plan {
  preview: SelectionPreview;
  picked: Choice[];
  assignments: ReturnType<typeof assign>['assignments'];
}

/** What a selection would take and who would get it; writes nothing. Error 'invalid-input': an unknown person. */
export async function plan(project: Project, selection: Selection, signal: AbortSignal): Promise<Plan> {
  const people = project.people();
  for (const id of selection.people)
    if (!people.some((person) => person.id === id))
      throw new AsklabError('invalid-input', 'A person chosen is not in the project.');
  const found = await matching(project, selection, signal);
  const workers = await workersOf(project, signal);
  const balance = { languages: selection.balanceLanguages, difficulties: selection.balanceDifficulties };
  const able = found.map((choice) => ({ ...choice, workers: workers.get(choice.item) ?? [] }));
  const eligible = able.filter((choice) => selection.people.some((person) => !choice.workers.includes(person)));
  const chosen = pick(eligible, selection.count, balance, selection.seed);
  const { assignments, items, short } = assign(chosen, selection.people, selection.overlap, selection.seed);
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
    },
  };
}

/** Makes the check round a selection describes. Error 'invalid-input' when nothing can be picked. */
export async function createCheck(
  project: Project,
  selection: Selection,
  { name, practice }: { name: string; practice: readonly { candidateId: string; explanation: string }[] },
  signal: AbortSignal,
): Promise<Round> {
  const { picked, assignments } = await plan(project, selection, signal);
  if (picked.length === 0)
    throw new AsklabError('invalid-input', 'No question matches that these people have not worked on. Choose others.');
  const explained = new Set(practice.map((one) => one.candidateId));
  const shown = { practice: practice.map((one) => practiceItem(project, one.candidateId, one.explanation)) };
  return project.transaction(() => {
    const round = project.rounds.add({ kind: 'check', name, overlap: selection.overlap, shown, hidden: { selection } });
    const kept = picked.filter((choice) => !explained.has(choice.item));
    project.rounds.addItems(round.id, items(project, kept));
    project.rounds.assign(
      round.id,
      assignments.filter(({ item }) => !explained.has(item)),
    );
    return round;
  });
}

/** A decided question as an example. Error 'invalid-input' when it is not decided. */
export function practiceItem(project: Project, candidateId: string, explanation: string): PracticeItem {
  const candidate = project.candidate(candidateId);
  const passage = project.passage(candidate.passageId);
  const { status, question, reason } = candidate;
  if (status === 'undecided' || status === 'aside')
    throw new AsklabError('invalid-input', 'A practice question must be decided first.');
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

function* items(
  project: Project,
  choices: readonly Choice[],
): Iterable<Parameters<Project['rounds']['addItems']>[1] extends Iterable<infer I> ? I : never> {
  for (const [passageId, own] of Map.groupBy(choices, (choice) => choice.passageId)) {
    const passage: Passage = project.passage(passageId);
    const find = sentenceFinder(passage);
    const candidates = new Map(project.candidates(passageId).map((candidate) => [candidate.id, candidate]));
    for (const { item } of own) {
      const candidate = candidates.get(item);
      if (!candidate) continue;
      const { question, status, reason, note } = candidate;
      const state = project.history.derive(item);
      const first = { person: state.decidedBy, verdict: status === 'rejected' ? 'reject' : 'accept', reason, note };
      yield {
        item,
        passageId,
        shown: { question, sentence: find(question) },
        hidden: { first, words: words(question, passage.language).length },
      };
    }
  }
}

type Match = [item: string, passageId: string, language: Language, difficulty: string | null];

/** Read some passages at a time, as is all that follows: other calls are answered meanwhile. */
async function matching(
  project: Project,
  { filter, withRejected, onlyUnchecked }: Selection,
  signal: AbortSignal,
): Promise<Choice[]> {
  const decided: Status[] = withRejected ? ['accepted', 'edited', 'rejected'] : ['accepted', 'edited'];
  const statuses = filter.statuses?.filter((status) => decided.includes(status)) ?? decided;
  const columns = "c.id, c.passage_id, c.language, s.state ->> '$.difficulty'";
  const where = onlyUnchecked
    ? "NOT EXISTS (SELECT 1 FROM round_items i JOIN rounds r ON r.id = i.round_id WHERE i.item = c.id AND r.kind = 'check')"
    : '1';
  const found: Choice[] = [];
  await inParts<Match>(project, { ...filter, statuses }, { columns, join: wide, where }, signal, (rows) => {
    for (const [item, passageId, language, difficulty] of rows)
      found.push({ item, passageId, language, difficulty, workers: [] });
  });
  return found;
}

const eventsAtOnce = 20_000;

/** Who decided or wrote each question in review, undone or not. */
async function workersOf({ database }: Project, signal: AbortSignal): Promise<Map<string, string[]>> {
  const next = database
    .prepare(
      `SELECT DISTINCT item, person FROM events WHERE rowid > ? AND rowid <= ?
         AND ((round = 'review' AND kind IN ('decide', 'write', 'answer')) OR kind IN ('settle', 'return'))`,
    )
    .raw();
  const last = database.prepare('SELECT coalesce(max(rowid), 0) FROM events').pluck().get() as number;
  const workers = new Map<string, string[]>();
  for (let row = 0; row < last; row += eventsAtOnce) {
    for (const [item, person] of next.all(row, row + eventsAtOnce) as [string, string][]) {
      const known = workers.get(item);
      if (!known) workers.set(item, [person]);
      else if (!known.includes(person)) known.push(person);
    }
    await giveWay(signal, 'Cancelled. Nothing was changed.');
  }
  return workers;
}
