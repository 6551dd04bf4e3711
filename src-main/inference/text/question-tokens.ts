/**
 * Question words of the languages where a beam of sure copies drives them out. With half of the beams kept for
 * them, the share of Hindi outputs with a question's form rose from a fifth to four fifths, of sound Chinese ones from a quarter
 * to over a third (faults.ts). Korean, whose endings ask already, got stray words; English and French begin with theirs.
 */
const words: ReadonlyMap<string, RegExp> = new Map([
  ['zh', /谁|誰|什么|什麼|甚么|甚麼|何[时時地处處人]|哪|几|幾|多少|怎|如何|为何|為何|多[大长長高久远遠重]/u],
  [
    'hi',
    /^(?:क्या|क्यों|कौन|किस|किसे|किसने|किसका|किसकी|किसके|किसको|किससे|किसमें|किन|किन्हें|किन्होंने|कब|कहाँ|कहां|कैसे|कैसा|कैसी|कितना|कितनी|कितने)$/u,
  ],
]);

export interface QuestionTokens {
  /** Pieces that hold a question word. */
  readonly asking: ReadonlySet<number>;
  /** Pieces that end in a question mark. */
  readonly closing: ReadonlySet<number>;
}

interface Vocabulary {
  readonly language: string;
  readonly size: number;
  readonly tokenizer: { piece(id: number): string };
}

const known = new WeakMap<Vocabulary, QuestionTokens | null>();

/** Null where a language begins its questions with the question word, or a vocabulary has none. */
export function questionTokens(bundle: Vocabulary): QuestionTokens | null {
  const before = known.get(bundle);
  if (before !== undefined) return before;
  const form = words.get(bundle.language);
  const pieces = Array.from({ length: bundle.size }, (_, id) =>
    bundle.tokenizer.piece(id).replaceAll('\u2581', '').normalize('NFC'),
  );
  const matching = (pattern: RegExp): ReadonlySet<number> =>
    new Set(pieces.flatMap((piece, id) => (pattern.test(piece) ? [id] : [])));
  const asking = form ? matching(form) : new Set<number>();
  const found = asking.size > 0 ? { asking, closing: matching(/[?？]$/u) } : null;
  known.set(bundle, found);
  return found;
}
