import { isFinite } from '../../../shared/rules/french/verbs.ts';

const plural = /^(?:ont|sont|étaient|avaient|furent|eurent|font|vont|peuvent|doivent|\p{L}+(?:aient|èrent|eront))$/u;
/** Pairs that French never writes side by side. */
const clash =
  /(?<!\p{L})(?:de les|de le|à le|à les|du (?:le|la|les|l['’]\p{L}+)|des (?:le|la|les|du|des)|(?:le|la|les|un|une) (?:le|la|les|un|une|l['’]\p{L}+)|que (?:un|une|il|elle|ils|elles|on)|l['’]autres|afin de (?:l['’]|la|les|le)|(?:de|le|que|se|ne|me|te) [aeiouéèêâîôœ]\p{L}*)(?=$|[^\p{L}'’])/u;
/** Words that begin with a vowel and still take the whole "le" or "de". */
const noElision = /^(?:de|le|que) (?:onz|oui|ouist|uhlan|yaourt)|^(?:de|le) une?$/u;

/** A passive leaves no object to ask for: "Qu'est-ce que la paroi est modifiée". */
const passive =
  /(?:^|\s)(?:est|sont|était|étaient|fut|furent)(?: \p{L}+ment| également| aussi)? \p{L}+(?:é|ée|és|ées)$/u;

/** A noun of one number beside a verb of the other. */
function disagrees(clause: string): boolean {
  const [, one = '', verbOfOne = ''] = /^(?:la |le |l'|une? )(\p{L}+) (\p{L}+)/u.exec(clause) ?? [];
  if (plural.test(verbOfOne) || (/ent$/u.test(verbOfOne) && isFinite(verbOfOne) && !/(?:i|t)ent$/u.test(verbOfOne)))
    return !/^(?:plupart|majorité|nombre|moitié|reste|ensemble)$/u.test(one);
  return /^(?:les|des|ces|ses|leurs) \p{L}+ (?:est|a|était|avait|doit|peut|fut|va|fait)(?: |$)/u.test(clause);
}

/** After these a word that could be a verb is a noun: "la porte". */
const beforeNoun = /^(?:les?|la|une?|des|du|de|ce|cette|ces|son|sa|ses|leurs?|aux?|à|en|par|pour)$/u;

export function isBrokenFrench(text: string): boolean {
  const plain = text
    .replaceAll('’', "'")
    .replace(/est ce qu/giu, 'est-ce qu')
    .toLowerCase();
  if (/est-ce qu[ei] ?[.;:]|est-ce que ?,|est-ce qu(?:e |')(?:se |c'est)|est-ce qui \p{L}+ée?s /u.test(plain))
    return true;
  // A name after "qu'est-ce qui" takes the verb's place; "a" before an infinitive was an "à".
  if (/est.ce qui \p{Lu}/u.test(text) || /(?<![\p{L}'])a (?!léger)\p{L}{3,}[^hi]er(?!\p{L})/u.test(plain)) return true;
  if (/ (?:cependant|donc|comment|notamment)$/u.test(plain)) return true;
  const words = plain.match(/[\p{L}\p{N}'-]+/gu) ?? [];
  if (words.some((word, at) => word === words[at + 1] && !/^(?:nous|vous)$/u.test(word))) return true;
  const pair = clash.exec(plain)?.[0];
  if (pair !== undefined && !noElision.test(pair)) return true;
  if (/(?:^|\s)(?:le|la|les|un|une|des|du|de|et|ou|à|au|aux|que|pour|par|son|sa|ses|leur)$/u.test(plain)) return true;
  if (/^(?:pour quoi|pour quelle raison|comment|pourquoi) s'il?(?!\p{L})|est-ce que s'(?:il|en)/u.test(plain))
    return true;
  const many = /(?:^|\s)combien (?:de |d')(\p{L}+)/u.exec(plain)?.[1];
  if (many !== undefined && !/[sxz]$/u.test(many) && !/^(?:temps|monde|chemin|terrain|argent)$/u.test(many))
    return true;
  const who = /qu'est-ce qui (?:n'|ne |s'|se |l'|les? |la |y )?(\p{L}+)(?: (\p{L}+))?/u.exec(plain);
  if (who && (plural.test(who[1] ?? '') || (who[1] === 'est' && /(?:ée|ées|és|ie|ue|ues)$/u.test(who[2] ?? ''))))
    return true;
  const asked = /est-ce qu(?:e |')(.*)$/u.exec(plain)?.[1];
  if (asked === undefined) return false;
  if (disagrees(asked) || (/^qu'est-ce qu/u.test(plain) && passive.test(asked))) return true;
  // A clause needs a verb that stands outside a relative clause.
  const main = asked.replace(
    /(?:,| )(?:(?:qui|que|dont|où)(?: \S+){1,3}|qu'\S+ (?:(?:a|ont|avait|est|fut) )?\S+)/gu,
    ' ',
  );
  const clause = main.match(/[\p{L}'-]+/gu) ?? [];
  return !clause.some((word, at) => isVerb(word) && !beforeNoun.test(clause[at - 1] ?? ''));
}

function isVerb(word: string): boolean {
  const plain = word.replace(/^(?:[nsltmj]|qu)'/u, '');
  return (
    isFinite(plain) ||
    /^(?:\p{L}{2,}(?:ait|aient|èrent|era|eront|issent|oivent)|a|est|[yn]'est|c'est)$/u.test(plain) ||
    isPresent(plain)
  );
}

/** A present in -e or -ent that no list holds: taken for one unless it looks like a noun or an adjective. */
function isPresent(word: string): boolean {
  return (
    /^\p{L}{3,}(?:ise|ifie|ompte|orte|ette|ule|ite|ange|onne|ure|aite|ève|uise|uit|oit|ient|end|ond|ert|ort|ouvre)$/u.test(
      word,
    ) && !/(?:ture|sure|ette|lite|ite|tise|ange|onne|ure)$/u.test(word)
  );
}

export function isVagueFrench(text: string): boolean {
  return /^quel(?:le)? (?:est|était) (?:le|la) (?:nom|titre) d/iu.test(text) || text.split(' ').length < 4;
}
