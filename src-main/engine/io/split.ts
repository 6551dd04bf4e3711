import { createHash } from 'node:crypto';
import type { ExportSettings } from '../../shared/contract/exporting.ts';
import type { Passage } from '../../shared/contract/types.ts';
import { exactKey, nearDuplicateKeys, similarity } from '../../shared/text/fingerprint.ts';
import type { ExportItem } from './items.ts';

export interface SplitPlan {
  /** Split name by passage id. */
  of: Map<string, string>;
  splits: { name: string; questions: number; passages: number; groups: number }[];
  /** Near-duplicate passages that stand in two splits: a leak. None when split by cluster. */
  shared: { left: string; right: string; similarity: number }[];
}

/** Whole groups go to one split, drawn in an order that depends on the seed and the group alone. */
export function planSplits(items: Iterable<ExportItem>, split: ExportSettings['split']): SplitPlan {
  const groups = new Groups();
  const questions = new Map<string, number>();
  const alike = new Map<string, Passage[]>();
  for (const { passage, questions: list } of items) {
    questions.set(passage.id, list.length);
    const keys = split === null ? [] : nearDuplicateKeys(passage.text, passage.language);
    for (const key of keys) alike.set(key, [...(alike.get(key) ?? []), passage]);
    groups.add(passage.id);
    // The same text under two documents is one group whatever the choice.
    groups.join(passage.id, `text:${exactKey(passage.text)}`);
    if (split?.by === 'document') groups.join(passage.id, `document:${passage.documentId}`);
    if (split?.by === 'cluster') for (const key of keys) groups.join(passage.id, `near:${key}`);
  }
  const members = new Map<string, string[]>();
  for (const id of questions.keys()) {
    const group = groups.find(id);
    members.set(group, [...(members.get(group) ?? []), id]);
  }
  const total = [...questions.values()].reduce((sum, count) => sum + count, 0);
  const targets = split === null ? [{ name: 'train', size: total }] : sizes(split, total);
  const tally = new Map(targets.map(({ name }) => [name, { name, questions: 0, passages: 0, groups: 0 }]));
  const of = new Map<string, string>();
  const ordered = [...members.values()].sort((left, right) =>
    draw(left, split?.seed ?? 0) < draw(right, split?.seed ?? 0) ? -1 : 1,
  );
  for (const group of ordered) {
    const size = group.reduce((sum, id) => sum + (questions.get(id) ?? 0), 0);
    const open = targets.filter(({ name, size: target }) => (tally.get(name)?.questions ?? 0) < target);
    const chosen = mostWanted(open.length > 0 ? open : targets.slice(0, 1), tally);
    const count = tally.get(chosen);
    if (!count) continue;
    count.questions += size;
    count.passages += group.length;
    count.groups += 1;
    for (const id of group) of.set(id, chosen);
  }
  return {
    of,
    splits: [...tally.values()].filter((entry) => split !== null || entry.questions > 0),
    shared: leaks(alike.values(), of),
  };
}

/** From this similarity on two passages in different splits count as a leak. */
const leakSimilarity = 0.8;

function leaks(buckets: Iterable<Passage[]>, of: ReadonlyMap<string, string>): SplitPlan['shared'] {
  const found = new Map<string, SplitPlan['shared'][number]>();
  for (const bucket of buckets) {
    for (const [index, left] of bucket.entries()) {
      for (const right of bucket.slice(index + 1)) {
        if (of.get(left.id) === of.get(right.id) || found.has(`${left.id} ${right.id}`)) continue;
        const alike = similarity(left.text, right.text, left.language);
        if (alike >= leakSimilarity)
          found.set(`${left.id} ${right.id}`, { left: left.id, right: right.id, similarity: alike });
      }
    }
  }
  return [...found.values()];
}

/** The split that is furthest from its size, as a share of it. */
function mostWanted(
  open: readonly { name: string; size: number }[],
  tally: ReadonlyMap<string, { questions: number }>,
): string {
  const lack = ({ name, size }: { name: string; size: number }): number =>
    1 - (tally.get(name)?.questions ?? 0) / Math.max(1, size);
  return [...open].sort((left, right) => lack(right) - lack(left))[0]?.name ?? 'train';
}

function sizes(split: NonNullable<ExportSettings['split']>, total: number): { name: string; size: number }[] {
  const { train, dev, test } = split;
  const ratios = train + dev + test <= 1.000001;
  const size = (value: number): number => (ratios ? value * total : value);
  return [
    { name: 'train', size: size(train) },
    { name: 'validation', size: size(dev) },
    { name: 'test', size: size(test) },
  ].filter((entry) => entry.size > 0);
}

function draw(group: readonly string[], seed: number): string {
  return createHash('sha256')
    .update(`${seed}:${[...group].sort()[0] ?? ''}`)
    .digest('hex');
}

/** Union-find over passage ids and the keys they share. */
class Groups {
  private readonly parent = new Map<string, string>();

  add(id: string): void {
    if (!this.parent.has(id)) this.parent.set(id, id);
  }

  join(left: string, right: string): void {
    this.add(right);
    this.parent.set(this.find(right), this.find(left));
  }

  find(id: string): string {
    let root = id;
    for (let next = this.parent.get(root); next !== undefined && next !== root; next = this.parent.get(root))
      root = next;
    this.parent.set(id, root);
    return root;
  }
}
