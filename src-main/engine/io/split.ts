import { createHash } from 'node:crypto';
import type { ExportSettings } from '../../shared/contract/exporting.ts';
import { AsklabError } from '../../shared/errors.ts';
import type { Language } from '../../shared/text/language.ts';
import { exactKey } from '../../shared/text/fingerprint.ts';
import type { ExportItem } from './items.ts';
import { DuplicateFinder, type Pair } from './near.ts';

type Split = NonNullable<ExportSettings['split']>;

export interface SplitCount {
  name: string;
  questions: number;
  passages: number;
  groups: number;
  languages: Partial<Record<Language, number>>; // questions in each
}

export interface SplitPlan {
  /** Split name by passage id. */
  of: Map<string, string>;
  splits: SplitCount[];
  /** Near-duplicate passages that stand in two splits: a leak. None when split by cluster. */
  shared: Pair[];
}

/**
 * Gathers passages into groups that must stay together, then deals whole groups out, in an order that depends on the
 * seed and the groups alone. Passages of the same text are one group whatever the choice.
 */
export class SplitPlanner {
  private readonly split: Split | null;
  private readonly groups = new Groups();
  private readonly questions = new Map<string, number>();
  private readonly languages = new Map<string, Language>();
  private readonly finder: DuplicateFinder;
  private readonly pairs: Pair[] = [];

  constructor(split: Split | null, textOf: (id: string) => string) {
    this.split = split;
    this.finder = new DuplicateFinder(textOf);
    if (split && split.train + split.dev + split.test <= 0)
      throw new AsklabError('invalid-input', 'Every split is empty. Give at least one a share.');
  }

  add({ passage, questions }: ExportItem): void {
    const { id } = passage;
    this.questions.set(id, questions.length);
    this.languages.set(id, passage.language);
    if (!this.split) return this.groups.join(id, 'all');
    const text = `text:${exactKey(passage.text)}`;
    this.groups.join(id, text);
    if (this.split.by === 'document') this.groups.join(id, `document:${passage.documentId}`);
    const apart = (other: string): boolean => this.groups.find(other) !== this.groups.find(id);
    for (const pair of this.finder.all(id, passage.text, passage.language, (other) => !apart(other))) {
      if (!apart(pair.left)) continue;
      this.pairs.push(pair);
      if (this.split.by === 'cluster') this.groups.join(id, pair.left);
    }
  }

  finish(): SplitPlan {
    const members = new Map<string, string[]>();
    for (const id of this.questions.keys()) {
      const group = this.groups.find(id);
      const known = members.get(group);
      if (known) known.push(id);
      else members.set(group, [id]);
    }
    const total = [...this.questions.values()].reduce((sum, count) => sum + count, 0);
    const targets = this.split ? sizes(this.split, total) : [{ name: 'train', size: total }];
    const rest = this.split && !inShares(this.split) ? targets.at(-1) : targets[0];
    const tally = new Map(targets.map(({ name }) => [name, emptySplit(name)]));
    const of = new Map<string, string>();
    for (const group of this.shuffled(members.values())) {
      const open = targets.filter(({ name, size }) => (tally.get(name)?.questions ?? 0) < size);
      const count = tally.get(mostWanted(open, tally) ?? rest?.name ?? 'train');
      if (!count) continue;
      for (const id of group) this.count(count, id);
      count.passages += group.length;
      count.groups += 1;
      for (const id of group) of.set(id, count.name);
    }
    if (!this.split) for (const count of tally.values()) count.groups = count.passages;
    const shared = this.pairs.filter(({ left, right }) => of.get(left) !== of.get(right));
    return { of, splits: [...tally.values()], shared };
  }

  private count(split: SplitCount, id: string): void {
    const questions = this.questions.get(id) ?? 0;
    const language = this.languages.get(id);
    split.questions += questions;
    if (language) split.languages[language] = (split.languages[language] ?? 0) + questions;
  }

  private shuffled(groups: Iterable<string[]>): string[][] {
    const seed = this.split?.seed ?? 0;
    const first = (group: readonly string[]): string => group.reduce((least, id) => (id < least ? id : least));
    const drawn = Array.from(groups, (group) => ({ group, place: draw(`${seed}:${first(group)}`) }));
    return drawn.sort((left, right) => (left.place < right.place ? -1 : 1)).map(({ group }) => group);
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

/** Union-find over passage ids and the keys they share. */
class Groups {
  private readonly parent = new Map<string, string>();

  join(left: string, right: string): void {
    const root = this.find(left);
    this.parent.set(root, this.find(right));
  }

  find(id: string): string {
    let root = id;
    for (let next = this.parent.get(root); next !== undefined && next !== root; next = this.parent.get(root))
      root = next;
    for (let node = id; node !== root;) {
      const next = this.parent.get(node) ?? root;
      this.parent.set(node, root);
      node = next;
    }
    return root;
  }
}
