/** The four ways two words or phrases can match, in METEOR's order. */
export type StageName = 'exact' | 'stem' | 'synonym' | 'paraphrase';

/** A place where output and reference match: `length` reference words from `start`, `outputLength` of the output's. */
export type Match = { stage: number; start: number; length: number; outputStart: number; outputLength: number };

/** What a pair's matches are looked up in; a stage that is missing is not run. */
export type StageTools = {
  stem?: (word: string) => string;
  synonymSets?: (word: string) => readonly number[];
  paraphrases?: ParaphraseTable;
};

/** Phrases that have paraphrases, word by word: `next` holds the phrases that go on. */
export type ParaphraseTable = { next: Map<string, ParaphraseTable>; paraphrases: (readonly string[])[] };

/** METEOR's own beam. */
const beamSize = 40;

const stageNumber: Record<StageName, number> = { exact: 0, stem: 1, synonym: 2, paraphrase: 3 };

/** Every possible match, by the reference word it starts at, in the order METEOR finds them. */
function possibleMatches(output: readonly string[], reference: readonly string[], tools: StageTools): Match[][] {
  const found: Match[][] = reference.map(() => []);
  const add = (stage: number, start: number, outputStart: number): void => {
    found[start]?.push({ stage, start, length: 1, outputStart, outputLength: 1 });
  };
  // Questions are short: comparing all words with all costs less than an index of them.
  const matchWords = (stage: number, alike: (at: number, start: number) => boolean): void => {
    for (let start = 0; start < reference.length; start += 1)
      for (let at = 0; at < output.length; at += 1)
        if (alike(at, start) && (stage === stageNumber.exact || output[at] !== reference[start])) add(stage, start, at);
  };
  matchWords(stageNumber.exact, (at, start) => output[at] === reference[start]);
  const same = output.length === reference.length && output.every((word, at) => word === reference[at]);
  if (same) return found;
  const { stem, synonymSets, paraphrases } = tools;
  if (stem !== undefined) {
    const [own, others] = [output.map(stem), reference.map(stem)];
    matchWords(stageNumber.stem, (at, start) => own[at] === others[start]);
  }
  if (synonymSets !== undefined) {
    const [own, others] = [output.map(synonymSets), reference.map(synonymSets)];
    matchWords(stageNumber.synonym, (at, start) => share(own[at] ?? [], others[start] ?? []));
  }
  if (paraphrases !== undefined) {
    for (const phrase of phrasesIn(reference, output, paraphrases))
      found[phrase.at]?.push({
        stage: stageNumber.paraphrase,
        start: phrase.at,
        length: phrase.length,
        outputStart: phrase.other,
        outputLength: phrase.otherLength,
      });
    for (const phrase of phrasesIn(output, reference, paraphrases))
      found[phrase.other]?.push({
        stage: stageNumber.paraphrase,
        start: phrase.other,
        length: phrase.otherLength,
        outputStart: phrase.at,
        outputLength: phrase.length,
      });
  }
  return found;
}

/** Whether two ascending lists have a number in common. */
function share(one: readonly number[], other: readonly number[]): boolean {
  for (let left = 0, right = 0; left < one.length && right < other.length;) {
    const apart = (one[left] ?? 0) - (other[right] ?? 0);
    if (apart === 0) return true;
    if (apart < 0) left += 1;
    else right += 1;
  }
  return false;
}

type Phrase = { at: number; length: number; other: number; otherLength: number };

/** Phrases of one side whose paraphrase stands on the other. */
function phrasesIn(words: readonly string[], others: readonly string[], table: ParaphraseTable): Phrase[] {
  const found: Phrase[] = [];
  for (let at = 0; at < words.length; at += 1) {
    let phrase: ParaphraseTable | undefined = table;
    for (let end = at; end < words.length; end += 1) {
      phrase = phrase.next.get(words[end] ?? '');
      if (phrase === undefined) break;
      for (const wanted of phrase.paraphrases) {
        const first = wanted[0] ?? '';
        for (let other = others.indexOf(first); other >= 0; other = others.indexOf(first, other + 1))
          if (wanted.every((word, offset) => others[other + offset] === word))
            found.push({ at, length: end + 1 - at, other, otherLength: wanted.length });
      }
    }
  }
  return found;
}

/** One way through the reference so far. `weight`, `chunks` and `distance` rank it. */
type Path = {
  weight: number;
  chunks: number;
  distance: number;
  next: number;
  /** Output place after the last match, -1 after a word without one. */
  end: number;
  matches: { match: Match; before: Path['matches'] } | null;
};

/** Most matched weight first, then fewest chunks, then the shortest way. */
function rank(left: Path, right: Path): number {
  return right.weight - left.weight || left.chunks - right.chunks || left.distance - right.distance;
}

/**
 * The alignment of an output and a reference that METEOR 1.5 finds: words that can match in one way only are set, the
 * rest is a beam search from the reference's first word to its last. Two habits of METEOR's search are kept, because
 * ties are settled by them: a path's weight is cut to a whole number after each match, so that stem and synonym matches
 * do not count in it, and the distance of a match is charged to the paths tried after it, not to its own.
 */
