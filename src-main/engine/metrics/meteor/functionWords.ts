import type { Language } from '../../../shared/text/language.ts';

/**
 * Words that METEOR weighs less than content words. METEOR's own lists are part of its package and are not in this app
 * (a person who has METEOR can have them read); these are the closed classes of the grammars: articles, pronouns,
 * prepositions, conjunctions, auxiliaries, and marks. docs/metrics.md says by how much scores differ.
 */
const marks = ', . ? ! : ; " \' ( ) - -- — “ ” ‘ ’ « » ...';
const words: Partial<Record<Language, string>> = {
  en: `the a an this that these those i he him his she her it its we our us you your they their them one who which what
    of in on at by for with from to into about over after up out and or but if than as so when there not no
    is are was were be been am have has had do does did will would can could 's 't all some more other also`,
  fr: `le la les l' l un une des du de d' d ce cet cette ces c' je j' tu il elle on nous vous ils elles se s' me te lui y
    son sa ses leur leurs notre votre qui que qu' dont où à au aux en dans par pour sur sous avec sans entre depuis vers
    et ou mais si comme ne n' n pas plus est sont était été être a ont avait avoir fait aussi`,
};

/** The function words of a language; none where METEOR has no parameters of its own for it. */
export function functionWords(language: Language): ReadonlySet<string> {
  const list = words[language];
  return new Set(list === undefined ? [] : `${list} ${marks}`.split(/\s+/));
}
