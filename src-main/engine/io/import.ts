import type { Problem, Span } from '../../shared/contract/types.ts';
import { detectLanguage } from '../../shared/text/language.ts';
import { verifySpan } from '../../shared/text/offsets.ts';
import { splitSentences } from '../../shared/text/sentences.ts';
import { words } from '../../shared/text/words.ts';
import { signalsOf } from '../services/review.ts';
import type { Project } from '../store/project.ts';
import type { ImportJournal } from './journal.ts';
import { DuplicateFinder, type Pair } from './near.ts';
import { isProblem, type ImportOptions, type Read, type ReadPassage, type ReadQuestion } from './readers/entry.ts';
import { detectFormat, read } from './readers/read.ts';
import { openSource, type ImportSource } from './source.ts';

export interface Imported {
  passages: number;
  references: number;
  candidates: number;
  /** Passages whose text was there before, in the project or earlier in this import. */
  duplicates: number;
  nearDuplicates: number;
  /** The first pairs of both kinds, by passage id. */
  pairs: Pair[];
}

export interface ImportSteps {
  /** Between chunks; what it throws ends the import. */
  checkpoint?: () => Promise<void>;
  passed?: (passages: number) => void;
  journal?: ImportJournal;
}

const chunkSize = 100;
const reportedPairs = 100;

/** Imports one source in chunks, each in one transaction. The same rows a second time add nothing. */
export async function importFile(
  project: Project,
  source: ImportSource,
  options: ImportOptions,
  report: (problem: Problem) => void,
  steps: ImportSteps = {},
): Promise<Imported> {
  const importer = new Importer(project, options, report, steps);
  await importer.take(source);
  return importer.imported;
}

/** One import of one or more sources. */
export class Importer {
  readonly imported: Imported = {
    passages: 0,
    references: 0,
    candidates: 0,
    duplicates: 0,
    nearDuplicates: 0,
    pairs: [],
  };
  private readonly project: Project;
  private readonly options: ImportOptions;
  private readonly report: (problem: Problem) => void;
  private readonly steps: ImportSteps;
  private readonly positions = new Map<string, number>();
  private readonly seen = new Set<string>();
  private readonly finder: DuplicateFinder;
  private passed = 0;

  constructor(project: Project, options: ImportOptions, report: (problem: Problem) => void, steps: ImportSteps) {
    this.project = project;
    this.options = options;
    this.report = report;
    this.steps = steps;
    this.finder = new DuplicateFinder((id) => project.passage(id).text);
  }

  async take(source: ImportSource): Promise<void> {
    const opened = await openSource(source, this.options.encoding);
    let chunk: Read[] = [];
    let any = false;
    for await (const entry of read(opened, detectFormat(opened, this.options), this.options)) {
      any = true;
      chunk.push(entry);
      if (chunk.length < chunkSize) continue;
      await this.write(opened.name, opened.encoding, chunk);
      chunk = [];
    }
    if (!any) chunk.push({ file: opened.name, line: null, reason: 'Nothing to import was found. Check the format.' });
    await this.write(opened.name, opened.encoding, chunk);
  }

  private async write(file: string, encoding: string, chunk: readonly Read[]): Promise<void> {
    this.project.transaction(() => {
      for (const entry of chunk) {
        if (isProblem(entry)) this.report(entry);
        else this.passage(file, encoding, entry);
      }
    });
    this.passed += chunk.filter((entry) => !isProblem(entry)).length;
    this.steps.passed?.(this.passed);
    await this.steps.checkpoint?.();
  }

