import { matchPatterns } from './patterns.ts';
import type { FoundSpan, SpanPattern } from './types.ts';

const months = '(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)';
const numberWord =
  '(?:deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|cinquante|soixante|cent)';
const about = "(?:(?:environ|près de|plus de|moins de|quelque|au moins|jusqu['’]à)\\s)?";
const name = "\\p{Lu}[\\p{L}\\p{N}’'.-]*(?<![.,])";
const inside = "(?:de|du|des|la|le|les|von|van|et|l['’]|d['’])";
const stop =
  'le|la|les|l|un|une|des|du|de|d|à|au|aux|en|dans|par|pour|sur|sous|avec|sans|chez|vers|entre|contre|depuis|pendant|durant|avant|après|lors|selon|et|ou|mais|donc|or|ni|car|que|qu|qui|quoi|dont|où|quand|lorsque|comme|si|se|s|ne|n|pas|plus|moins|très|il|elle|ils|elles|on|ce|c|cela|cet|cette|ces|son|sa|ses|leur|leurs|lui|y|est|sont|était|étaient|fut|furent|sera|été|être|a|ont|avait|avaient|eut|avoir|aussi|ainsi|alors|puis|même|tout|tous|toute|toutes|deux|autre|autres|afin|parce|grâce|cause|peut|doit|fait';
const content = `(?!(?:${stop})(?![\\p{L}-]))[\\p{L}][\\p{L}\\p{N}-]*`;
const article = "(?:(?:le|la|les|un|une|des|son|sa|ses|leur|leurs)\\s|l['’])";

