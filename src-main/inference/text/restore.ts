/** From a model's words to a written question: spelling of the passage, capitals, spaces and end marks of the language. */
import type { GenerationItem } from '../../shared/inference.ts';
import { lowerCased } from './lower-case.ts';

const WORD = /[\p{L}\p{M}\p{N}]+/gu;
const SENTENCE_END = /[.!?。！？।…]["'”’»)\]]*\s*$/u;

/** Words whose capital at a sentence's start says nothing about their spelling. */
const FUNCTION_WORDS = new Set(
  (
    'a an the this that these those it he she they we you i his her its their our your in on at by for from with to of as and or but if when while after before during since although though however also many most some other one two there here both each no not is was are were be being been has have had who what where why how which ' +
    'le la les l un une des du de d en dans il elle ils elles on nous vous je ce cette ces cet son sa ses leur leurs au aux à par pour sur avec sans mais et ou où si est sont était lors après avant depuis pendant selon ainsi comme quand qui que quel quelle dès chez entre plus'
  ).split(' '),
);

/** The passage's spelling of each lower-cased word that is not written in lower case. */
export function passageSpellings(passage: string): Map<string, string> {
  const counts = new Map<string, Map<string, number>>();
  for (const match of passage.matchAll(WORD)) {
    const word = match[0];
    const key = lowerCased(word);
    const before = passage.slice(Math.max(0, match.index - 12), match.index);
    const first =
      match.index === 0 || before.trim() === '' || SENTENCE_END.test(before) || /[\n"“«([]\s*$/u.test(before);
    const onlyInitial = word.slice(1) === lowerCased(word.slice(1));
    if (first && word !== key && onlyInitial && FUNCTION_WORDS.has(key)) continue;
    const spellings = counts.get(key) ?? new Map<string, number>();
    // A capital inside a sentence is sure, one at its start is not.
    spellings.set(word, (spellings.get(word) ?? 0) + (first && word !== key && onlyInitial ? 0.4 : 1));
    counts.set(key, spellings);
  }
  const best = new Map<string, string>();
  for (const [key, spellings] of counts) {
    const [spelling = key] = [...spellings].sort((a, b) => b[1] - a[1])[0] ?? [];
    if (spelling !== key) best.set(key, spelling);
  }
  return best;
}

function capitalised(text: string): string {
  return text.replace(/\p{L}/u, (letter) => letter.toUpperCase());
}

const WIDE_MARKS: Record<string, string> = { '?': '？', '!': '！', ',': '，', ';': '；', ':': '：' };

/** Spaces and marks as the language writes them. */
export function detokenised(text: string, language: string): string {
  let out = text.replace(/\s+/gu, ' ').trim();
  if (language === 'zh') {
    out = out.replace(/(?<=[\p{Script=Han}\p{P}]) (?=[\p{Script=Han}\p{P}])/gu, '');
    out = out.replace(
      /(?<=\p{Script=Han}|[”》）」』\d]) ?([?!,;:])/gu,
      (_match, mark: string) => WIDE_MARKS[mark] ?? mark,
    );
    return out.replace(/ ([？！，；：。、])/gu, '$1').replace(/\?$/u, '？');
  }
  out = out
    .replace(/ ([,.)\]}])/gu, '$1')
    .replace(/([([{]) /gu, '$1')
    .replace(/ ?(['’]) ?(?=(?:s|t|re|ve|ll|d|m)\b)/gu, '$1');
  if (language === 'fr') return out.replace(/(\p{L})(['’]) (?=\p{L})/gu, '$1$2').replace(/\s*([?!;])/gu, '\u202f$1');
  return out.replace(/ ([?!;:%])/gu, '$1');
}

/** The draft's spelling of each word by the word before it: past its first word a draft has capitals in names alone. */
function draftSpellings(draft: string): Map<string, string> {
  const words = draft.match(WORD) ?? [];
  return new Map(words.slice(1).map((word, at) => [`${lowerCased(words[at] ?? '')} ${lowerCased(word)}`, word]));
}

/** A decoded output as a person would write it. `lowerCase` says that the model wrote lower case only. */
export function restoreText(
  decoded: string,
  { text: passage, language, draft = '' }: Pick<GenerationItem, 'text' | 'language' | 'draft'>,
  lowerCase: boolean,
): string {
  let text = decoded;
  if (lowerCase) {
    const inPassage = passageSpellings(passage);
    const inDraft = draftSpellings(draft);
    let before = '';
    text = text.replace(WORD, (word) => {
      const spelling = inDraft.get(`${before} ${word}`) ?? inPassage.get(word) ?? word;
      before = word;
      return spelling;
    });
  }
  text = detokenised(text, language);
  return lowerCase ? capitalised(text) : text;
}
