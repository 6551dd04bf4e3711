import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Lineage, Problem } from '../../shared/contract/types.ts';
import { why } from '../../shared/problems.ts';
import type { Project } from '../store/project.ts';
import type { NewBatch } from '../store/new-batch.ts';
import type { ImportJournal } from './journal.ts';
import { DuplicateFinder, type Pair } from './near.ts';
import type { Prepared } from './prepare.ts';
import { openReading, type Chunk, type Reading } from './reading.ts';
import { isProblem, type ImportOptions } from './readers/entry.ts';
import type { ImportSource } from './source.ts';

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

const reportedPairs = 100;
/** Milliseconds to wait for a chunk before asking whether to go on. */
const patience = 200;

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
  private readonly seen = new Set<number>(); // rows
  private readonly finder: DuplicateFinder;
  private readonly batch: NewBatch;
  private passed = 0;
  private lastDocument: { file: string; title: string; id: string } | null = null;

  constructor(project: Project, options: ImportOptions, report: (problem: Problem) => void, steps: ImportSteps) {
    this.project = project;
    this.options = options;
    this.report = report;
    this.steps = steps;
    this.batch = project.batch();
    this.finder = new DuplicateFinder((row) => project.passageText(row));
  }

  /** Imports a source, which is the part of all from `from` to `to`. */
  async take(source: ImportSource, from = 0, to = 1): Promise<void> {
    const reading = await openReading(source, this.options);
    try {
      let any = false;
      for (let chunk = await this.next(reading); chunk !== null; chunk = await this.next(reading)) {
        any = true;
        this.write(chunk);
        this.steps.passed?.(this.passed, from + (to - from) * chunk.share);
        await this.steps.checkpoint?.();
      }
      const file = nameOf(source);
      if (!any) this.report({ file, line: null, ...why('problem.nothing') });
    } finally {
      reading.close();
    }
  }

  /** The next chunk. A file that is one value may be long in coming: a cancel is heard meanwhile. */
  private async next(reading: Reading): Promise<Chunk | null> {
    const coming = reading.next();
    coming.catch(() => undefined); // told by the race, or too late to matter
    for (;;) {
      const late = pause(patience, 'late' as const, { ref: false });
      const come = await Promise.race([coming, late]);
      if (come !== 'late') return come;
      await this.steps.checkpoint?.();
    }
  }

  private write({ file, rows }: Chunk): void {
    const work = (): void => {
      for (const row of rows) {
        if (isProblem(row)) this.report(row);
        else this.passage(file, row);
      }
      this.batch.write();
    };
    if (this.steps.journal) this.steps.journal.record(work);
    else this.project.transaction(work);
    this.passed += rows.filter((row) => !isProblem(row)).length;
  }

  private passage(file: string, passage: Prepared): void {
    const { text, title, language, sentences, words, terms, externalId } = passage;
    const { project, seen } = this;
    passage.problems.forEach(this.report);
    const documentId = this.document(file, passage.document);
    const position = (this.positions.get(documentId) ?? 0) + 1;
    const entry = { documentId, position, text, title, language, sentences, words, terms, externalId };
    const { id, row, added } = project.addPassage(entry, this.batch);
    if (!seen.has(row)) {
      seen.add(row);
      this.positions.set(documentId, position);
      this.count(id, row, added, passage);
    } else if (passage.questions.length === 0) this.imported.duplicates += 1;
    if (passage.questions.length > 0) this.questions(file, id, passage);
  }

  /** A document's id; its passages mostly follow each other. */
  private document(file: string, title: string): string {
    if (this.lastDocument?.title !== title || this.lastDocument.file !== file) {
      const id = this.project.addDocument({ key: title, title, source: file });
      this.lastDocument = { file, title, id };
    }
    return this.lastDocument.id;
  }

  private count(id: string, row: number, added: boolean, { print, language }: Prepared): void {
    const { imported } = this;
    if (added) imported.passages += 1;
    const found = this.finder.add(row, print, language);
    if (!added || found?.similarity === 1) imported.duplicates += 1;
    else if (found) imported.nearDuplicates += 1;
    if (found && imported.pairs.length < reportedPairs)
      imported.pairs.push({ left: this.project.passageId(found.other), right: id, similarity: found.similarity });
    imported.notCompared = this.finder.skipped;
  }

  private questions(file: string, passageId: string, { language, questions }: Prepared): void {
    const { project, imported } = this;
    const lineage = importLineage(file);
    const add = (some: typeof questions): void => {
      const candidates = some.flatMap(({ question, answer, review }) =>
        review === null
          ? []
          : {
              passageId,
              original: question,
              focus: null,
              sentence: null,
              answer,
              score: null,
              signals: { ...review.signals, duplicateOf: project.duplicateQuestion(question, language, review.key) },
              lineage: { ...lineage, raw: question },
              asideReasons: [],
              ...{ key: review.key, terms: review.terms },
            },
      );
      imported.candidates += project
        .addCandidates(passageId, candidates, this.batch)
        .filter(({ added }) => added).length;
    };
    if (this.options.questionsAs !== 'candidates') {
      for (const { question, answer, externalId } of questions)
        imported.references += Number(project.addReference({ passageId, question, answer, externalId }));
      return;
    }
    // One by one where two ask the same, so that the second is seen to repeat the first.
    const distinct = new Set(questions.map(({ review }) => review?.key)).size === questions.length;
    if (distinct) add(questions);
    else for (const entry of questions) add([entry]);
  }
}

function nameOf(source: ImportSource): string {
  return 'path' in source ? basename(source.path) : source.title;
}

function importLineage(file: string): Omit<Lineage, 'raw'> {
  return {
    generator: `import:${file}`,
    generatorName: file,
    hash: null,
    provider: null,
    decoding: null,
    seed: null,
    rank: null,
    score: null,
    jobId: null,
  };
}
