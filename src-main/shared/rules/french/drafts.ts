import type { Draft, RuleSentence } from '../types.ts';
import { cutFrench, type FrenchClause } from './clause.ts';
import { sideQuestions } from './complements.ts';
import { estCeQue, isPerson, lower, trimmed, type Put } from './wording.ts';
import { singular } from './verbs.ts';

const mark = '\u202f?';

/** The passage's subject: what stands before its first verb. */
export function frenchTopic(first: string): string | null {
  const subject = cutFrench(first, null)?.subject ?? null;
  return subject !== null && subject.split(' ').length <= 6 ? subject : null;
}

/**
 * Drafts for one French sentence: "est-ce que" before the statement as it stands, so that no verb has to move; "Qui",
 * "Quel" and a noun, or "Qu’est-ce qui" in place of the subject.
 */
export function frenchDrafts({ text, topic }: RuleSentence): Draft[] {
  const drafts: Draft[] = [];
  if (/^[«"“–-]|[?!]\s*$/u.test(text.trim())) return drafts;
  for (const { part, offset } of statements(text)) {
    const clause = cutFrench(part, topic);
    if (clause === null) continue;
    const cost = (clause.subjectStart < 0 ? 0.1 : 0) + (offset > 0 ? 0.05 : 0);
    const put: Put = (question, rule, score, start, end) => {
      const draft = written(question, rule, score - cost, { start: start + offset, end: end + offset });
      if (draft !== null) drafts.push(draft);
    };
    subjectQuestions(clause, put);
    objectQuestion(clause, put);
    definition(clause, put);
    sideQuestions(part, clause, put);
  }
  return drafts;
}

/** A sentence's statements: those after a semicolon stand alone too. */
function statements(text: string): { part: string; offset: number }[] {
  const found: { part: string; offset: number }[] = [];
  let start = 0;
  for (const match of text.matchAll(/\s?;\s|,\s(?:mais|tandis que|alors que)\s/gu)) {
    found.push({ part: text.slice(start, match.index), offset: start });
    start = match.index + match[0].length;
  }
  found.push({ part: text.slice(start), offset: start });
  return found.map(({ part, offset }, index) => ({
    part: index === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1),
    offset,
  }));
}

function written(question: string, rule: string, score: number, answer: { start: number; end: number }): Draft | null {
  const tidy = question
    .replace(/\s+/gu, ' ')
    .replace(/\s,/gu, ',')
    .replace(/[,\s]+$/u, '')
    .trim();
  const count = tidy.split(' ').length;
  if (count < 4 || count > 24 || answer.end <= answer.start || /[«»"“”:]/u.test(tidy)) return null;
  if (
    /\s(?:de|du|des|à|au|aux|en|dans|par|pour|sur|avec|et|ou|le|la|les|un|une|que|qui|ne|se|est|comme|dont|plus|très|afin|ainsi|notamment|ce|cette)$/u.test(
      tidy,
    )
  )
    return null;
  const points =
    /(?:^|\s)(?:il|elle|ils|elles|ce|cet|cette|ces|celui-ci|celle-ci|ceux-ci|celui|celle|leur|leurs|lui|son|sa|ses)(?=\s|$)/iu.test(
      tidy.replace(/^.*?est-ce qu[e’]\s?/u, ''),
    )
      ? 0.06
      : 0;
  const commas = (tidy.match(/,/gu) ?? []).length;
  return {
    text: `${tidy}${mark}`,
    rule,
    score: score - points - Math.max(0, count - 13) * 0.02 - commas * 0.06,
    answer,
  };
}

function subjectQuestions(clause: FrenchClause, put: Put): void {
  const { subject, subjectStart, subjectEnd, finite, verb, rest, kind } = clause;
  if (subjectStart < 0) return;
  const predicate = trimmed(rest);
  if (predicate.trim().split(' ').length < 2 && kind !== 'being') return;
  const bare = kind === 'being' && verb === finite;
  if (isPerson(subject)) {
    const single = clause.plural ? singular(finite) : finite;
    if (single === null || (bare && /^\s(?:un|une|le|la|l['’])/u.test(rest))) return;
    put(`Qui ${verb.replace(finite, single)}${predicate}`, 'who', 0.86, subjectStart, subjectEnd);
    return;
  }
  // "La rivière Lot traverse…": which river.
  const sort =
    /^(?<article>Le|La)\s(?<noun>\p{Ll}[\p{L}-]{2,})\s(?:(?:de|du|des)\s|d['’]|\p{Lu}|\p{Ll}+(?:al|ale|el|elle|ique|ien|ienne|ais|aise|ain|aine|if|ive|aire|eux|euse|é|ée)$)/u.exec(
      subject,
    );
  if (
    sort !== null &&
    !clause.plural &&
    !bare &&
    !/^(?:plupart|fin|début|reste|majorité|nombre|partie|moitié|suite|fait|cas|même|premier|première|dernier|dernière|seul|seule|plus|nom|but|rôle|raison|cause|mise|prise|perte|présence|mort|naissance|quantité|durée|longueur|hauteur|taille|date|création|construction|fondation|nouveau|nouvelle|grand|grande|petit|petite|vieux|vieille|jeune|bon|bonne|haut|haute|seconde|second|troisième|population|situation)$/u.test(
      sort.groups?.noun ?? '',
    )
  ) {
    const which = sort.groups?.article === 'La' ? 'Quelle' : 'Quel';
    put(`${which} ${sort.groups?.noun ?? ''} ${verb}${predicate}`, 'which', 0.8, subjectStart, subjectEnd);
    return;
  }
  if (clause.plural || bare || !/^(?:Le|La|L['’])/u.test(subject)) return;
  if (
    /(?:^Le reste|\s(?:premier|première|second|seconde|dernier|dernière|seul|seule|plus)$|^L['’](?:un|une|autre|ensemble)(?:\s|$))/u.test(
      subject,
    )
  )
    return;
  if (
    /^(?:reste|demeure|devient|semble|paraît|devint)$/u.test(finite) &&
    /^\s\p{L}+(?:ée|ante|ente|elle|ive|ale|euse|ise|ite|ue|ère|ienne|aine)(?=\s|$)/u.test(rest)
  )
    return;
  const agreed = kind === 'being' ? masculine(verb) : verb;
  const rightly = verb.endsWith('être')
    ? predicate.replace(/^\s\p{L}+(?=\s|$)/u, (word) => masculine(word))
    : predicate;
  put(`Qu’est-ce qui ${agreed}${rightly}`, 'what', 0.7, subjectStart, subjectEnd);
}

/** "a été construite" → "a été construit", with which "Qu’est-ce qui" agrees. */
function masculine(verb: string): string {
  return verb.replace(/(?:ée|ie|(?<![qg])ue|ise|ite|erte|inte|aite|orte)$/u, (end) => end.slice(0, -1));
}

/** "S V O" asks what S V; a person is asked for with "Qui est-ce que". */
function objectQuestion({ subject, verb, finite, rest, verbEnd, kind }: FrenchClause, put: Put): void {
  if (kind === 'being' || (kind === 'having' && verb === finite) || /^(?:s['’]|se\s)/u.test(verb)) return;
  if (
    /^(?:vient|va|vont|reste|demeure|devient|deviennent|devint|semble|naît|meurt|mourut|naquit|part|partit|arrive|dure|mesure|pèse|coûte|peut|peuvent|doit|doivent|date|fait|font|consiste|ressemble|appartient|appartiennent|correspond|participe|résulte|dépend|existe|entre|tombe|parvient|figure|marche|passe|provient|joue|jouent|jouait)$/u.test(
      finite,
    ) &&
    kind !== 'modal'
  )
    return;
  const found =
    /^\s(?<object>(?:(?:le|la|les|un|une|des|plusieurs|de\s(?:nombreux|nombreuses|grands|grandes)|deux|trois|quatre)\s|l['’])[^,;:.()]*)/u.exec(
      rest,
    );
  const name = /^\s(?<object>\p{Lu}[\p{L}’'-]+(?:\s(?:de\s|von\s|d['’])?\p{Lu}[\p{L}’'-]+)*)(?=$|[\s,])/u.exec(rest);
  const object = found?.groups?.object ?? name?.groups?.object;
  if (object === undefined) return;
  if (
    /^(?:le|la|les|un|une)\s(?:\d|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|jour|même|plupart|temps|fois|peu|soir|matin|nuit|lendemain|années?|plus|an|mois|semaine)/u.test(
      object,
    )
  )
    return;
  // The object goes up to the next preposition; what follows it stays in the question.
  const length = objectLength(object);
  const phrase = object.slice(0, length).trimEnd();
  const start = verbEnd + 1;
  const after = trimmed(rest.slice(1 + phrase.length));
  const keep =
    /^\s(?:en|à|au|aux|dans|lors|pour|contre|avec|sur|par|pendant|durant|depuis|après|avant|chez|entre)\s/u.test(
      after,
    ) && after.trim().split(' ').length <= 9
      ? after
      : '';
  const person = isPerson(phrase.charAt(0).toUpperCase() + phrase.slice(1));
  put(
    `${person ? 'Qui ' : 'Qu’'}${estCeQue(`${subject} ${verb}${keep}`)}`,
    person ? 'whom' : 'object',
    0.8 -
      (/^(?:Des|Un|Une)\s/u.test(subject) ? 0.06 : 0) -
      (keep === '' && verb.split(' ').length === 1 && subject.split(' ').length < 3 ? 0.03 : 0),
    start,
    start + phrase.length,
  );
}

function objectLength(object: string): number {
  const stop =
    /\s(?:en|à|au|aux|dans|lors|pour|contre|avec|sur|par|pendant|durant|depuis|après|avant|chez|qui|que|dont|où|afin|car|parce|et\s(?:le|la|les|l['’]|un|une|des|se|en|à)|ainsi|comme|lorsque|mais|puis|qu['’]\S*|tandis|sans|vers|jusqu['’]\S*|entre|grâce|sous|selon|malgré|alors|tout|notamment|ce|\p{Ll}+ant)(?=\s|$)/u.exec(
      object,
    );
  return stop === null ? object.length : stop.index;
}

const relational =
  /^(?<article>Le|La|L['’])\s?(?<noun>nom|but|objectif|symbole|capitale|rôle|cause|raison|origine|langue|devise|thème|sujet|titre|fonction|particularité|caractéristique|surnom|métier|profession|couleur|nature|religion|superficie|population|altitude|principe|résultat|conséquence|difficulté|problème|avantage|inconvénient|solution|intérêt|ambition|mission|message|ressource|activité|plat|genre|style|lieu|siège|régime|statut|taille|hauteur|longueur|durée|coût|prix|fondateur|auteur|père|mère|réalisateur|compositeur)(?:\s(?:principale?|première|premier|officielle?|actuelle?))?\s(?:de\s|du\s|des\s|d['’])/u;
const feminine =
  /^(?:capitale|cause|raison|origine|langue|devise|fonction|particularité|caractéristique|profession|couleur|nature|religion|superficie|population|altitude|conséquence|difficulté|solution|ambition|mission|ressource|activité|taille|hauteur|longueur|durée|mère)$/u;

/** "X est un Y" asks what or who X is; "Le but de X est Y" asks which it is. */
function definition({ subject, finite, verb, rest, verbEnd, kind, plural }: FrenchClause, put: Put): void {
  if (kind !== 'being' || verb !== finite || plural) return;
  const answer = trimmed(rest);
  const start = verbEnd + 1;
  const end = verbEnd + answer.length;
  const relation = relational.exec(subject);
  if (relation !== null && answer.trim().split(' ').length >= 1 && !/^\s(?:très|plus|pas|aussi|si|trop)/u.test(rest)) {
    put(
      `${feminine.test(relation.groups?.noun ?? '') ? 'Quelle' : 'Quel'} ${finite} ${lower(subject)}`,
      'relation',
      0.88,
      start,
      end,
    );
    return;
  }
  if (!/^\s(?:un|une|l['’]un\sdes|l['’]une\sdes)\s/u.test(rest)) return;
  if (/^(?:Un|Une)\s|(?:premi|second|dernier|seul|plus|autre|exception|problème|résultat|suivant)/u.test(subject))
    return;
  if (isPerson(subject)) put(`Qui ${finite} ${subject}`, 'definition', 0.86, start, end);
  else if (finite === 'est') put(`Qu’est-ce que ${lower(subject)}`, 'definition', 0.85, start, end);
}
