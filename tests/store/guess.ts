/** Guesses which question of a passage is the wanted one, from everything of a package but what its texts say. */
import { strFromU8, unzipSync } from 'fflate';

export interface Shown {
  id: string;
  passage: string;
  question: string;
  at: number; // line in the file
  again: boolean; // the same question stands further down once more
}

/** What a package shows, a repeated question once. */
export function shownIn(bytes: Uint8Array): { shown: Shown[]; passages: string[] } {
  const entries = unzipSync(bytes);
  const lines = <Line>(name: string): Line[] =>
    strFromU8(entries[name] ?? new Uint8Array())
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);
  const first = new Map<string, Shown>();
  lines<{ id: string; passage: string; shown: { question: string } }>('items.jsonl').forEach(
    ({ id, passage, shown: { question } }, at) => {
      const known = first.get(question);
      if (known) known.again = true;
      else first.set(question, { id, passage, question, at, again: false });
    },
  );
  return { shown: [...first.values()], passages: lines<{ id: string }>('passages.jsonl').map(({ id }) => id) };
}

type Sight = (one: Shown, own: readonly Shown[], all: readonly Shown[], passages: readonly string[]) => string | number;

function rank<Value>(one: Shown, among: readonly Shown[], of: (other: Shown) => Value): number {
  return among.filter((other) => of(other) < of(one)).length;
}
const digits = ({ id }: Shown): string => id.replaceAll('-', '');

/** What a guesser looks at. A time in an id (UUID version 7) is its first twelve digits. */
export const sights: Record<string, Sight> = {
  'place in the passage': (one, own) => rank(one, own, ({ at }) => at),
  'place in the file': (one, _, all) => Math.floor((12 * rank(one, all, ({ at }) => at)) / all.length),
  'line, odd or even': ({ at }) => at % 2,
  'place of its passage': ({ passage }, _, __, passages) => passages.indexOf(passage),
  'rank of the id in the passage': (one, own) => rank(one, own, digits),
  'rank of the id in the file': (one, _, all) => Math.floor((12 * rank(one, all, digits)) / all.length),
  'time in the id': (one, own) => rank(one, own, (other) => Number.parseInt(digits(other).slice(0, 12), 16)),
  'first two digits of the id': (one) => digits(one).slice(0, 2),
  'last digit of the id': (one) => digits(one).slice(-1),
  'shown again': ({ again, at }, own) => `${String(again)} ${rank({ at } as Shown, own, (other) => other.at)}`,
};

/**
 * Learns with each package, which it is told the truth of afterwards, and takes the question of each passage whose sight
 * was the wanted one's most often: so it finds a tell whichever way it points. Where there is none, each guess is right
 * with the chance of one in the passage's questions, whatever was guessed before.
 */
export class Guesser {
  readonly name: string;
  guesses = 0;
  hits = 0;
  private readonly sight: Sight;
  private readonly known = new Map<string | number, { seen: number; wanted: number }>();

  constructor(name: string, sight: Sight) {
    this.name = name;
    this.sight = sight;
  }

  guess({ shown, passages }: ReturnType<typeof shownIn>, wanted: (one: Shown) => boolean): void {
    const looks = [...Map.groupBy(shown, (one) => one.passage).values()].map((own) =>
      own.map((one) => ({ one, saw: this.sight(one, own, shown, passages) })),
    );
    for (const own of looks) {
      const share = ({ saw }: (typeof own)[number]): number => {
        const { seen, wanted: before } = this.known.get(saw) ?? { seen: 0, wanted: 0 };
        return (before + 1) / (seen + own.length);
      };
      const best = own.reduce((left, right) => (share(right) > share(left) ? right : left));
      this.guesses += 1;
      if (wanted(best.one)) this.hits += 1;
    }
    for (const { one, saw } of looks.flat()) {
      const { seen, wanted: before } = this.known.get(saw) ?? { seen: 0, wanted: 0 };
      this.known.set(saw, { seen: seen + 1, wanted: before + Number(wanted(one)) });
    }
  }

  /**
   * How improbable so many hits are by chance: they come with a probability of at most exp(-this), the binomial tail's
   * bound by Chernoff. 0 for no more hits than chance gives.
   */
  surprise(chance: number): number {
    const share = this.hits / this.guesses;
    if (share <= chance) return 0;
    const rest = share === 1 ? 0 : (1 - share) * Math.log((1 - share) / (1 - chance));
    return this.guesses * (share * Math.log(share / chance) + rest);
  }
}
