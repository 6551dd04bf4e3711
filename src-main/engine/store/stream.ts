import type Database from 'better-sqlite3';
import type { Checked } from '../../shared/contract/exporting.ts';
import type { Language, Span, Status } from '../../shared/contract/types.ts';
import { readState } from './derive.ts';
import { isInSet } from './filter.ts';
import { givenText, readGiven } from './given.ts';
import { toSpan } from './rows.ts';
import { prepare } from './statements.ts';

/** What is read of every passage and question; what no one asks for is left in the file. */
export interface StreamFilter {
  statuses: readonly Status[];
  languages?: readonly Language[] | undefined;
  set?: string | undefined; // by name
  checked?: Checked;
  withReferences: boolean;
  withTexts?: boolean;
  withLineage?: boolean;
  withSentences?: boolean;
}

export interface StreamedPassage {
  row: number;
  id: string;
  documentId: string;
  documentTitle: string;
  title: string;
  text: string;
  language: Language;
  sentences: readonly Span[];
  ownId: string | null; // of its file
}

export interface StreamedCandidate {
  id: string;
  question: string; // what stands now
  original: string;
  status: Status;
  answer: Span | null;
  focus: Span | null;
  score: number | null;
  generator: string;
  lineage: string | null; // JSON
  decidedBy: string | null; // a name
  given: string | null; // JSON of `Given`
}

export interface Streamed {
  passage: StreamedPassage;
  candidates: StreamedCandidate[];
  references: { id: string; question: string; answer: Span | null; ownId: string | null; given: string | null }[];
}

// Rows come as lists: half of the time of reading them as objects.
type PassageList = [number, string, string, string, string, string, Language, string | null, string | null];
type Place = number | null;
type CandidateList = [
  ...[row: number, id: string, original: string, status: Status, state: string, answerStart: Place, answerEnd: Place],
  ...[
    focusStart: Place,
    focusEnd: Place,
    score: number | null,
    generator: string,
    lineage: string | null,
    given: string | null,
  ],
];
type ReferenceList = [
  ...[row: number, id: string, question: string, answerStart: Place, answerEnd: Place],
  ...[ownId: string | null, given: string | null],
];

const passagesAtOnce = 200;

const inCheck =
  "SELECT 1 FROM round_items i JOIN rounds r ON r.id = i.round_id AND r.kind = 'check' JOIN item_states k ON k.row = i.row WHERE i.item = c.id";
/** Over `candidates c` and `states s`. A question or verdict that changed after the check was not agreed on. */
const checkedConditions: Record<Checked, string> = {
  any: '1',
  checked: `EXISTS (${inCheck} AND k.status <> 'open')`,
  agreed: `EXISTS (${inCheck} AND k.status = 'agreed' AND i.shown ->> '$.question' = coalesce(s.state ->> '$.question', c.original)
      AND (k.first = 'reject') = (s.status = 'rejected'))
    AND NOT EXISTS (${inCheck} AND k.status IN ('disputed', 'returned'))`,
};

/** How many candidates of these statuses, languages and set have been checked, and agreed on. */
export function countChecked(
  database: Database.Database,
  { statuses, languages, set }: Pick<StreamFilter, 'statuses' | 'languages' | 'set'>,
): { checked: number; agreed: number } {
  const spoken = languages ? 'c.language IN (SELECT value FROM json_each(?))' : '1';
  const within = set === undefined ? '1' : isInSet('(SELECT row FROM passages WHERE id = c.passage_id)');
  return prepare(
    database,
    `SELECT count(*) FILTER (WHERE ${checkedConditions.checked}) AS checked, count(*) FILTER (WHERE ${checkedConditions.agreed}) AS agreed
     FROM (SELECT DISTINCT item FROM round_items) o JOIN candidates c ON c.id = o.item JOIN states s ON s.candidate_id = c.id
     WHERE s.status IN (SELECT value FROM json_each(?)) AND ${spoken} AND ${within}`,
  ).get(
    JSON.stringify(statuses),
    ...(languages ? [JSON.stringify(languages)] : []),
    ...(set === undefined ? [] : [set]),
  ) as {
    checked: number;
    agreed: number;
  };
}