export function align(
  output: readonly string[],
  reference: readonly string[],
  tools: StageTools,
  stageWeights: readonly number[],
): Match[] {
  const possible = possibleMatches(output, reference, tools);
  const { fixed, open } = certainMatches(possible, output.length, reference.length);
  if (!open) return fixed.filter((match) => match !== null);
  const weigh = (weight: number, match: Match): number => {
    const each = stageWeights[match.stage] ?? 0;
    return weight + Math.floor(match.length * each) + Math.floor(match.outputLength * each);
  };
  let paths = new Beam();
  paths.add({ weight: 0, chunks: 0, distance: 0, next: 0, end: -1, matches: null });
  for (let at = 0; at < reference.length; at += 1) {
    const following = new Beam();
    for (const path of paths.best) {
      // Inside a phrase that the path matched already.
      if (at < path.next) {
        following.add(path);
        continue;
      }
      const match = fixed[at] ?? null;
      if (match !== null) {
        path.weight = weigh(path.weight, match);
        if (path.end !== -1 && match.outputStart !== path.end) path.chunks += 1;
        path.next = match.start + match.length;
        path.end = match.outputStart + match.outputLength;
        path.distance += Math.abs(match.start - match.outputStart);
        path.matches = { match, before: path.matches };
        following.add(path);
        continue;
      }
      for (const match of possible[at] ?? []) {
        if (takesUsed(path, match)) continue;
        following.addMatch(path, match, weigh(path.weight, match));
        path.distance += Math.abs(match.start - match.outputStart);
      }
      if (path.end !== -1) {
        path.chunks += 1;
        path.end = -1;
      }
      path.next += 1;
      following.add(path);
    }
    paths = following;
  }
  for (const path of paths.best) if (path.end !== -1) path.chunks += 1;
  const matches: Match[] = [];
  for (let link = paths.best.sort(rank)[0]?.matches ?? null; link !== null; link = link.before)
    matches.push(link.match);
  return matches.reverse();
}

/** Matches that are the only one of every word in them; `open` where any other is possible. */
function certainMatches(
  possible: readonly (readonly Match[])[],
  outputSize: number,
  referenceSize: number,
): { fixed: (Match | null)[]; open: boolean } {
  const outputClaims = new Uint16Array(outputSize);
  const referenceClaims = new Uint16Array(referenceSize);
  for (const matches of possible) {
    for (const match of matches) {
      for (let at = 0; at < match.length; at += 1)
        referenceClaims[match.start + at] = (referenceClaims[match.start + at] ?? 0) + 1;
      for (let at = 0; at < match.outputLength; at += 1)
        outputClaims[match.outputStart + at] = (outputClaims[match.outputStart + at] ?? 0) + 1;
    }
  }
  const alone = (claims: Uint16Array, from: number, length: number): boolean => {
    for (let at = from; at < from + length; at += 1) if (claims[at] !== 1) return false;
    return true;
  };
  let open = false;
  const fixed = possible.map((matches) => {
    const [match] = matches;
    if (match === undefined) return null;
    const certain =
      matches.length === 1 &&
      alone(referenceClaims, match.start, match.length) &&
      alone(outputClaims, match.outputStart, match.outputLength);
    if (!certain) open = true;
    return certain ? match : null;
  });
  return { fixed, open };
}

/** Whether a match takes words of the output that the path has used; matches that are set share words with no other. */
function takesUsed(path: Path, match: Match): boolean {
  const end = match.outputStart + match.outputLength;
  for (let link = path.matches; link !== null; link = link.before) {
    const { outputStart, outputLength } = link.match;
    if (outputStart < end && match.outputStart < outputStart + outputLength) return true;
  }
  return false;
}

/** The best paths in order, earlier ones first among equals. */
class Beam {
  best: Path[] = [];

  addMatch(from: Path, match: Match, weight: number): void {
    const chunks = from.chunks + (from.end !== -1 && match.outputStart !== from.end ? 1 : 0);
    const worst = this.best[beamSize - 1];
    if (worst !== undefined && rankNumbers(worst, weight, chunks, from.distance) <= 0) return;
    this.add({
      weight,
      chunks,
      distance: from.distance,
      next: match.start + match.length,
      end: match.outputStart + match.outputLength,
      matches: { match, before: from.matches },
    });
  }

  add(path: Path): void {
    const { best } = this;
    let at = best.length;
    if (at === beamSize) {
      at -= 1;
      if (rank(best[at] ?? path, path) <= 0) return;
    }
    for (; at > 0; at -= 1) {
      const before = best[at - 1] ?? path;
      if (rank(before, path) <= 0) break;
      best[at] = before;
    }
    best[at] = path;
  }
}

function rankNumbers(path: Path, weight: number, chunks: number, distance: number): number {
  return weight - path.weight || path.chunks - chunks || path.distance - distance;
}