const patterns: SpanPattern[] = [
  {
    kind: 'time',
    score: 0.9,
    find: new RegExp(
      `(?<![\\p{L}\\d])(?:(?:(?:le|du|au)\\s)?\\d{1,2}(?:er)?\\s${months}(?:\\s\\d{3,4})?|${months}\\s\\d{4}|(?<=(?:en|dès|depuis|vers|jusqu['’]en|année|avant|après|de|à|entre|et)\\s)(?:1[0-9]{3}|20[0-9]{2})|(?:le|du|au|XX?e|XIXe|le\\sdébut\\sdu|la\\sfin\\sdu)\\s?[XVI]+e\\ssiècle(?:\\sav\\.\\sJ\\.-C\\.)?|les\\sannées\\s\\d{2,4})(?![\\p{L}\\d])`,
      'gud',
    ),
  },
  { kind: 'number', score: 0.86, find: /\d[\d\s\u00a0\u202f.,]*\s?(?:%|pour cent|euros?|dollars?|francs?|€|\$)/dgu },
  {
    kind: 'number',
    score: 0.82,
    find: new RegExp(
      `(?<![\\p{L}\\d])${about}(?:\\d{1,3}(?:[\\s\u00a0\u202f.]\\d{3})+|\\d+(?:,\\d+)?|${numberWord}(?:-\\p{Ll}+)*)(?:\\s(?:mille|millions?|milliards?)(?:\\sde)?)?\\s(?!(?:${stop}|${months}|siècle)(?![\\p{L}]))\\p{Ll}[\\p{L}-]+`,
      'gud',
    ),
  },
  { kind: 'title', score: 0.8, find: /[«“"]\s?(?<answer>[^«»“”"]{3,60}?)\s?[»”"]/dgu },
  {
    kind: 'reason',
    score: 0.84,
    find: /(?<!\p{L})(?:parce qu(?:e\s|['’])|car\s|en raison (?:de\s|d['’]|du\s|des\s)|à cause (?:de\s|d['’]|du\s|des\s)|grâce (?:à\s|au\s|aux\s)|afin (?:de\s|d['’]|que\s))(?<answer>[^,;.]{8,90})/dgu,
  },
  { kind: 'manner', score: 0.66, find: /(?<!\p{L})en\s(?<answer>\p{Ll}{4,}ant\s[^,;.]{6,70})/dgu },
  {
    kind: 'thing',
    score: 0.55,
    find: new RegExp(
      `(?<![\\p{L}’'-])${article}${content}(?:\\s${content}){0,2}(?:\\s(?:de\\s(?:la\\s|l['’])?|du\\s|des\\s|d['’]|à\\s)${content}(?:\\s${content})?)?`,
      'gud',
    ),
  },
];

const names = new RegExp(`(?<![\\p{L}])${name}(?:\\s(?:(?:${inside}\\s?){0,2}${name}))*`, 'gu');
const opener =
  /^(?:(?:Le|La|Les|Un|Une|Des|Du|De|Au|Aux|À|En|Dans|Par|Pour|Sur|Sous|Avec|Sans|Chez|Vers|Entre|Contre|Depuis|Pendant|Durant|Avant|Après|Lors|Lorsque|Selon|Et|Ou|Mais|Donc|Or|Ni|Car|Que|Qui|Quand|Comme|Si|Il|Elle|Ils|Elles|On|Ce|Cet|Cette|Ces|Cela|Son|Sa|Ses|Leur|Leurs|Nous|Je|Tout|Tous|Toute|Toutes|Ainsi|Alors|Puis|Enfin|Cependant|Malgré|Parmi|Plusieurs|Certains|Certaines|Quelques|Chaque|Deux|Trois|Aussi|Bien|Plus|Dès|Grâce|Afin|Outre|Cependant|Toutefois|Néanmoins)$|[LDCJSNQ]u?['’])/u;
const placeBefore = /(?:^|\s)(?:à|en|au|aux|dans\s(?:le|la|les)|près\sde|vers|depuis|de\sla|du)\s$/u;
const personBefore =
  /(?:par|roi|reine|empereur|président|général|capitaine|M\.|Mme|abbé|pape|saint|peintre|compositeur|réalisateur|acteur|actrice|fils\sde|fille\sde|nommée?|architecte|ingénieur)\s$/iu;
const organisation =
  /(?:^|\s)(?:Université|École|Société|Compagnie|Parti|Armée|Église|Conseil|Commission|Union|Cour|Musée|Institut|Association|Ligue|Club|Banque|Traité|Guerre|Bataille|Prix|Festival|Théâtre|Coupe|Empire|Ministère|Académie)(?:\s|$)/u;

/** French: capitals show names; an article with what follows up to a function word is a noun phrase. */
export function frenchSpans(sentence: string): FoundSpan[] {
  return [...matchPatterns(sentence, patterns).flatMap((span) => sure(sentence, span)), ...nameSpans(sentence)];
}

function nameSpans(sentence: string): FoundSpan[] {
  const found: FoundSpan[] = [];
  for (const match of sentence.matchAll(names)) {
    let start = match.index;
    let text = match[0];
    const elided = /^(?:[LDCJSN]|Qu)['’]/u.exec(text)?.[0] ?? '';
    const first = elided === '' ? (text.split(' ')[0] ?? '') : elided;
    if (opener.test(first)) {
      const cut = elided === '' ? first.length + 1 : elided.length;
      start += cut;
      text = text.slice(cut);
      if (!/^\p{Lu}/u.test(text)) continue;
    }
    const single = !text.includes(' ');
    if (text.length < 3 || (single && start === 0) || /^[IVXLC]+e?r?$/u.test(text)) continue;
    const before = sentence.slice(0, start);
    const kind = organisation.test(text)
      ? 'name'
      : personBefore.test(before)
        ? 'person'
        : placeBefore.test(before)
          ? 'place'
          : !single && text.split(' ').length <= 4 && !/^(?:New|Saint|Mont|San|Los|Notre)/u.test(text)
            ? 'person'
            : 'name';
    found.push({ start, end: start + text.length, kind, score: single ? 0.74 : 0.86 });
  }
  return found;
}

function sure(sentence: string, span: FoundSpan): FoundSpan[] {
  if (span.kind !== 'thing') return [span];
  const text = sentence
    .slice(span.start, span.end)
    .replace(/\s\p{Ll}+(?:ssent|ait|aient|èrent|ère|isent|ant|[^m]ent)$/u, '');
  const words = text.split(/[\s’']/u);
  // "la concernant", "l'aider": a pronoun before a verb looks like an article.
  if (
    words.length < 2 ||
    words.length > 8 ||
    /^(?:le|la|les|l['’])\s?\p{Ll}+(?:ant|er|ir|ère|aient|ait|ent)(?=\s|$)/u.test(text)
  )
    return [];
  const before = sentence.slice(0, span.start);
  const object = /(?:est|sont|était|par|comme|pour|\p{Ll}+(?:é|ée|ait|it|ent|e|a))\s$/u.test(before);
  const long = words.length >= 3 && words.length <= 5;
  return [
    {
      ...span,
      end: span.start + text.length,
      score: span.score + (object ? 0.08 : 0) + (long ? 0.05 : 0) - (span.start === 0 ? 0.05 : 0),
    },
  ];
}
