import { meanOf } from './numbers.ts';
import type { ScoreRow } from './scores.ts';

/** Stands for the average of all criteria. */
export const averageName = null;
export type Measure = string | null;

export interface Item {
  id: string;
  language: ScoreRow['language'];
  passage: string; // id
  title: string;
  question: string;
  systems: string[];
  /** Rater, then criterion, then the first score. */
  scores: Map<string, Map<string, number>>;
  comments: Map<string, string>;
}

/** The scores of one section, looked at by passage, system, criterion and rater. Repeats count only for self-agreement. */
export class Table {
  readonly systems: readonly string[];
  readonly criteria: readonly string[];
  readonly raters: readonly string[];
  readonly first: readonly ScoreRow[];
  readonly repeated: readonly ScoreRow[];
  /** By system, the passages it has no question for. */
  readonly unanswered: ReadonlyMap<string, ReadonlySet<string>>;
  readonly passages: readonly string[];
  readonly items: readonly Item[];
  /** Passage, system, criterion: the raters' scores. */
  private readonly cells = new Map<string, number[]>();
  private readonly byRater = new Map<string, number[]>();

  constructor(
    rows: readonly ScoreRow[],
    systems: readonly string[],
    criteria: readonly string[],
    raters: readonly string[],
  ) {
    this.systems = systems;
    this.criteria = criteria;
    this.raters = raters;
    this.first = rows.filter((row) => row.rater !== '' && row.repeat === 0);
    this.repeated = rows.filter((row) => row.repeat > 0);
    this.passages = [...new Set(this.first.map((row) => row.passage))];
    const items = new Map<string, Item>();
    for (const row of this.first) {
      push(this.cells, key(row.passage, row.system, row.criterion), row.score);
      push(this.byRater, key(row.rater, row.system, row.criterion), row.score);
      const known = items.get(row.item);
      const item = known ?? emptyItem(row);
      if (!known) items.set(row.item, item);
      if (!item.systems.includes(row.system)) item.systems.push(row.system);
      const scores = item.scores.get(row.rater) ?? new Map<string, number>();
      scores.set(row.criterion, row.score);
      item.scores.set(row.rater, scores);
      if (row.comment !== '') item.comments.set(row.rater, row.comment);
    }
    this.items = [...items.values()];
    this.unanswered = this.countUnanswered(rows);
  }

  /** One value per passage, in the order of `passages`: the mean over raters; null where nobody scored. */
  passageMeans(system: string, measure: Measure): (number | null)[] {
    return this.passages.map((passage) => {
      const means = this.measured(measure).map((criterion) =>
        meanOf(this.cells.get(key(passage, system, criterion)) ?? []),
      );
      const known = means.filter((mean) => mean !== null);
      return known.length < means.length ? null : meanOf(known);
    });
  }

  /** The mean of the average over the passages that a system has a question for; null where it has none. */
  answeredMean(system: string): number | null {
    const without = this.unanswered.get(system);
    const means = this.passageMeans(system, averageName).filter((_, at) => !without?.has(this.passages[at] ?? ''));
    return meanOf(means.filter((mean) => mean !== null));
  }

  scoreCount(system: string, measure: Measure): number {
    const criteria = new Set(this.measured(measure));
    return this.first.filter((row) => row.system === system && criteria.has(row.criterion)).length;
  }

  raterMean(rater: string, system: string, measure: Measure): number | null {
    const means = this.measured(measure).map((criterion) =>
      meanOf(this.byRater.get(key(rater, system, criterion)) ?? []),
    );
    const known = means.filter((mean) => mean !== null);
    return known.length < means.length ? null : meanOf(known);
  }

  /** Per rater one score per item, null where not scored. */
  ratings(criterion: string): (number | null)[][] {
    return this.raters.map((rater) => this.items.map((item) => item.scores.get(rater)?.get(criterion) ?? null));
  }

  /** A 0 on each criterion, by everyone who scores the language, for a passage that a system has no question for. */
  private countUnanswered(rows: readonly ScoreRow[]): Map<string, Set<string>> {
    const unanswered = new Map<string, Set<string>>();
    const scored = new Set(this.passages);
    const raters = new Map<string, Set<string>>(); // by language
    for (const { language, rater } of this.first) raters.set(language, (raters.get(language) ?? new Set()).add(rater));
    for (const row of rows.filter(({ rater, passage }) => rater === '' && scored.has(passage))) {
      push(this.cells, key(row.passage, row.system, row.criterion), 0);
      for (const rater of raters.get(row.language) ?? []) push(this.byRater, key(rater, row.system, row.criterion), 0);
      const known = unanswered.get(row.system);
      if (known) known.add(row.passage);
      else unanswered.set(row.system, new Set([row.passage]));
    }
    return unanswered;
  }

  private measured(measure: Measure): readonly string[] {
    return measure === averageName ? this.criteria : [measure];
  }
}

function key(...parts: readonly string[]): string {
  return parts.join('\u0000');
}

function push(map: Map<string, number[]>, at: string, value: number): void {
  const values = map.get(at);
  if (values) values.push(value);
  else map.set(at, [value]);
}

function emptyItem({ item, language, passage, title, question }: ScoreRow): Item {
  return { id: item, language, passage, title, question, systems: [], scores: new Map(), comments: new Map() };
}
