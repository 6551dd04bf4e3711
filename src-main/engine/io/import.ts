import type { Language, Problem, Span } from '../../shared/contract/types.ts';
import { exactKey, fingerprint } from '../../shared/text/fingerprint.ts';
import { detectLanguage } from '../../shared/text/language.ts';
import { verifySpan } from '../../shared/text/offsets.ts';
import { splitSentences } from '../../shared/text/sentences.ts';
import { countWords } from '../../shared/text/words.ts';
import { signalsOf } from '../services/review.ts';
import type { Project } from '../store/project.ts';
import type { ImportJournal } from './journal.ts';
import { DuplicateFinder, type Pair } from './near.ts';
import { isProblem, type ImportOptions, type Read, type ReadPassage } from './readers/entry.ts';
import { detectFormat, read } from './readers/read.ts';
import { openSource, type ImportSource } from './source.ts';

export interface Imported {
  passages: number;
  references: number;
  candidates: number;
  /** Passages whose text was there before, in the project or earlier in this import. */
  duplicates: number;
  nearDuplicates: number;
  /** Passages after a very great many, compared for exact duplicates only. */
  notCompared: number;
  /** The first pairs of both kinds, by passage id. */
  pairs: Pair[];
}

export interface ImportSteps {
  /** Between chunks; what it throws ends the import. */
  checkpoint?: () => Promise<void>;
  /** `share` of the sources' bytes, from 0 to 1. */
  passed?: (passages: number, share: number) => void;
  journal?: ImportJournal;
}

/** Passages in one transaction: long enough to spare the disk, short enough to let other calls in. */
const chunkSize = 200;
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
    notCompared: 0,
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
  private lastDocument: { file: string; title: string; id: string } | null = null;

  constructor(project: Project, options: ImportOptions, report: (problem: Problem) => void, steps: ImportSteps) {
    this.project = project;
    this.options = options;
    this.report = report;
    this.steps = steps;
    this.finder = new DuplicateFinder((row) => project.passageText(row));
  }

  /** Imports a source, which is the part of all from `from` to `to`. */
  async take(source: ImportSource, from = 0, to = 1): Promise<void> {
    const opened = await openSource(source, this.options.encoding);
    let chunk: Read[] = [];
    let any = false;
    const write = async (): Promise<void> => {
      this.write(opened.name, opened.encoding, chunk);
      chunk = [];
      this.steps.passed?.(this.passed, from + (to - from) * opened.share);
      await this.steps.checkpoint?.();
    };
    for await (const entry of read(opened, detectFormat(opened, this.options), this.options)) {
      any = true;
      chunk.push(entry);
      if (chunk.length >= chunkSize) await write();
    }
    if (!any) chunk.push({ file: opened.name, line: null, reason: 'Nothing to import was found. Check the format.' });
    await write();
  }

  private write(file: string, encoding: string, chunk: readonly Read[]): void {
    const work = (): void => {
      for (const entry of chunk) {
        if (isProblem(entry)) this.report(entry);
        else this.passage(file, encoding, entry);
      }
    };
    if (this.steps.journal) this.steps.journal.record(work);
    else this.project.transaction(work);
    this.passed += chunk.filter((entry) => !isProblem(entry)).length;
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
    const documentId = this.document(file, entry.document);
    const position = (this.positions.get(documentId) ?? 0) + 1;
    const { id, row, added } = project.addPassage({
      documentId,
      position,
      text,
      title: entry.title,
      language,
      sentences: splitSentences(text, language),
      words: countWords(text, language),
      externalId: entry.id,
    });
    if (!seen.has(id)) {
      seen.add(id);
      this.positions.set(documentId, position);
      this.count(id, row, added, text, language);
    } else if (entry.questions.length === 0) this.imported.duplicates += 1;
    if (entry.questions.length > 0) this.questions(file, id, { ...entry, language });
  }

  /** A document's id; its passages mostly follow each other. */
  private document(file: string, title: string): string {
    if (this.lastDocument?.title !== title || this.lastDocument.file !== file) {
      const id = this.project.addDocument({ key: title, title, source: file });
      this.lastDocument = { file, title, id };
    }
    return this.lastDocument.id;
  }

  private count(id: string, row: number, added: boolean, text: string, language: Language): void {
    const { imported } = this;
    if (added) imported.passages += 1;
    const found = this.finder.add(row, fingerprint(text, language), language);
    if (!added || found?.similarity === 1) imported.duplicates += 1;
    else if (found) imported.nearDuplicates += 1;
    if (found && imported.pairs.length < reportedPairs)
      imported.pairs.push({ left: this.project.passageId(found.other), right: id, similarity: found.similarity });
    imported.notCompared = this.finder.skipped;
  }

  private questions(
    file: string,
    passageId: string,
    passage: ReadPassage & { language: Language },
  ): void {
    const { project, options, imported } = this;
    if (options.questionsAs === 'none') return;
    const placed = passage.questions.map((entry) => ({
      ...entry,
      answer: entry.answer && this.place(file, passage, entry.question, entry.answer),
    }));
    if (options.questionsAs !== 'candidates') {
      for (const { question, answer, id: externalId } of placed)
        imported.references += Number(project.addReference({ passageId, question, answer, externalId }));
      return;
    }
    const add = (some: typeof placed): void => {
      const candidates = some.map(({ question, answer }) => ({
        passageId,
        original: question,
        focus: null,
        sentence: null,
        answer,
        score: null,
        signals: signalsOf(project, passage, question),
        lineage: importLineage(file, question),
        asideReasons: [],
      }));
      imported.candidates += project.addCandidates(passageId, candidates).filter(({ added }) => added).length;
    };
    // One by one where two ask the same, so that the second is seen to repeat the first.
    const distinct = new Set(placed.map(({ question }) => exactKey(question))).size === placed.length;
    if (distinct) add(placed);
    else for (const entry of placed) add([entry]);
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
