import type { BlindItem, BlindPassage, BlindQuestion } from '../../shared/contract/rounds.ts';
import type { Passage, Reason } from '../../shared/contract/types.ts';
import type { Project } from '../store/project.ts';
import type { Vote } from '../store/round-derive.ts';
import { prepare } from '../store/statements.ts';

export interface QueuePlace {
  around: string | null;
  step: 'here' | 'next' | 'previous';
  limit: number;
}

export function blindPassage({ id, title, text, language, sentences, words }: Passage): BlindPassage {
  return { id, title, text, language, sentences, words };
}

/** One question as its checker sees it. */
export function blindQuestion(item: string, shown: Record<string, unknown>, vote: Vote | null): BlindQuestion {
  const { question, sentence } = shown;
  return {
    item,
    question: typeof question === 'string' ? question : '',
    sentence: typeof sentence === 'number' ? sentence : null,
    returned: text(shown, 'returned'),
    vote: vote && {
      verdict: vote.verdict as NonNullable<BlindQuestion['vote']>['verdict'],
      question: text(vote.payload, 'question'),
      reason: text(vote.payload, 'reason') as Reason | null,
      note: text(vote.payload, 'note'),
      flag: vote.flag,
    },
  };
}

/** What a person reads with a question in this language: versions of the guidelines and of the practice, null for none. */
export function seenWith(
  project: Project,
  roundId: string,
  language: string,
): { guideline: { language: string; version: number } | null; practice: number | null } {
  const guidelines = project.rounds.guidelines(roundId);
  const seen = guidelines.find((guideline) => guideline.language === language) ?? guidelines[0];
  return {
    guideline: seen ? { language: seen.language, version: seen.version } : null,
    practice: project.rounds.practice(roundId).version || null,
  };
}

export function text(payload: Record<string, unknown>, key: string): string | null {
  const value = payload[key];
  return typeof value === 'string' ? value : null;
}

export function progressOf(project: Project, roundId: string, person: string): { decided: number; total: number } {
  return prepare(
    project.database,
    `SELECT count(*) AS total, count(*) FILTER (WHERE v.verdict IS NOT NULL) AS decided FROM assignments a
     LEFT JOIN round_states v ON v.round_id = a.round_id AND v.item = a.item AND v.person = a.person WHERE a.round_id = ? AND a.person = ?`,
  ).get(roundId, person) as { decided: number; total: number };
}

/** The person's passages of a round in the person's order. */
export function queueOf(
  project: Project,
  roundId: string,
  person: string,
  { around, step, limit }: QueuePlace,
): { items: BlindItem[]; position: number; total: number } {
  const order = prepare(
    project.database,
    `SELECT i.passage_id AS id, count(*) > count(v.verdict) AS open FROM assignments a
     JOIN round_items i ON i.round_id = a.round_id AND i.item = a.item
     LEFT JOIN round_states v ON v.round_id = a.round_id AND v.item = a.item AND v.person = a.person
     WHERE a.round_id = ? AND a.person = ? GROUP BY i.passage_id ORDER BY min(a.position)`,
  ).all(roundId, person) as { id: string; open: number }[];
  const here =
    around === null ? order.findIndex((passage) => passage.open === 1) : order.findIndex(({ id }) => id === around);
  const start = Math.max(0, here) + (step === 'next' ? 1 : 0);
  const ids =
    step === 'previous' ? order.slice(Math.max(0, here - limit), Math.max(0, here)) : order.slice(start, start + limit);
  const first = ids[0];
  return {
    items: ids.map(({ id }) => itemOf(project, roundId, person, id)),
    position: first ? order.indexOf(first) + 1 : 0,
    total: order.length,
  };
}

function itemOf(project: Project, roundId: string, person: string, passageId: string): BlindItem {
  const rows = prepare(
    project.database,
    `SELECT i.item, i.shown, v.state FROM round_items i JOIN assignments a ON a.round_id = i.round_id AND a.item = i.item
     LEFT JOIN round_states v ON v.round_id = a.round_id AND v.item = a.item AND v.person = a.person
     WHERE a.round_id = ? AND a.person = ? AND i.passage_id = ? ORDER BY a.position`,
  ).all(roundId, person, passageId) as { item: string; shown: string; state: string | null }[];
  return {
    passage: blindPassage(project.passage(passageId)),
    questions: rows.map(({ item, shown, state }) =>
      blindQuestion(
        item,
        JSON.parse(shown) as Record<string, unknown>,
        state === null ? null : (JSON.parse(state) as Vote),
      ),
    ),
  };
}

/** Questions on a passage that wait for this person's own check: nothing about them may be seen before. */
export function blindFor(project: Project, person: string, passageId: string): Set<string> {
  const items = prepare(
    project.database,
    `SELECT i.item FROM round_items i JOIN rounds r ON r.id = i.round_id AND r.kind IN ('review', 'check') AND r.closed_at IS NULL
     JOIN assignments a ON a.round_id = i.round_id AND a.item = i.item AND a.person = ?
     LEFT JOIN round_states v ON v.round_id = i.round_id AND v.item = i.item AND v.person = a.person
     WHERE i.passage_id = ? AND v.verdict IS NULL`,
  )
    .pluck()
    .all(person, passageId) as string[];
  return new Set(items);
}