  private passage(file: string, encoding: string, entry: ReadPassage): void {
    const { text, line } = entry;
    const language = this.options.language ?? entry.language ?? detectLanguage(text).language;
    if (language === null)
      return this.report({ file, line, reason: 'The language is not clear. Choose it, or add a column for it.' });
    if (text.includes('\uFFFD')) {
      const reason = `Some characters are not ${encoding} and stand as \uFFFD. Choose the file's encoding and import again.`;
      this.report({ file, line, reason });
    }
    const { project, seen } = this;
    const documentId = project.addDocument({ key: entry.document, title: entry.document, source: file });
    const position = (this.positions.get(documentId) ?? 0) + 1;
    const { id, added } = project.addPassage({
      documentId,
      position,
      text,
      title: entry.title,
      language,
      sentences: splitSentences(text, language),
      words: words(text, language).length,
      externalId: entry.id,
    });
    if (!seen.has(id)) {
      seen.add(id);
      this.positions.set(documentId, position);
      this.count(id, added, text, language);
    } else if (entry.questions.length === 0) this.imported.duplicates += 1;
    for (const question of entry.questions) this.question(file, id, { ...entry, language }, question);
  }

  private count(id: string, added: boolean, text: string, language: NonNullable<ReadPassage['language']>): void {
    const { imported } = this;
    if (added) {
      imported.passages += 1;
      this.steps.journal?.add('passage', id);
    }
    const pair = this.finder.add(id, text, language);
    if (!added || pair?.similarity === 1) imported.duplicates += 1;
    else if (pair) imported.nearDuplicates += 1;
    if (pair && imported.pairs.length < reportedPairs) imported.pairs.push(pair);
  }

  private question(
    file: string,
    passageId: string,
    passage: ReadPassage & { language: NonNullable<ReadPassage['language']> },
    { question, answer: given, id: externalId }: ReadQuestion,
  ): void {
    const { project, options, steps, imported } = this;
    if (options.questionsAs === 'none') return;
    const answer = given && this.place(file, passage, question, given);
    if (options.questionsAs === 'candidates') {
      const { id, added } = project.addCandidate({
        passageId,
        original: question,
        focus: null,
        sentence: null,
        answer,
        score: null,
        signals: signalsOf(project, passage, question),
        lineage: importLineage(file, question),
        asideReasons: [],
      });
      if (!added) return;
      imported.candidates += 1;
      steps.journal?.add('candidate', id);
    } else if (project.addReference({ passageId, question, answer, externalId })) {
      imported.references += 1;
      if (!steps.journal) return;
      const id = project.database.prepare('SELECT id FROM references_ WHERE rowid = last_insert_rowid()').pluck().get();
      steps.journal.add('reference', String(id));
    }
  }

  /** Where the answer stands: offsets as code points first, then as UTF-16 units, then the nearest place. */
  private place(
    file: string,
    { text, line }: ReadPassage,
    question: string,
    answer: { text: string; start: number | null },
  ): Span | null {
    const points = verifySpan(text, answer.text, answer.start, 'codePoint');
    if (points.ok && points.match === 'exact') return points.span;
    const units = verifySpan(text, answer.text, answer.start, 'utf16');
    if (units.ok && units.match === 'exact') return units.span;
    if (points.ok) return points.span;
    const shown = `The answer "${answer.text.slice(0, 60)}" is not in the passage (question "${question.slice(0, 60)}")`;
    this.report({ file, line, reason: `${shown}. The question is kept without it.` });
    return null;
  }
}

function importLineage(file: string, question: string): Parameters<Project['addCandidate']>[0]['lineage'] {
  return {
    generator: `import:${file}`,
    generatorName: file,
    hash: null,
    provider: null,
    decoding: null,
    seed: null,
    rank: null,
    score: null,
    raw: question,
    jobId: null,
  };
}

/** How many passages the sources hold; nothing is written. */
export async function countPassages(
  sources: readonly ImportSource[],
  options: ImportOptions,
  checkpoint: () => Promise<void>,
): Promise<number> {
  let passages = 0;
  let reads = 0;
  for (const source of sources) {
    const opened = await openSource(source, options.encoding);
    for await (const entry of read(opened, detectFormat(opened, options), options)) {
      if (!isProblem(entry)) passages += 1;
      if ((reads += 1) % 1000 === 0) await checkpoint();
    }
  }
  return passages;
}
