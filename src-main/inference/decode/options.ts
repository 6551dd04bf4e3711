/** How to search. Unset fields take the bundle's defaults. */
export interface DecodingOptions {
  readonly method: 'greedy' | 'beam' | 'diverse' | 'sample';
  /** Live hypotheses; samples per passage for 'sample'. */
  readonly beams: number;
  /** Ranking score = sum of log-probabilities / length ^ lengthPenalty. */
  readonly lengthPenalty: number;
  /** No n-gram of this length twice in one output; 0 allows all. */
  readonly noRepeatNgram: number;
  /** Tokens before the end token may come. */
  readonly minimumLength: number;
  /** Tokens at most, the end token not counted. */
  readonly maximumLength: number;
  /** Beam search keeps half of its beams for hypotheses with a question word, in languages that write it in place. */
  readonly questionWord: boolean;
  /** How many outputs per passage; at most `beams`. */
  readonly outputs: number;
  /** 'diverse': groups of beams / groups beams; the penalty is subtracted per use of a token by an earlier group in the same step. */
  readonly groups: number;
  readonly diversityPenalty: number;
  /** 'sample' */
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly seed: number;
}

export const DEFAULT_DECODING: DecodingOptions = {
  method: 'beam',
  beams: 4,
  lengthPenalty: 0.8,
  noRepeatNgram: 3,
  minimumLength: 3,
  maximumLength: 40,
  questionWord: false,
  outputs: 1,
  groups: 2,
  diversityPenalty: 0.5,
  temperature: 1,
  topK: 50,
  topP: 0.95,
  seed: 1,
};

/** Sampling looks at no more than this many tokens: the rest of the mass is cut off. */
const SAMPLING_CANDIDATES = 128;
/** Room for tokens that bans remove. */
const SPARE_CANDIDATES = 8;

/** Question words are looked for this much further down. */
const QUESTION_WORD_CANDIDATES = 32;

export function rowsOf(options: DecodingOptions): number {
  return options.method === 'greedy' ? 1 : options.beams;
}

/** How many vocabulary candidates per row keep the search exact. */
export function candidatesOf(options: DecodingOptions): number {
  if (options.method === 'sample')
    return options.topK > 0 ? Math.min(options.topK + SPARE_CANDIDATES, SAMPLING_CANDIDATES) : SAMPLING_CANDIDATES;
  const base = 2 * rowsOf(options);
  const groups = options.method === 'diverse' ? options.groups * 2 : 0;
  const words = options.questionWord ? QUESTION_WORD_CANDIDATES : 0;
  return base + groups + words + (options.noRepeatNgram > 0 || options.minimumLength > 0 ? SPARE_CANDIDATES : 0);
}
