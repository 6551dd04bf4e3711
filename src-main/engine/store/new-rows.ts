import type Database from 'better-sqlite3';
import type { CandidateSignals, Language, Lineage, Span } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { exactKey, fingerprint, questionPrint, type Print } from '../../shared/text/fingerprint.ts';
import { indexTerms } from '../../shared/text/search.ts';
import type { History } from './history.ts';
import { contentId } from './ids.ts';
import type { NewBatch } from './new-batch.ts';
import { prepare } from './statements.ts';

export interface NewPassage {
  id?: string; // the content's own, unless a package gives one
  documentId: string;
  position: number;
  text: string;
  title: string;
  language: Language;
  sentences: readonly Span[];
  words: number;
  externalId: string | null;
}

/**
 * A passage as it is stored, but for what its project alone knows. Its id, JSON and search terms take as long as writing
 * it: an import makes them in another thread.
 */
export type PassageRow = Omit<NewPassage, 'id' | 'position' | 'sentences'> & {
  id: string;
  sentences: string;
  print: Print;
  terms: Uint8Array;
};

export interface AddedPassage {
  id: string;
  row: number;
  added: boolean;
}

export interface NewReference {
  passageId: string;
  question: string;
  answer: Span | null;
  externalId: string | null;
  given?: string | null; // JSON of `Given`
}
export type ReferenceRow = NewReference & { id: string };

export interface NewCandidate {
  passageId: string;
  original: string;
  focus: Span | null;
  sentence: number | null;
  answer: Span | null;
  score: number | null;
  signals: CandidateSignals;
  lineage: Lineage;
  asideReasons: readonly string[];
  given?: string | null; // JSON of `Given`
}

/** A candidate as it is stored, made without its project. */
export type CandidateRow = Omit<NewCandidate, 'signals' | 'lineage' | 'asideReasons'> & {
  id: string;
  key: string;
  signals: string;
  lineage: string;
  generator: string;
  jobId: string | null;
  print: Print;
  terms: Uint8Array;
};

/** The print may have a place of its own. */
export function passageRow(passage: NewPassage, print?: Print): PassageRow {
  const { id, documentId, text, title, language, sentences, words, externalId } = passage;
  return {
    id: id ?? contentId('passage', documentId, text),
    documentId,
    text,
    title,
    language,
    sentences: JSON.stringify(sentences),
    words,
    externalId,
    print: fingerprint(text, language, print),
    terms: indexTerms(`${title}\n${text}`),
  };
}

export function referenceRow(reference: NewReference): ReferenceRow {
  const { passageId, question, externalId } = reference;
  return { ...reference, id: contentId('reference', passageId, question, externalId ?? '') };
}

/** Where a question comes from that was given, by a file or a person, and not generated. */
export function givenLineage(generator: string, generatorName: string, raw: string): Lineage {
  const asked = {
    hash: null,
    provider: null,
    precision: null,
    focus: null,
    decoding: null,
    seed: null,
    rank: null,
    score: null,
    jobId: null,
  };
  return { generator, generatorName, ...asked, raw };
}

export function candidateRow(
  { signals, lineage, asideReasons: _, ...candidate }: NewCandidate,
  language: Language,
): CandidateRow {
  const { passageId, original } = candidate;
  return {
    ...candidate,
    id: contentId('candidate', passageId, original, sourceOf(lineage.generator), lineage.jobId ?? ''),
    key: exactKey(original),
    signals: JSON.stringify(signals),
    lineage: JSON.stringify(lineage),
    generator: lineage.generator,
    jobId: lineage.jobId,
    print: questionPrint(original, language),
    terms: indexTerms(original),
  };
}

/** Where a question comes from, as far as it tells questions apart: a file is the same under another name. */
function sourceOf(generator: string): string {
  return generator.startsWith('import:') ? 'import' : generator;
}

/** Whether a passage has a question of this wording from a file, whatever its id: earlier ones held the file's name. */
export function hasImported(database: Database.Database, { passageId, original }: CandidateRow): boolean {
  const sql = "SELECT 1 FROM candidates WHERE passage_id = ? AND original = ? AND generator GLOB 'import:*'";
  return prepare(database, sql).get(passageId, original) !== undefined;
}

/** The person under whose id rules write; never a decision. */
const rulePerson = 'rule';

/** The same key and title are the same document on every machine. */
export function documentIdOf(key: string, title: string): string {
  return contentId('document', key, title);
}

