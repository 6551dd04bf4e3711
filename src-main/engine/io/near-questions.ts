import type Database from 'better-sqlite3';
import { setImmediate as turn } from 'node:timers/promises';
import { questionBands, similarity, type Print } from '../../shared/text/fingerprint.ts';
import type { Language } from '../../shared/text/language.ts';
import { questionPrints } from '../store/prints.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';
import { nearSimilarity, Pages } from './near.ts';

const slots = 1 << 21;
/** Share of equal bytes of two prints below which the questions are not looked at. */
const worthComparing = 0.6;
/** Where thousands of questions are alike, each is looked for among the newest of them, and compared with the most alike. */
const walkedInBand = 16;
const comparedForOne = 4;
const atOnce = 500;
/** Up to so many questions are compared while a person waits for one that is written. */
const small = 50_000;
/** The project's value that says up to which row questions were compared. */
const comparedTo = 'questions-compared';

/**
 * The project's questions by what their prints have in common, in memory: about 70 bytes each. A question is compared
 * with those before it, once: when it is stored, or after the import that brought it.
 */
class NearQuestions {
  last = 0; // the row taken last
  private count = 0;
  // An entry is a question's place times the bands, plus the band, plus one; 0 is none.
  private readonly heads = new Int32Array(slots); // the last entry of each slot
  private readonly next = new Pages(questionBands); // the entry before in the same slot
  private readonly prints = new Pages(questionBands);
  private readonly rows = new Pages(1);
  private readonly database: Database.Database;

  constructor(database: Database.Database) {
    this.database = database;
  }

  add(row: number, print: Print): void {
    this.last = row;
    if (isEmpty(print)) return;
    const place = this.count;
    this.count += 1;
    this.rows.set(place, 0, row);
    for (let band = 0; band < questionBands; band += 1) {
      const word = print[band] ?? 0;
      const slot = slotOf(band, word);
      this.prints.set(place, band, word);
      this.next.set(place, band, this.heads[slot] ?? 0);
      this.heads[slot] = place * questionBands + band + 1;
    }
  }

  /** The id of the earlier question most like it, of those nearly like it; `text` is asked for only if there may be one. */
  find(print: Print, text: () => { original: string; language: Language }): string | null {
    const alike = this.alike(print);
    if (alike.length === 0) return null;
    const { original, language } = text();
    const read = prepare(this.database, 'SELECT id, original FROM candidates WHERE row = ? AND language = ?');
    let best: { id: string; similarity: number } | null = null;
    for (const row of alike) {
      const other = read.get(row, language) as { id: string; original: string } | undefined;
      if (!other) continue;
      const found = similarity(other.original, original, language);
      if (found >= nearSimilarity && found > (best?.similarity ?? 0)) best = { id: other.id, similarity: found };
    }
    return best?.id ?? null;
  }

  /** Rows of questions that share a band and enough of the print, most alike first. */
  private alike(print: Print): number[] {
    if (isEmpty(print)) return [];
    const found = new Map<number, number>();
    for (let band = 0; band < questionBands; band += 1) {
      const word = print[band] ?? 0;
      let entry = this.heads[slotOf(band, word)] ?? 0;
      for (let walked = 0; entry > 0 && walked < walkedInBand; walked += 1) {
        const place = Math.floor((entry - 1) / questionBands);
        const other = (entry - 1) % questionBands;
        entry = this.next.get(place, other);
        if (other !== band || this.prints.get(place, band) !== word || found.has(place)) continue;
        found.set(place, this.agreement(place, print));
      }
    }
    if (found.size === 0) return [];
    return [...found]
      .filter(([, agreement]) => agreement >= worthComparing)
      .sort(([, left], [, right]) => right - left)
      .slice(0, comparedForOne)
      .map(([place]) => this.rows.get(place, 0));
  }

  private agreement(place: number, print: Print): number {
    let equal = 0;
    for (let band = 0; band < questionBands; band += 1) {
      const different = this.prints.get(place, band) ^ (print[band] ?? 0);
      for (let shift = 0; shift < 32; shift += 8) equal += Number(((different >>> shift) & 0xff) === 0);
    }
    return equal / (4 * questionBands);
  }
}

function isEmpty(print: Print): boolean {
  return print.every((word) => word === 0);
}

function slotOf(band: number, word: number): number {
  const mixed = Math.imul(word ^ Math.imul(band + 1, 0x9e3779b1), 0x85ebca6b);
  return (mixed ^ (mixed >>> 15)) & (slots - 1);
}

const known = new WeakMap<Database.Database, NearQuestions>();

function questionsOf({ database }: Project): NearQuestions {
  let found = known.get(database);
  if (!found) known.set(database, (found = new NearQuestions(database)));
  return found;
}

/** Compares what came since it was last done; what it found is in the questions' signals. Lets other calls in. */
export async function compareQuestions(project: Project, pause: () => Promise<unknown> = () => turn()): Promise<void> {
  if (project.readOnly) return;
  while (comparePortion(project)) await pause();
}

/** The same at once, where it takes no time to speak of; else what came is left to the next comparison. */
export function compareFew(project: Project): void {
  const far = project.counts().candidates - (known.get(project.database)?.last ?? 0) > small;
  if (!project.readOnly && !far) while (comparePortion(project));
}

/** After questions were taken out: their rows may be given to others. */
export function forgetQuestions(project: Project): void {
  known.delete(project.database);
  const last = prepare(project.database, 'SELECT coalesce(max(row), 0) FROM candidates').pluck().get() as number;
  if (last < compared(project)) project.setValue(comparedTo, String(last));
}

function compared(project: Project): number {
  return Number(project.value(comparedTo) ?? 0);
}

/** Takes some hundred questions more; false when none are left. */
function comparePortion(project: Project): boolean {
  const { database } = project;
  const questions = questionsOf(project);
  const done = compared(project);
  return project.transaction(() => {
    const rows = questionPrints(database, questions.last, atOnce);
    for (const [row, print] of rows) {
      if (row > done) compare(database, questions, row, print);
      questions.add(row, print);
    }
    if (questions.last > done) project.setValue(comparedTo, String(questions.last));
    return rows.length === atOnce;
  });
}

function compare(database: Database.Database, questions: NearQuestions, row: number, print: Print): void {
  const read = prepare(database, 'SELECT original, language FROM candidates WHERE row = ?');
  const near = questions.find(print, () => read.get(row) as { original: string; language: Language });
  if (near === null) return;
  const sql = `UPDATE candidates SET signals = json_set(signals, '$.nearOf', ?) WHERE row = ? AND signals ->> 'duplicateOf' IS NULL`;
  prepare(database, sql).run(near, row);
}
