import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Language, Problem } from '../../shared/contract/types.ts';
import { why } from '../../shared/problems.ts';
import type { Project } from '../store/project.ts';
import type { NewBatch } from '../store/new-batch.ts';
import type { CandidateRow, PassageRow } from '../store/new-rows.ts';
import { expectManyRows } from '../store/open.ts';
import { expectManyTerms, tidySearch } from '../store/search-segments.ts';
import type { ImportJournal } from './journal.ts';
import { DuplicateFinder, type Pair } from './near.ts';
import { compareQuestions } from './near-questions.ts';
import type { Prepared } from './prepare.ts';
import { openReading, type Chunk, type Reading } from './reading.ts';
import { isProblem, type ImportOptions } from './readers/entry.ts';
import type { ImportSource } from './source.ts';

export interface Imported {
  passages: number; // new ones
  references: number;
  candidates: number;
  /** Passages whose text was there before, in the project or earlier in this import, under the same document or another. */
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
const metAtOnce = 1000;
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
  await importer.finish();
  return importer.imported;
}

/** One import of one or more sources; finished, it leaves the search index fit for reading and its questions compared. */
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
  private metProject = false;
  private large = false; // any source
  private lastDocument: { file: string; title: string } | null = null;

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
    await this.meetProject();
    const reading = await openReading(source, this.options);
    this.large ||= reading.large;
    if (reading.large) this.expectMany(true);
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
      if (reading.large) this.expectMany(false);
      reading.close();
    }
  }

  private expectMany(expected: boolean): void {
    expectManyRows(this.project.database, expected);
    expectManyTerms(this.project.database, expected);
  }

  /** After the last source. */
  async finish(): Promise<void> {
    const pause = async (): Promise<void> => this.steps.checkpoint?.();
    if (this.large) await tidySearch(this.project.database, pause);
    await compareQuestions(this.project, pause);
  }

  /** What the project has is compared with, but for what this import brought before it was stopped. */
  private async meetProject(): Promise<void> {
    if (this.metProject) return;
    this.metProject = true;
    let met = 0;
    for (const { row, print } of this.project.prints()) {
      if (!this.broughtBefore(row)) this.finder.meet(row, print);
      if ((met += 1) % metAtOnce === 0) await this.steps.checkpoint?.();
    }
  }

  private broughtBefore(row: number): boolean {
    return this.steps.journal?.has(row) ?? false;
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

  private passage(file: string, prepared: Prepared): void {
    const { passage, candidates, references } = prepared;
    const { project, seen } = this;
    prepared.problems.forEach(this.report);
    this.document(file, prepared.document);
    const position = (this.positions.get(passage.documentId) ?? 0) + 1;
    const different = new Set(candidates.map((one) => one.id)).size;
    const { id, row, added } = project.addPassageRow(passage, position, different, this.batch);
    if (!seen.has(row)) {
      seen.add(row);
      this.positions.set(passage.documentId, position);
      if (added || this.broughtBefore(row)) this.count(id, row, passage);
      else this.imported.duplicates += 1;
    } else if (candidates.length + references.length === 0) this.imported.duplicates += 1;
    for (const reference of references) this.imported.references += Number(project.addReferenceRow(reference));
    if (candidates.length === 0) return;
    const language = added ? passage.language : project.languageOf(id);
    for (const candidate of candidates)
      if (added || !project.hasImported(candidate)) this.candidate(candidate, language, added);
  }

  private candidate(candidate: CandidateRow, language: Language, counted: boolean): void {
    const { project, imported } = this;
    const duplicateOf = project.duplicateQuestion(candidate.original, language, candidate.key);
    if (duplicateOf !== null)
      candidate.signals = JSON.stringify({ ...(JSON.parse(candidate.signals) as object), duplicateOf });
    imported.candidates += Number(project.addCandidateRow(candidate, language, counted, this.batch));
  }

  /** A document's passages mostly follow each other. */
  private document(file: string, title: string): void {
    if (this.lastDocument?.title === title && this.lastDocument.file === file) return;
    this.project.addDocument({ key: title, title, source: file });
    this.lastDocument = { file, title };
  }

  private count(id: string, row: number, { print, language }: PassageRow): void {
    const { imported } = this;
    imported.passages += 1;
    const found = this.finder.add(row, print, language);
    if (found?.similarity === 1) imported.duplicates += 1;
    else if (found) imported.nearDuplicates += 1;
    if (found && imported.pairs.length < reportedPairs)
      imported.pairs.push({ left: this.project.passageId(found.other), right: id, similarity: found.similarity });
    imported.notCompared = this.finder.skipped;
  }
}

function nameOf(source: ImportSource): string {
  return 'path' in source ? basename(source.path) : source.title;
}
