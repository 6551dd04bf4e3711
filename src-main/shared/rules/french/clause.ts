import { adverb, being, having, isFinite, modal, participle } from './verbs.ts';

/** A clause cut at its verb; offsets count in the text it was cut from. */
export type FrenchClause = {
  /** What stands before the subject and may be asked for or left out: "En 1962". */
  opening: { start: number; end: number } | null;
  subject: string;
  subjectStart: number;
  subjectEnd: number;
  /** The whole verb group: "a été construit", "peut mesurer", "joue". */
  verb: string;
  /** Its first, finite word. */
  finite: string;
  verbEnd: number;
  rest: string;
  kind: 'being' | 'having' | 'modal' | 'simple';
  plural: boolean;
};

const lead =
  /^(?:Mais|Et|Or|Donc|Ainsi|Cependant|Toutefois|Néanmoins|De plus|En effet|Par ailleurs|En outre|Enfin|Finalement|D['’]ailleurs|Pourtant|Par exemple|Au contraire|Par conséquent|En revanche|Alors|Puis|Ensuite|Dès lors|À cette époque|Également|Notamment|Malgré tout|Effectivement|En fait|Bref|Certes|Aussi|Du reste|Soudain|Depuis|Auparavant|Aujourd['’]hui|À l['’]inverse|En conséquence|De même|En particulier|Actuellement|Paradoxalement|Inversement|Traditionnellement|Généralement|Désormais|Initialement|Parallèlement|De fait|Par la suite|En réalité|À l['’]origine|Plus tard|À nouveau|En général|D['’]une part|D['’]autre part|Quoi qu['’]il en soit|Dans l['’]ensemble|À l['’]époque|Au final|Au total),?\s+/u;
const openingPhrase =
  /^(?:Dans|En|À|Au|Aux|Pour|Par|Sur|Sous|Avec|Après|Avant|Lors|Depuis|Pendant|Durant|Selon|Malgré|Grâce|Dès|Entre|Outre|Vers|Chez|Parmi|D['’]après|D['’]abord|Plus|Comme|Du|Le \d|De|Jusqu|Contrairement|Face|Suite|Une fois|Peu)[^,;:]{2,80},\s/u;
/** A year or a date with no comma after it: "En 1962 le bac quitte…". */
const openingDate =
  /^(?:En|Le|Au|Vers|Dès)\s(?:\d{1,2}(?:er)?\s\p{Ll}+\s\d{4}|\p{Ll}+\s\d{4}|\d{3,4}|[XVI]+e\ssiècle)\s(?=\p{L})/u;
const preposition =
  /^(?:le|la|les|l['’]|un|une|des|du|de|d['’]|à|au|aux|en|dans|par|pour|sur|sous|avec|sans|chez|vers|entre|contre|ce|cet|cette|ces|son|sa|ses|leur|leurs|et|ou|très|plus|moins|aussi|comme|si|que|qui|dont|où|deux|trois|premier|première|ne|se|y)$/iu;
const relative =
  /^(?:qui|que|dont|où|lorsque|quand|lequel|laquelle|lesquels|lesquelles|auquel|auxquels|auxquelles|duquel|desquels|desquelles|puisque|si|comme|qu['’].*|s['’]il.*|tandis|alors|pourquoi|il|elle|ils|elles)$/u;
const badStart =
  /^(?:Il|Elle|Ils|Elles|On|Ce|C['’]|Cela|Celui|Celle|Ceux|Celles|Ça|Je|J['’]|Nous|Tu|Vous|Y|Cette|Cet|Ces|Ses|Son|Sa|Leur|Leurs|Qui|Que|Quand|Lorsque|Si|Ne|Rien|Personne|Tout|Tous|Toute|Toutes|Certains|Certaines|Plusieurs|D['’]autres|L['’]un|L['’]une|Les uns|Aucun|Aucune|Chacun|Chaque|Après|Avant|Dans|En|Pour|Par|Sur|Sous|Avec|Sans|Chez|Vers|Lors|Depuis|Pendant|Durant|Comme|À|Au|Aux|Selon|Malgré|Grâce|Dès|Entre|Contre|Face|Suite|Outre|Afin|Parmi|Jusqu|D['’]après|Bien|Plus|Moins|De|Du|Des suites|Puis|Parce|Voici|Voilà|Tel|Telle|Tels|Telles|Même|Beaucoup|Peu|Cependant|Notre|Nos|Mon|Ma|Mes|Votre|Vos)(?=\s|$|['’-])/u;

/** The part of a sentence that makes a statement, its parentheses blanked out; null where no sure cut is found. */
export function cutFrench(sentence: string, topic: string | null): FrenchClause | null {
  const text = sentence
    .replace(/[.!?…;:\s]+$/u, '')
    .replace(/\([^()]*\)|\[[^\]]*\]/gu, (note) => ' '.repeat(note.length));
  let from = lead.exec(text)?.[0].length ?? 0;
  if (/^\p{Ll}/u.test(text.slice(from)) && from === 0) return null;
  const head = capital(text.slice(from));
  const opening = openingPhrase.exec(head) ?? openingDate.exec(head);
  let found: FrenchClause['opening'] = null;
  if (opening !== null) {
    found = { start: from, end: from + opening[0].replace(/,?\s$/u, '').length };
    from += opening[0].length;
    // A second short opening: "En 1962, à Valmer, …".
    from += openingPhrase.exec(capital(text.slice(from)))?.[0].length ?? 0;
  }
  const body = text.slice(from);
  const shown =
    /^(?:[Ii]l|[Ee]lle)\s(?!(?:ne\s|n['’])?(?:y\s|en\s|faut|fallut|fallait|semble|s['’]agit|existe|reste|convient|arrive|suffit|importe|manque|s['’]ensuit|est\s(?:possible|probable|certain|important|difficile|courant|clair|également possible|nécessaire|vrai|facile|temps|alors|prévu|question|interdit|dit|vraisemblable)))/u.exec(
      body,
    );
  if (shown !== null) {
    if (topic === null || !agrees(topic, shown[0].trim().toLowerCase())) return null;
    const clause = cutBody(`${topic} ${body.slice(shown[0].length)}`);
    if (clause === null || clause.subject !== topic) return null;
    const shift = from + shown[0].length - topic.length - 1;
    return { ...clause, opening: found, subjectStart: -1, subjectEnd: -1, verbEnd: clause.verbEnd + shift };
  }
  const clause = cutBody(capital(body));
  return clause === null
    ? null
    : {
        ...clause,
        opening: found,
        subjectStart: clause.subjectStart + from,
        subjectEnd: clause.subjectEnd + from,
        verbEnd: clause.verbEnd + from,
      };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Whether a topic can be what "il" or "elle" stands for. */
function agrees(topic: string, shown: string): boolean {
  if (/^(?:(?:Les|Des)\s|L[ae]\s(?:plus|moins|premi|second|dernier|seul))/u.test(topic)) return false;
  if (/^(?:Le|Un)\s/u.test(topic)) return shown === 'il';
  return /^(?:La|Une)\s/u.test(topic)
    ? shown === 'elle'
    : /^(?:L['’])?\p{Lu}[\p{L}’'-]+/u.test(topic) && !/^L['’]\p{Ll}/u.test(topic);
}

function cutBody(body: string): FrenchClause | null {
  if (badStart.test(body)) return null;
  const words = [...body.matchAll(/\S+/gu)].map((match) => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }));
  let subjectEnd = -1;
  let at = 1;
  for (; at < Math.min(words.length, 16); at += 1) {
    const word = words[at];
    const previous = words[at - 1];
    if (word === undefined || previous === undefined) return null;
    if (/[,]$/u.test(previous.text) && subjectEnd < 0) {
      // "Nuvolari, blessé, abandonne": what stands between the commas is left out.
      const close = words.findIndex((candidate, index) => index >= at && candidate.text.endsWith(','));
      const next = words[close + 1];
      if (close < 0 || close - at > 9 || next === undefined || !isFinite(next.text)) return null;
      subjectEnd = previous.end - 1;
      at = close;
      continue;
    }
    if (relative.test(word.text) || /[:;«»"“”]/u.test(word.text)) return null;
    if (/^(?:ne|n['’]y|se)$/u.test(word.text)) break;
    if (/^(?:s['’]|n['’])/u.test(word.text) && isFinite(word.text)) break;
    // "écrit par une femme" is a participle.
    if (words[at + 1]?.text === 'par' && /(?:it|is|u)$/u.test(word.text)) return null;
    if (isFinite(word.text.replace(/,$/u, '')) && !preposition.test(previous.text) && !/^(?:l|d)['’]/iu.test(word.text))
      break;
  }
  const verbWord = words[at];
  const last = words[at - 1];
  if (verbWord === undefined || last === undefined || at >= 16) return null;
  let end = subjectEnd >= 0 ? subjectEnd : last.end;
  let subject = body.slice(0, end);
  const trailing =
    /\s(?:également|aussi|ensuite|alors|notamment|souvent|toujours|ainsi|donc|désormais|enfin|quant à lui|elle-même|lui-même|cependant|toutefois|eux|tous|toutes)$/u.exec(
      subject,
    );
  if (trailing !== null) {
    subject = subject.slice(0, trailing.index);
    end = trailing.index;
  }
  if (
    /^\p{Lu}\p{Ll}+(?:er|ir|dre|oir)\s/u.test(subject) &&
    !/^(?:Roger|Xavier|Olivier|Didier|Vladimir|Premier)\s/u.test(subject)
  )
    return null;
  const count = subject.split(' ').length;
  if (count > 11 || subject.length < 3 || preposition.test(subject.split(/\s/u).at(-1) ?? '')) return null;
  if (
    !/^(?:\p{Lu}|L['’])/u.test(subject) ||
    /(?:^|\s)(?:C['’]est|c['’]est)/u.test(subject) ||
    /(?:^|\s)(?:le|la|les|lui|leur)$/u.test(subject)
  )
    return null;
  if (count === 1 && !/^(?:L['’])?\p{Lu}[\p{L}’'-]{2,}$/u.test(subject)) return null;
  const group = verbGroup(words.slice(at).map((word) => word.text));
  if (group === null) return null;
  const verbEnd = words[at + group.length - 1]?.end ?? verbWord.end;
  const plural =
    /(?:ont|ent|sont|étaient|furent|aient)$/u.test(group.finite) || /^(?:Les|Des|Deux|Trois)\s/u.test(subject);
  return {
    opening: null,
    subject,
    subjectStart: 0,
    subjectEnd: end,
    verb: body.slice(verbWord.start, verbEnd),
    finite: group.finite,
    verbEnd,
    rest: body.slice(verbEnd),
    kind: group.kind,
    plural,
  };
}

/** How many words the verb group has, and its finite word. A pronoun object ("le", "lui") gives null: it points elsewhere. */
function verbGroup(words: readonly string[]): { length: number; finite: string; kind: FrenchClause['kind'] } | null {
  let at = 0;
  if (/^(?:ne|se)$/u.test(words[at] ?? '')) at += 1;
  const first = words[at] ?? '';
  if (/^(?:l['’]|le|la|les|lui|leur|y|en)$/u.test(first) || /^l['’]/u.test(first)) return null;
  if (!isFinite(first)) return null;
  const finite = first.replace(/^(?:n|s)['’]/u, '');
  at += 1;
  const skip = (): void => {
    while (adverb.test(words[at] ?? '')) at += 1;
  };
  if (having.test(finite) || (being.test(finite) && /^s['’]/u.test(first))) {
    skip();
    if ((words[at] ?? '') === 'été') {
      at += 1;
      skip();
      if (participle.test(words[at] ?? '')) at += 1;
      return { length: at, finite, kind: 'being' };
    }
    if (
      participle.test(words[at] ?? '') &&
      !/^(?:les|pour|plus|trois|depuis|parmi|ainsi|celui|lui|plusieurs)$/u.test(words[at] ?? '')
    )
      return { length: at + 1, finite, kind: 'having' };
    return { length: 1 + (words[0] === 'ne' ? 1 : 0), finite, kind: 'having' };
  }
  if (being.test(finite)) {
    const before = at;
    skip();
    if (
      participle.test(words[at] ?? '') &&
      !/^(?:plus|les|depuis|parmi|trois|lui|celui|plusieurs|un|tous)$/u.test(words[at] ?? '')
    )
      return { length: at + 1, finite, kind: 'being' };
    return { length: before, finite, kind: 'being' };
  }
  if (modal.test(finite)) {
    const before = at;
    skip();
    if (
      /^\p{L}{2,}(?:er|ir|re|oir)$/u.test(words[at] ?? '') &&
      !/^(?:premier|dernier|leur|entre|notre|votre|autre|quatre)$/u.test(words[at] ?? '')
    )
      return { length: at + 1, finite, kind: 'modal' };
    return { length: before, finite, kind: 'simple' };
  }
  skip();
  return { length: at, finite, kind: 'simple' };
}