/** Passages with their candidates of these statuses, or with references, in reading order; some hundreds at a time by key. */
export function* streamPassages(
  database: Database.Database,
  names: ReadonlyMap<string, string>,
  { statuses, languages, set, checked = 'any', withReferences, ...rest }: StreamFilter,
): Iterable<Streamed> {
  const { withTexts = true, withLineage = false, withSentences = false } = rest;
  const text = (column: string): string => (withTexts ? column : "''");
  // The plus keeps SQLite in reading order: by the index on languages it would sort what is left of the file each time.
  const spoken = languages ? '+p.language IN (SELECT value FROM json_each(?))' : '1';
  const asked = set === undefined ? spoken : `${spoken} AND ${isInSet('p.row')}`;
  const wanted = [...(languages ? [JSON.stringify(languages)] : []), ...(set === undefined ? [] : [set])];
  const readPassages = prepare(
    database,
    `SELECT p.row, p.id, p.document_id, ${text('d.title')}, ${text('p.title')}, ${text('p.text')}, p.language,
       ${withSentences ? 'p.sentences' : 'NULL'}, p.external_id
     FROM passages p CROSS JOIN documents d ON d.id = p.document_id WHERE p.row > ? AND ${asked}
     ORDER BY p.row LIMIT ${passagesAtOnce}`,
  ).raw();
  const readCandidates = prepare(
    database,
    `SELECT p.row, c.id, ${text('c.original')}, s.status, s.state, c.answer_start, c.answer_end, c.focus_start, c.focus_end, c.score,
       c.generator, ${withLineage ? 'c.lineage' : 'NULL'}, c.given
     FROM passages p CROSS JOIN candidates c ON c.passage_id = p.id CROSS JOIN states s ON s.candidate_id = c.id
     WHERE p.row >= ? AND p.row <= ? AND ${asked} AND +s.status IN (SELECT value FROM json_each(?)) AND ${checkedConditions[checked]} ORDER BY p.row, c.row`,
  ).raw();
  const readReferences = prepare(
    database,
    `SELECT p.row, r.id, ${text('r.question')}, r.answer_start, r.answer_end, r.external_id, r.given FROM passages p CROSS JOIN references_ r ON r.passage_id = p.id
     WHERE p.row >= ? AND p.row <= ? AND ${asked} ORDER BY p.row, r.rowid`,
  ).raw();
  for (let last = 0; ;) {
    const passages = readPassages.all(last, ...wanted) as PassageList[];
    const [first, end] = [passages[0]?.[0], passages.at(-1)?.[0]];
    if (first === undefined || end === undefined) return;
    const candidates = readCandidates.all(first, end, ...wanted, JSON.stringify(statuses)) as CandidateList[];
    const references = withReferences ? (readReferences.all(first, end, ...wanted) as ReferenceList[]) : [];
    const own = runs(candidates);
    const more = runs(references);
    for (const passage of passages) {
      const some = own(passage[0]);
      const others = more(passage[0]);
      if (some.length === 0 && others.length === 0) continue;
      yield {
        passage: toPassage(passage),
        candidates: some.map((list) => toCandidate(list, names)),
        references: others.map(([, id, question, start, to, ownId, given]) => {
          return { id, question, answer: toSpan(start, to), ownId, given };
        }),
      };
    }
    last = end;
  }
}

/** Rows sorted by their first column: gives those of one value, asked for in rising order. */
function runs<Row extends [number, ...unknown[]]>(rows: readonly Row[]): (value: number) => Row[] {
  let at = 0;
  return (value) => {
    const start = at;
    while (rows[at]?.[0] === value) at += 1;
    return rows.slice(start, at);
  };
}

function toPassage(list: PassageList): StreamedPassage {
  const [row, id, documentId, documentTitle, title, text, language, sentences, ownId] = list;
  const spans = sentences === null ? [] : (JSON.parse(sentences) as Span[]);
  return { row, id, documentId, documentTitle, title, text, language, sentences: spans, ownId };
}

function toCandidate(list: CandidateList, names: ReadonlyMap<string, string>): StreamedCandidate {
  const [, id, original, status, text, answerStart, answerEnd, focusStart, focusEnd, score, generator, ...rest] = list;
  const [lineage, given] = rest;
  const state = readState(text);
  const { decidedBy } = state;
  return {
    id,
    question: state.question ?? original,
    original,
    status,
    answer: state.answerBy === null ? toSpan(answerStart, answerEnd) : state.answer,
    given: state.answerBy === null ? given : withoutAnswers(given),
    focus: toSpan(focusStart, focusEnd),
    score,
    generator,
    lineage,
    decidedBy: decidedBy === null ? null : (names.get(decidedBy) ?? decidedBy),
  };
}

/** An answer that a person marked stands for all those of the file. */
function withoutAnswers(given: string | null): string | null {
  const { id } = readGiven(given);
  return givenText(id === undefined ? {} : { id });
}
