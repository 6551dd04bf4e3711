/** Pure search over candidates of one passage: greedy, beam and diverse beam. Knows nothing of models. */
import { required } from '../errors.ts';
import type { DecodingOptions } from './options.ts';
import type { NextRow, RowCandidates } from './step-model.ts';

export interface SpecialTokens {
  readonly end: number;
  /** Never written: separator, mask, unknown. */
  readonly banned: ReadonlySet<number>;
  /** Tokens that make a question: half of the beams are kept for hypotheses that hold one. */
  readonly asking?: ReadonlySet<number> | undefined;
  /** With `asking`, question marks: only the end may follow, so that no question word comes after them. */
  readonly closing?: ReadonlySet<number> | undefined;
}

/** One finished output. */
export interface Hypothesis {
  /** Without the end token. */
  readonly tokens: readonly number[];
  /** Sum of log-probabilities, the end token included where it was written. */
  readonly total: number;
  /** Mean log-probability per token (end included). */
  readonly score: number;
  /** total / length ^ lengthPenalty: what hypotheses are ranked by. */
  readonly ranking: number;
  /** False where the maximum length cut it. */
  readonly complete: boolean;
}

/** One passage's search. `advance` takes the candidates of the rows it asked for and returns the next rows, or null when done. */
export interface Search {
  advance(candidates: readonly RowCandidates[]): NextRow[] | null;
  results(): Hypothesis[];
}

export interface Live {
  readonly tokens: readonly number[];
  readonly total: number;
  /** Holds a token of `asking`. */
  readonly asks?: boolean;
}

export function makeHypothesis(
  tokens: readonly number[],
  total: number,
  complete: boolean,
  penalty: number,
): Hypothesis {
  const length = tokens.length + (complete ? 1 : 0);
  return {
    tokens,
    total,
    score: total / Math.max(1, length),
    ranking: total / Math.max(1, length) ** penalty,
    complete,
  };
}

/** Tokens that would repeat an n-gram of `tokens`. */
export function repeatedNgramTokens(tokens: readonly number[], size: number): Set<number> {
  const banned = new Set<number>();
  if (size <= 0 || tokens.length < size - 1) return banned;
  const tail = tokens.length - (size - 1);
  for (let i = 0; i + size <= tokens.length; i++) {
    let same = true;
    for (let j = 0; j < size - 1 && same; j++) same = tokens[i + j] === tokens[tail + j];
    if (same) banned.add(required(tokens[i + size - 1]));
  }
  return banned;
}

/** Says which candidates of a row with these `tokens` the rules refuse. */
export function refusals(
  tokens: readonly number[],
  options: DecodingOptions,
  special: SpecialTokens,
): (token: number) => boolean {
  const repeated = repeatedNgramTokens(tokens, options.noRepeatNgram);
  const endless = tokens.length < options.minimumLength;
  return (token) => special.banned.has(token) || repeated.has(token) || (endless && token === special.end);
}

interface Extension {
  readonly parent: number;
  readonly token: number;
  readonly total: number;
  /** total with the diversity penalty: only for choosing. */
  readonly choice: number;
  readonly asks: boolean;
}

interface Finished {
  readonly hypothesis: Hypothesis;
  readonly asks: boolean;
}

/** Questions first, where they are looked for; then by ranking. */
function byMerit(a: Finished, b: Finished): number {
  return Number(b.asks) - Number(a.asks) || b.hypothesis.ranking - a.hypothesis.ranking;
}

class BeamGroup {
  live: Live[] = [{ tokens: [], total: 0 }];
  finished: Finished[] = [];
  done = false;
  private readonly width: number;
  private readonly options: DecodingOptions;
  private readonly special: SpecialTokens;

  constructor(width: number, options: DecodingOptions, special: SpecialTokens) {
    this.width = width;
    this.options = options;
    this.special = special;
  }

  /** Extends the live rows; `used` counts tokens that earlier groups chose in this step. Returns [parent, token] within the group. */
  advance(candidates: readonly RowCandidates[], used: Map<number, number>): NextRow[] {
    const { width, options, special } = this;
    const extensions = this.extensions(candidates, used);
    const chosen = special.asking === undefined ? this.best(extensions) : this.bothKinds(extensions);
    const next = chosen.map(({ parent, token, total, asks }): Live => {
      const tokens = [...required(this.live[parent]).tokens, token];
      return { tokens, total, asks };
    });
    const rows = chosen.map(({ parent, token }) => ({ parent, token }));
    for (const { token } of rows) used.set(token, (used.get(token) ?? 0) + 1);
    this.live = next;
    const length = next[0]?.tokens.length ?? 0;
    if (next.length === 0) this.done = true;
    else if (length >= options.maximumLength) {
      for (const row of next)
        this.finish(makeHypothesis(row.tokens, row.total, false, options.lengthPenalty), row.asks ?? false);
      this.done = true;
    } else this.done = this.cannotImprove();
    this.finished.length = Math.min(this.finished.length, width);
    return rows;
  }

