import { createHash } from 'node:crypto';
import type { ExportSettings } from '../../shared/contract/exporting.ts';
import { told } from '../../shared/told.ts';
import type { Language } from '../../shared/text/language.ts';
import type { StoredPrint } from '../store/prints.ts';
import { Groups } from './groups.ts';
import type { ExportItem } from './items.ts';
import { DuplicateFinder } from './near.ts';

type Split = NonNullable<ExportSettings['split']>;

export interface SplitCount {
  name: string;
  questions: number;
  passages: number;
  groups: number;
  languages: Partial<Record<Language, number>>; // questions in each
}

export interface SplitPlan {
  splits: SplitCount[];
  /** The split of the passage in this row; null for one that was not there. */
  splitOf(row: number): string | null;
  /** Near-duplicate passages that stand in two splits, by row: a leak. None when split by cluster. */
  shared: Leak[];
  /** Passages that were compared for exact duplicates only. */
  notCompared: number;
}

export interface Leak {
  left: number;
  right: number;
  similarity: number;
}

/** Passages that are alike, and so which clusters there are: a matter of the passages alone, not of how they are split. */
export interface NearLinks {
  links: Leak[]; // by place
  notCompared: number;
}

/**
 * Gathers passages into groups that must stay together, then deals whole groups out, in an order that depends on the
 * seed and the groups alone. Passages of the same text are one group whatever the choice. Some 0.3 kB a passage.
 */
export class SplitPlanner {
  private readonly split: Split | null;
  private readonly groups = new Groups();
  private readonly rows: number[] = []; // of the passages in the order in which they came, which is their place here
  private readonly ids: string[] = [];
  private readonly questions: number[] = [];
  private readonly languages: Language[] = [];
  private readonly documents = new Map<string, number>(); // the place of a document's first passage
  private readonly textOf: (row: number) => string;

  constructor(split: Split | null, textOf: (row: number) => string) {
    this.split = split;
    this.textOf = textOf;
    if (split && split.train + split.dev + split.test <= 0) throw told('error.invalid-input.empty-splits');
  }

  add({ passage, questions }: ExportItem): void {
    const { row, id, documentId, language } = passage;
    const place = this.rows.push(row) - 1;
    this.ids.push(id);
    this.questions.push(questions.length);
    this.languages.push(language);
    if (this.split?.by !== 'document') return;
    const first = this.documents.get(documentId);
    if (first === undefined) this.documents.set(documentId, place);
    else this.groups.join(first, place);
  }

  /** Looks for passages that are alike, by the project's prints in its order: others may have their turn after each. */
  *search(prints: Iterable<StoredPrint>): Generator<void, NearLinks> {
    const finder = new DuplicateFinder((place) => this.textOf(this.rows[place] ?? 0));
    const links: Leak[] = [];
    let place = 0;
    for (const { row, language, print } of prints) {
      while ((this.rows[place] ?? Infinity) < row) place += 1; // was taken back meanwhile
      if (this.rows[place] !== row) continue; // does not go out
      for (const { other, similarity } of finder.links(place, print, language))
        links.push({ left: other, right: place, similarity });
      place += 1;
      yield;
    }
    return { links, notCompared: finder.skipped };
  }

  /** The same for the same passages in the same order and languages. */
  key(): string {
    const hash = createHash('sha256');
    for (const [place, id] of this.ids.entries()) hash.update(`${id}${this.languages[place]}`);
    return hash.digest('hex');
  }

  /** Deals the groups out; given what the search found. */
  finish({ links, notCompared }: NearLinks = { links: [], notCompared: 0 }): SplitPlan {
    const apart = links.filter(({ left, right, similarity }) => {
      const together = similarity === 1 || this.split?.by === 'cluster';
      if (together) this.groups.join(left, right);
      return !together;
    });
    const total = this.questions.reduce((sum, count) => sum + count, 0);
    const targets = this.split ? sizes(this.split, total) : [{ name: 'train', size: total }];
    const rest = this.split && !inShares(this.split) ? targets.at(-1) : targets[0];
    const tally = new Map(targets.map(({ name }) => [name, emptySplit(name)]));
    const names = targets.map(({ name }) => name);
    const dealt = new Uint8Array(this.rows.length); // by place: the split's number plus one
    for (const group of this.split ? this.shuffled() : [[...this.rows.keys()]]) {
      const open = targets.filter(({ name, size }) => (tally.get(name)?.questions ?? 0) < size);
      const name = mostWanted(open, tally) ?? rest?.name ?? 'train';
      const count = tally.get(name);
      if (!count) continue;
      for (const place of group) this.count(count, place);
      count.passages += group.length;
      count.groups += 1;
      for (const place of group) dealt[place] = names.indexOf(name) + 1;
    }
    if (!this.split) for (const count of tally.values()) count.groups = count.passages;
    const byRow = new Uint8Array(this.rows.reduce((most, row) => Math.max(most, row), 0) + 1);
    for (const [place, row] of this.rows.entries()) byRow[row] = dealt[place] ?? 0;
    const row = (place: number): number => this.rows[place] ?? 0;
    return {
      splits: [...tally.values()],
      splitOf: (wanted) => names[(byRow[wanted] ?? 0) - 1] ?? null,
      shared: apart
        .filter(({ left, right }) => dealt[left] !== dealt[right])
        .map(({ left, right, similarity }) => ({ left: row(left), right: row(right), similarity })),
      notCompared,
    };
  }

  private count(split: SplitCount, place: number): void {
    const questions = this.questions[place] ?? 0;
    const language = this.languages[place];
    split.questions += questions;
    if (language) split.languages[language] = (split.languages[language] ?? 0) + questions;
  }

  private shuffled(): number[][] {
    const members = new Map<number, number[]>();
    for (let place = 0; place < this.rows.length; place += 1) {
      const group = this.groups.find(place);
      const known = members.get(group);
      if (known) known.push(place);
      else members.set(group, [place]);
    }
    const seed = this.split?.seed ?? 0;
    const id = (place: number): string => this.ids[place] ?? '';
    const least = (group: readonly number[]): string =>
      group.map(id).reduce((first, other) => (other < first ? other : first));
    const drawn = Array.from(members.values(), (group) => ({ group, order: draw(`${seed}:${least(group)}`) }));
    return drawn.sort((left, right) => (left.order < right.order ? -1 : 1)).map(({ group }) => group);
  }
}

export function emptySplit(name: string): SplitCount {
  return { name, questions: 0, passages: 0, groups: 0, languages: {} };
}

/** The split that is furthest from its size, as a share of it. */
function mostWanted(
  open: readonly { name: string; size: number }[],
  tally: ReadonlyMap<string, SplitCount>,
): string | null {
  const filled = ({ name, size }: { name: string; size: number }): number => (tally.get(name)?.questions ?? 0) / size;
  return [...open].sort((left, right) => filled(left) - filled(right))[0]?.name ?? null;
}

function inShares({ train, dev, test }: Split): boolean {
  return train + dev + test <= 1.000001;
}

/** Sizes in questions. What shares leave over goes to train; what counts leave over is the test split's. */
function sizes(split: Split, total: number): { name: string; size: number }[] {
  const shares = inShares(split);
  const size = (value: number): number => (shares ? value * total : value);
  const { train, dev, test } = split;
  const left = shares ? 0 : total - train - dev - test;
  return [
    { name: 'train', size: size(train) },
    { name: 'validation', size: size(dev) },
    { name: 'test', size: size(test) + Math.max(0, left) },
  ].filter((entry) => entry.size > 0);
}

function draw(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