export function addDocument(
  database: Database.Database,
  { key, title, source }: { key: string; title: string; source: string },
): string {
  const id = documentIdOf(key, title);
  const sql = 'INSERT INTO documents (id, title, source) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING';
  prepare(database, sql).run(id, title, source);
  return id;
}

/** The id that a passage of a document of this name has, whichever file it comes from. */
export function importedPassageId(document: string, text: string): string {
  return contentId('passage', documentIdOf(document, document), text);
}

/**
 * Adds a passage, of which so many different candidates follow in the batch; the same text in the same document is the
 * same row. Search terms are the batch's to write.
 */
export function addPassage(
  database: Database.Database,
  batch: NewBatch,
  passage: PassageRow,
  position: number,
  candidates: number,
): AddedPassage {
  const { id, documentId, title, text, language, sentences, words, externalId } = passage;
  const result = prepare(
    database,
    `INSERT INTO passages (id, document_id, position, title, text, language, sentences, words, external_id, candidates, undecided)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  ).run(id, documentId, position, title, text, language, sentences, words, externalId, candidates, candidates);
  if (result.changes === 0) {
    const row = prepare(database, 'SELECT row FROM passages WHERE id = ?').pluck().get(id) as number;
    return { id, row, added: false };
  }
  const row = Number(result.lastInsertRowid);
  batch.passage(row, passage);
  return { id, row, added: true };
}

export function addReference(database: Database.Database, reference: ReferenceRow): boolean {
  const { id, passageId, question, answer, externalId, given = null } = reference;
  const sql =
    'INSERT INTO references_ (id, passage_id, question, answer_start, answer_end, external_id, given) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING';
  const result = prepare(database, sql).run(
    id,
    passageId,
    question,
    answer?.start ?? null,
    answer?.end ?? null,
    externalId,
    given,
  );
  return result.changes > 0;
}

/** Error: 'not-found'. */
export function languageOf(database: Database.Database, passageId: string): Language {
  const language = prepare(database, 'SELECT language FROM passages WHERE id = ?').pluck().get(passageId);
  if (language === undefined)
    throw new AsklabError('not-found', 'This passage is not in the project.', { id: passageId });
  return language as Language;
}

/** Adds candidates of one passage with what the rules say of them. Error: 'not-found'. */
export function addCandidates(
  database: Database.Database,
  history: History,
  batch: NewBatch,
  passageId: string,
  candidates: readonly NewCandidate[],
): { id: string; added: boolean }[] {
  const language = languageOf(database, passageId);
  return candidates.map((candidate) => {
    const row = candidateRow(candidate, language);
    const added = addCandidate(database, batch, language, row);
    const { asideReasons: reasons } = candidate;
    if (added && reasons.length > 0)
      history.append(rulePerson, [{ kind: 'aside', item: row.id, payload: { reasons } }]);
    return { id: row.id, added };
  });
}

/**
 * Adds a candidate of a passage in this language, which may have counted it already; the same wording by the same
 * generator and job is the same row. State, count and search terms are the batch's to write.
 */
export function addCandidate(
  database: Database.Database,
  batch: NewBatch,
  language: Language,
  candidate: CandidateRow,
  counted = false,
): boolean {
  const { focus, answer } = candidate;
  const result = prepare(
    database,
    `INSERT INTO candidates (id, passage_id, original, exact_key, language, focus_start, focus_end, sentence, answer_start, answer_end,
       score, signals, lineage, generator, job_id, anchor, given)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  ).run(
    candidate.id,
    candidate.passageId,
    candidate.original,
    candidate.key,
    language,
    focus?.start ?? null,
    focus?.end ?? null,
    candidate.sentence,
    answer?.start ?? null,
    answer?.end ?? null,
    candidate.score,
    candidate.signals,
    candidate.lineage,
    candidate.generator,
    candidate.jobId,
    focus || candidate.sentence === null ? null : startOf(database, candidate.passageId, candidate.sentence),
    candidate.given ?? null,
  );
  if (result.changes === 0) return false;
  batch.candidate(Number(result.lastInsertRowid), candidate, counted);
  return true;
}

/** Where a sentence of a passage begins. */
function startOf(database: Database.Database, passageId: string, sentence: number): number | null {
  const sql = "SELECT sentences ->> ('$[' || CAST(? AS INTEGER) || '].start') FROM passages WHERE id = ?";
  return prepare(database, sql).pluck().get(sentence, passageId) as number | null;
}
