import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Problem } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { detectLanguage } from '../../shared/text/language.ts';
import { verifySpan } from '../../shared/text/offsets.ts';
import { splitSentences } from '../../shared/text/sentences.ts';
import { words } from '../../shared/text/words.ts';
import { signalsOf } from '../services/review.ts';
import type { Project } from '../store/project.ts';
import { decode } from './encoding.ts';
import {
  detectFormat,
  isProblem,
  read,
  type ImportFormat,
  type ImportOptions,
  type Read,
  type ReadPassage,
  type ReadQuestion,
} from './readers.ts';

export type ImportSource = { path: string } | { text: string; title: string };

export interface Source {
  name: string;
  text: string;
  encoding: string;
  bytes: number;
  format: ImportFormat;
  reads: Read[];
}

/** Reads a source into memory. Error: 'file-unreadable'. */
export function readSource(source: ImportSource, options: ImportOptions): Source {
  let bytes: Uint8Array;
  try {
    bytes = 'path' in source ? readFileSync(source.path) : Buffer.from(source.text);
  } catch (error) {
    throw new AsklabError(
      'file-unreadable',
      `The file cannot be read: ${error instanceof Error ? error.message : String(error)}. Nothing was imported.`,
    );
  }
  const name = 'path' in source ? basename(source.path) : source.title;
  const { text, encoding } = decode(bytes, options.encoding);
  const format = options.format ?? detectFormat(name, text);
  return { name, text, encoding, bytes: bytes.length, format, reads: read(name, text, format, options) };
}

export interface Imported {
  passages: number;
  references: number;
  candidates: number;
  duplicates: number;
}

/**
 * Imports one source in one transaction: after a crash or an error none of it is there. The same rows a second time add nothing.
 */
export function importFile(
  project: Project,
  source: ImportSource,
  options: ImportOptions,
  report: (problem: Problem) => void,
): Promise<Imported> {
  const found = readSource(source, options);
  const imported: Imported = { passages: 0, references: 0, candidates: 0, duplicates: 0 };
  project.transaction(() => {
    const positions = new Map<string, number>();
    for (const entry of found.reads) {
      if (isProblem(entry)) report(entry);
      else importPassage(project, found, entry, options, positions, imported, report);
    }
  });
  return Promise.resolve(imported);
}

function importPassage(
  project: Project,
  source: Source,
  entry: ReadPassage,
  options: ImportOptions,
  positions: Map<string, number>,
  imported: Imported,
  report: (problem: Problem) => void,
): void {
  const language = options.language ?? entry.language ?? detectLanguage(entry.text).language;
  if (language === null) {
    return report({
      file: source.name,
      line: entry.line,
      reason: 'The language is not clear. Choose it for this file, or add a column for it.',
    });
  }
  const documentId = project.addDocument({ key: entry.document, title: entry.document, source: source.name });
  const position = (positions.get(documentId) ?? 0) + 1;
  positions.set(documentId, position);
  const { id, added } = project.addPassage({
    documentId,
    position,
    text: entry.text,
    title: entry.title,
    language,
    sentences: splitSentences(entry.text, language),
    words: words(entry.text, language).length,
    externalId: entry.id,
  });
  if (added) imported.passages += 1;
  else if (entry.questions.length === 0) imported.duplicates += 1;
  for (const question of entry.questions) {
    const answer = verifiedAnswer(entry, question, source, report);
    if (options.questionsAs === 'candidates') {
      const { added: isNew } = project.addCandidate({
        passageId: id,
        original: question.question,
        focus: null,
        sentence: null,
        answer,
        score: null,
        signals: signalsOf(project, { text: entry.text, language }, question.question),
        lineage: {
          generator: `import:${source.name}`,
          generatorName: source.name,
          hash: null,
          provider: null,
          decoding: null,
          seed: null,
          rank: null,
          score: null,
          raw: question.question,
          jobId: null,
        },
        asideReasons: [],
      });
      if (isNew) imported.candidates += 1;
    } else if (options.questionsAs !== 'none') {
      if (project.addReference({ passageId: id, question: question.question, answer, externalId: question.id }))
        imported.references += 1;
    }
  }
}

function verifiedAnswer(
  entry: ReadPassage,
  { answer, question }: ReadQuestion,
  source: Source,
  report: (problem: Problem) => void,
): { start: number; end: number } | null {
  if (!answer) return null;
  const found = verifySpan(entry.text, answer.text, answer.start, 'codePoint');
  if (found.ok) return found.span;
  report({
    file: source.name,
    line: entry.line,
    reason: `The answer "${answer.text.slice(0, 60)}" is not in the passage (question "${question.slice(0, 60)}"). The question is kept without it.`,
  });
  return null;
}