  private extensions(candidates: readonly RowCandidates[], used: ReadonlyMap<number, number>): Extension[] {
    const { width, options, special } = this;
    const extensions: Extension[] = [];
    this.live.forEach((row, parent) => {
      let taken = 0;
      const limit = 2 * width + used.size;
      const closed = special.closing?.has(row.tokens.at(-1) ?? -1) ?? false;
      const refused = refusals(row.tokens, options, special);
      const { ids, logProbabilities } = required(candidates[parent]);
      for (let i = 0; i < ids.length; i++) {
        const token = ids[i] ?? 0;
        const logProbability = logProbabilities[i] ?? -Infinity;
        if (logProbability === -Infinity || refused(token) || (closed && token !== special.end)) continue;
        const asking = special.asking?.has(token) ?? false;
        if (taken >= limit && !asking) {
          if (special.asking === undefined) break;
          continue;
        }
        taken++;
        const total = row.total + logProbability;
        const choice = total - (used.get(token) ?? 0) * options.diversityPenalty;
        extensions.push({ parent, token, total, choice, asks: asking || (row.asks ?? false) });
      }
    });
    return extensions.sort((a, b) => b.choice - a.choice || a.parent - b.parent || a.token - b.token);
  }

  /** The `width` best that go on; what ends among the best is finished. */
  private best(extensions: readonly Extension[], width = this.width): Extension[] {
    const chosen: Extension[] = [];
    for (let rank = 0; rank < extensions.length && chosen.length < width; rank++) {
      const extension = required(extensions[rank]);
      if (extension.token !== this.special.end) chosen.push(extension);
      else if (rank < width) {
        const { tokens } = required(this.live[extension.parent]);
        this.finish(makeHypothesis(tokens, extension.total, true, this.options.lengthPenalty), extension.asks);
      }
    }
    return chosen;
  }

  /** Half of the places for hypotheses that ask, half for the others; what one kind leaves free the other takes. */
  private bothKinds(extensions: readonly Extension[]): Extension[] {
    const { width } = this;
    const asking = this.best(
      extensions.filter(({ asks }) => asks),
      width,
    );
    const other = this.best(
      extensions.filter(({ asks }) => !asks),
      width,
    );
    const places = Math.max(Math.ceil(width / 2), width - other.length);
    const kept = asking.slice(0, places);
    return [...kept, ...other.slice(0, width - kept.length)];
  }

  private finish(hypothesis: Hypothesis, asks: boolean): void {
    this.finished.push({ hypothesis, asks });
    this.finished.sort(byMerit);
    this.finished.length = Math.min(this.finished.length, this.width);
  }

  /** Totals only fall, so the best a live row can reach is its total over the longest possible length. */
  private cannotImprove(): boolean {
    const wanted = Math.min(this.width, Math.max(1, this.options.outputs));
    const worst = this.finished[wanted - 1];
    if (worst === undefined) return false;
    const waiting = this.special.asking !== undefined && !worst.asks;
    if (waiting && this.live.some((row) => row.asks)) return false;
    const best = Math.max(...this.live.map((row) => row.total));
    return best / (this.options.maximumLength + 1) ** this.options.lengthPenalty <= worst.hypothesis.ranking;
  }
}

/** Beam search; one group is plain beam search, width 1 is greedy. */
export class BeamSearch implements Search {
  private readonly groups: BeamGroup[];
  private readonly width: number;
  private readonly options: DecodingOptions;
  private started = false;

  constructor(options: DecodingOptions, special: SpecialTokens) {
    this.options = options;
    const beams = options.method === 'greedy' ? 1 : options.beams;
    const groups = options.method === 'diverse' ? Math.max(1, Math.min(options.groups, beams)) : 1;
    this.width = Math.floor(beams / groups);
    this.groups = Array.from({ length: groups }, () => new BeamGroup(this.width, options, special));
  }

  advance(candidates: readonly RowCandidates[]): NextRow[] | null {
    const used = new Map<number, number>();
    const rows: NextRow[] = [];
    this.groups.forEach((group, g) => {
      const offset = this.started ? g * this.width : 0;
      const chosen = group.done
        ? []
        : group.advance(candidates.slice(offset, offset + Math.max(1, group.live.length)), used);
      const padding = chosen[0] ?? { parent: 0, token: candidates[0]?.ids[0] ?? 0 };
      for (let i = 0; i < this.width; i++) {
        const row = chosen[i] ?? padding;
        rows.push({ parent: offset + row.parent, token: row.token });
      }
    });
    this.started = true;
    return this.groups.every((group) => group.done) ? null : rows;
  }

  results(): Hypothesis[] {
    const seen = new Set<string>();
    const all = this.groups.flatMap((group) => group.finished).sort(byMerit);
    const distinct = all.filter(({ hypothesis: { tokens } }) => {
      const key = tokens.join(' ');
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    });
    return distinct.slice(0, Math.max(1, this.options.outputs)).map(({ hypothesis }) => hypothesis);
  }
}
