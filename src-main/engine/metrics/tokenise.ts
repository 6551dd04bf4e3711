import type { Language } from '../../shared/text/language.ts';

/** `paper`: as the LALM paper scored; `plain`: one rule for all languages, marks apart. */
export type TokenProfile = 'paper' | 'plain';

/** Version of the profiles, part of every signature. */
export const tokeniserVersion = '1';

/**
 * Tokens of a text under a profile. `paper`: Chinese by character (Latin words and numbers whole), English and French
 * lower-cased with marks and clitics apart in the manner of NLTK's word tokenizer, Korean and Hindi on spaces.
 * `plain`: lower-cased words with their signs and single marks, Chinese by character.
 */
export function tokenise(text: string, language: Language, profile: TokenProfile): string[] {
  const normal = text.normalize('NFC');
  if (language === 'zh')
    return Array.from(normal.toLowerCase().matchAll(/[a-z0-9]+(?:[.,]\d+)*|\S/gu), (match) => match[0]);
  if (profile === 'paper' && (language === 'ko' || language === 'hi')) return splitSpaces(normal);
  if (profile === 'paper') return treebank(normal.toLowerCase());
  return Array.from(normal.toLowerCase().matchAll(/[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu), (match) => match[0]);
}

function splitSpaces(text: string): string[] {
  return text.split(/\s+/u).filter((token) => token !== '');
}

function treebank(text: string): string[] {
  const spaced = text
    .replace(/[“”«»]/gu, ' " ')
    .replace(/[’‘]/gu, "'")
    .replace(/(\s|^)'(?=\p{L})/gu, "$1' ")
    .replace(/([:,])(?=\D|$)/gu, ' $1 ')
    .replace(/\.{3}|…/gu, ' ... ')
    .replace(/[;@#$%&?!"()[\]{}<>]/gu, ' $& ')
    .replace(/--|—|–/gu, ' -- ')
    .replace(/([^.\s])\.(\s*)$/u, '$1 .$2')
    .replace(/(\p{L})('(?:s|m|d|ll|re|ve))(?=\s|$)/gu, '$1 $2')
    .replace(/(\p{L})(n't)(?=\s|$)/gu, '$1 $2');
  return splitSpaces(spaced);
}

/** sacreBLEU's `13a` tokenizer (mteval-v13a). */
export function tokenise13a(line: string): string[] {
  let text = line.replaceAll('<skipped>', '').replaceAll('-\n', '').replaceAll('\n', ' ');
  if (text.includes('&')) {
    text = text.replaceAll('&quot;', '"').replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>');
  }
  return mteval(` ${text} `);
}

function mteval(line: string): string[] {
  const spaced = line
    .replace(/([{-~[-` -&(-+:-@/])/gu, ' $1 ')
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/gu, '$1 $2 ');
  return splitSpaces(spaced);
}

/** The code points sacreBLEU's `zh` tokenizer sets apart, its two mistyped ranges included, so that scores are equal. */
const apart =
  /[\u3400-\u4db5\u4e00-\u9fbb\uf900-\ufa2d\ufa30-\ufa6a\ufa70-\ufad9\u2001-\u2a6d\u2f81-\u2fa1\uff00-\uffef\u2e80-\u2eff\u3000-\u303f\u31c0-\u31ef\u2f00-\u2fdf\u2ff0-\u2fff\u3100-\u312f\u31a0-\u31bf\ufe10-\ufe1f\ufe30-\ufe4f\u2600-\u26ff\u2700-\u27bf\u3200-\u32ff\u3300-\u33ff]/gu;

/** sacreBLEU's `zh` tokenizer. */
export function tokeniseZh(line: string): string[] {
  return mteval(line.trim().replace(apart, ' $& '));
}
