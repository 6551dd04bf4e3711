import type Database from 'better-sqlite3';
import type { CandidateSignals, Language, Lineage, Span } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { exactKey } from '../../shared/text/fingerprint.ts';
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
  terms?: string; // of the search index, when they are made already
}

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
}

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
  key?: string; // the exact key and the search terms, when they are made already
  terms?: string;
}

/** The person under whose id rules write; never a decision. */
const rulePerson = 'rule';

/** The same key and title are the same document on every machine. */
export function addDocument(
  database: Database.Database,
  { key, title, source }: { key: string; title: string; source: string },
): string {
  const id = contentId('document', key, title);
  const sql = 'INSERT INTO documents (id, title, source) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING';
  prepare(database, sql).run(id, title, source);
  return id;
}

export function hasPassage(database: Database.Database, document: string, text: string): boolean {
  const id = contentId('passage', contentId('document', document, document), text);
  return prepare(database, 'SELECT 1 FROM passages WHERE id = ?').get(id) !== undefined;
}

/** Adds a passage, whose search terms are the batch's to write; the same text in the same document is the same row. */
export function addPassage(database: Database.Database, batch: NewBatch, passage: NewPassage): AddedPassage {
  const { documentId, position, title, text, language, sentences, words, externalId } = passage;
  const { terms = indexTerms(`${title}\n${text}`) } = passage;
  const id = passage.id ?? contentId('passage', documentId, text);
  const result = prepare(
    database,
    `INSERT INTO passages (id, document_id, position, title, text, language, sentences, words, external_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  ).run(id, documentId, position, title, text, language, JSON.stringify(sentences), words, externalId);
  if (result.changes === 0) {
    const row = prepare(database, 'SELECT row FROM passages WHERE id = ?').pluck().get(id) as number;
    return { id, row, added: false };
  }
  const row = Number(result.lastInsertRowid);
  prepare(database, 'UPDATE documents SET passages = passages + 1 WHERE id = ?').run(documentId);
  batch.passage(row, terms);
  return { id, row, added: true };
}

export function addReference(database: Database.Database, reference: NewReference): boolean {
  const { passageId, question, answer, externalId } = reference;
  const id = contentId('reference', passageId, question, externalId ?? '');
  const sql = 'INSERT INTO references_ VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING';
  return (
    prepare(database, sql).run(id, passageId, question, answer?.start ?? null, answer?.end ?? null, externalId)
      .changes > 0
  );
}

/**
 * Adds a passage's candidates, whose states, counts and search terms are the batch's to write; the same wording by the
 * same generator and job is the same row.
 */
export function addCandidates(
  database: Database.Database,
  history: History,
  batch: NewBatch,
  passageId: string,
  candidates: readonly NewCandidate[],
): { id: string; added: boolean }[] {
  const language = prepare(database, 'SELECT language FROM passages WHERE id = ?').pluck().get(passageId);
  if (language === undefined)
    throw new AsklabError('not-found', 'This passage is not in the project.', { id: passageId });
  return candidates.map((candidate) => {
    const added = insertCandidate(database, language as Language, candidate, batch);
    const { asideReasons: reasons } = candidate;
    if (added.added && reasons.length > 0)
      history.append(rulePerson, [{ kind: 'aside', item: added.id, payload: { reasons } }]);
    return added;
  });
}

function insertCandidate(
  database: Database.Database,
  language: Language,
  candidate: NewCandidate,
  batch: NewBatch,
): { id: string; added: boolean } {
  const { passageId, original, focus, answer, lineage, key, terms } = candidate;
  const id = contentId('candidate', passageId, original, lineage.generator, lineage.jobId ?? '');
  const result = prepare(
    database,
    `INSERT INTO candidates (id, passage_id, original, exact_key, language, focus_start, focus_end, sentence, answer_start, answer_end,
       score, signals, lineage, generator, job_id)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
  ).run(
    id,
    passageId,
    original,
    key ?? exactKey(original),
    language,
    focus?.start ?? null,
    focus?.end ?? null,
    candidate.sentence,
    answer?.start ?? null,
    answer?.end ?? null,
    candidate.score,
    JSON.stringify(candidate.signals),
    JSON.stringify(lineage),
    lineage.generator,
    lineage.jobId,
  );
  if (result.changes === 0) return { id, added: false };
  batch.candidate(Number(result.lastInsertRowid), terms ?? indexTerms(original));
  return { id, added: true };
}
