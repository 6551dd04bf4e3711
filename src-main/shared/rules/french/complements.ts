import type { FrenchClause } from './clause.ts';
import { estCeQue, isPerson, trimmed, type Put } from './wording.ts';

const months = '(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)';
const dated = new RegExp(
  `(?<=^|\\s)(?<date>(?:en|vers|dès|depuis)\\s(?:${months}\\s)?(?:1[0-9]{3}|20[0-2][0-9]|[5-9][0-9]{2})(?:\\sav\\.\\sJ\\.-C\\.)?|(?:le|depuis\\sle|jusqu['’]au)\\s\\d{1,2}(?:er)?\\s${months}(?:\\s\\d{4})?|(?:au|à la fin du|au début du|dès le)\\s[XVI]+e\\ssiècle)(?=$|[\\s,])(?!\\s(?:et|à|au|ou)\\s(?:\\d|[XVI]+e))`,
  'iu',
);

/** Questions for what stands beside subject and object: times, places, agents, numbers, reasons, names. */
export function sideQuestions(text: string, clause: FrenchClause, put: Put): void {
  opened(text, clause, put);
  times(clause, put);
  places(clause, put);
  agents(clause, put);
  counts(clause, put);
  subjectCount(clause, put);
  reasons(clause, put);
  names(clause, put);
}

/** The statement without its opening, cut to one thought. */
function statement({ subject, verb }: FrenchClause, rest: string): string {
  return `${subject} ${verb}${rest}`;
}

function whenWord(date: string): string {
  if (/siècle$/iu.test(date)) return 'Au cours de quel siècle';
  if (/^depuis/iu.test(date)) return 'Depuis quand';
  if (/^jusqu/iu.test(date)) return 'Jusqu’à quand';
  return /^en\s\d/iu.test(date) ? 'En quelle année' : 'Quand';
}

function opened(text: string, clause: FrenchClause, put: Put): void {
  const { opening } = clause;
  if (opening === null) return;
  const phrase = text.slice(opening.start, opening.end);
  const date = dated.exec(phrase);
  if (date === null || date.index > 0 || phrase.length > date[0].length + 1) return;
  put(
    `${whenWord(phrase)} ${estCeQue(statement(clause, trimmed(clause.rest)))}`,
    'date',
    0.92,
    opening.start,
    opening.end,
  );
}

/** Whether what stands before a complement leaves it in the main clause. */
function main(before: string): boolean {
  return (
    !/[,;:]|(?:^|\s)(?:qui|que|dont|où|lorsque|quand|parce|afin|pour|car)(?:\s|$)|qu['’]/u.test(before) &&
    before.split(' ').length < 14
  );
}

function times(clause: FrenchClause, put: Put): void {
  const found = dated.exec(clause.rest);
  if (found === null) return;
  const before = clause.rest.slice(0, found.index).trimEnd();
  const after = clause.rest.slice(found.index + found[0].length);
  if (!main(before) || /(?:entre|de|du|jusqu|avant|après|fin|début|mi)\s?$/u.test(before)) return;
  const tail = /^,|^\s(?:et|mais|ou)\s/u.test(after) ? '' : trimmed(after);
  const start = clause.verbEnd + found.index;
  put(inverted(whenWord(found[0]), clause, before + tail), 'date', 0.9, start, start + found[0].length);
}

/** "En quelle année fut construit le phare": a passive with nothing after it takes its subject behind. */
function inverted(asked: string, clause: FrenchClause, rest: string): string {
  const passive =
    clause.kind === 'being' && clause.verb.includes(' ') && rest.trim() === '' && !/^(?:ne|n['’])/u.test(clause.verb);
  if (passive) return `${asked} ${clause.verb} ${lowered(clause.subject)}`;
  return `${asked} ${estCeQue(statement(clause, rest))}`;
}

function lowered(subject: string): string {
  return subject.replace(/^(?:Le|La|Les|Un|Une|Des)\s|^L['’]/u, (head) => head.toLowerCase());
}

const placed =
  /(?:né|née|mort|morte|situé|située|situés|situées|naît|meurt|vit|installe|installé|installée|trouve|déroule|lieu|habite|retourne|rend|arrive|part|enterré|enterrée|tourné|tournée|construit|construite|étudie|réside|emménage|établi|établie|établit|déménage|organisé|organisée|présenté|présentée|joue|créé|créée|commence|tient|tenu|revient|basé|basée|exposé|exposée|conservé|conservée|découvert|découverte|publié|publiée|fondé|fondée|inauguré|inaugurée|signé|signée|envoyé|envoyée|nommé|transféré|voyage|séjourne|débarque|rencontre|épouse|emprisonné|exilé|exécuté|assassiné|célébré|célébrée|pratiqué|pratiquée|parlé|fabriqué|produit|cultivé|cultivée|observé|observée|présent|présente|répandu|répandue|travaille|enseigne|participe)(?:s)?(?:\s|$)/u;

function places(clause: FrenchClause, put: Put): void {
  const found =
    /(?<=^|\s)(?<place>(?:à|au|aux|en|dans (?:le|la|les|l['’])|près de|au (?:nord|sud|centre|cœur|bord|large|pied) (?:de\s(?:la\s|l['’])?|du\s|des\s|d['’]))\s?(?:(?:centre|sud|nord|est|ouest|région|ville|île|province|quartier|musée|comté|département)\s(?:de\s(?:la\s|l['’])?|du\s|des\s|d['’])?)?\p{Lu}[\p{L}’'-]+(?:(?:\s|-)(?:(?:de|du|la|le|des)\s|d['’])?\p{Lu}[\p{L}’'-]+)*)(?=$|[,;]|\s(?:en|le|au|par|pour|avec|où|et|dans|lors|à|sous|après|avant|depuis)\s)/u.exec(
      clause.rest,
    );
  const place = found?.groups?.place;
  if (found === null || place === undefined || /^en\s(?:\p{Lu}\p{Ll}+\s\d|Dieu)/u.test(place)) return;
  const before = clause.rest.slice(0, found.index).trimEnd();
  if (!main(before) || !placed.test(`${clause.verb}${before} `)) return;
  const after = clause.rest.slice(found.index + place.length);
  const tail = /^\s(?:en|le|au|par|pour|lors)\s/u.test(after) ? trimmed(after) : '';
  const start = clause.verbEnd + found.index;
  put(inverted('Où', clause, before + tail), 'where', 0.86, start, start + place.length);
}

/** "construit par X": by whom, or by what. */
function agents(clause: FrenchClause, put: Put): void {
  if (clause.kind !== 'being' || !clause.verb.includes(' ')) return;
  const found =
    /(?<=^|\s)par\s(?<agent>(?:(?:le|la|les|un|une|des)\s|l['’])?[^,;:.]*?)(?=$|[,;]|\s(?:en|à|au|dans|lors|pour|afin|qui|que|dont|et|puis|sur|avec|sous|pendant|durant|depuis|après|avant|comme|le\s\d)\s)/u.exec(
      clause.rest,
    );
  const agent = found?.groups?.agent?.replace(/\s(?:et|ou|mais)$/u, '');
  if (found === null || agent === undefined || agent.length < 3 || agent.split(' ').length > 8) return;
  if (/^(?:exemple|ailleurs|la suite|rapport|conséquent|ordre|an|jour|mois|la même|terre|mer|voie)\b/u.test(agent))
    return;
  const before = clause.rest.slice(0, found.index).trimEnd();
  if (!main(before)) return;
  const tail = trimmed(clause.rest.slice(found.index + found[0].length));
  const keep = /^\s(?:en|à|au|dans|lors|sur|pendant)\s/u.test(tail) && tail.split(' ').length < 10 ? tail : '';
  const start = clause.verbEnd + found.index + 4;
  const person =
    isPerson(agent.charAt(0).toUpperCase() + agent.slice(1)) ||
    /^(?:des|les|un|une)\s(?:architectes?|historiens?|chercheurs?|ouvriers?|soldats?|archéologues?|auteurs?|médecins?)/u.test(
      agent,
    );
  put(
    inverted(person ? 'Par qui' : 'Par quoi', clause, before + keep),
    'byAgent',
    person ? 0.88 : 0.72,
    start,
    start + agent.length,
  );
}

const number =
  '(?:environ |près de |plus de |quelque |au moins )?(?:\\d{1,3}(?:[\\s\u00a0\u202f.]\\d{3})+|\\d+|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|vingt|trente|quarante|cinquante|soixante|cent|mille)(?:\\s(?:cent|mille))?';
const unit = `(?!${months}|siècle|ans? av|h\\b|%|sur\\b|dans\\b|pour\\b|par\\b|avec\\b|est\\b|et\\b|ou\\b|à\\b|millions?|milliards?|premi|derni|autres?\\b|grand|petit|principa|nouve|fois)\\p{Ll}{3,}(?:s|x)(?:\\s(?:d['’]|de\\s)\\p{Ll}+)?`;

function combien(noun: string): string {
  return `Combien ${/^[aeiouéèêâîôûœ]|^h(?!éros|auteurs|aies|angars|aricots)/iu.test(noun) ? 'd’' : 'de '}${noun}`;
}

function counts(clause: FrenchClause, put: Put): void {
  const found = new RegExp(
    `^\\s(?<before>(?:\\p{Ll}+\\s)??)(?<number>${number})\\s(?<noun>${unit})(?=\\s|,|$)`,
    'u',
  ).exec(clause.rest);
  if (found === null || clause.kind === 'being') return;
  const before = found.groups?.before ?? '';
  if (/^(?:à|de|dans|pour|sur|en|avec|par|les|des|ses|ces|leurs|aux|entre|et|d)\s$/u.test(before)) return;
  const amount = found.groups?.number ?? '';
  const noun = found.groups?.noun ?? '';
  const rest = clause.rest.slice(found[0].length);
  if (/^\s(?:et|ou|à)\s(?:\d|deux|trois|demi)/u.test(rest)) return;
  const start = clause.verbEnd + 1 + before.length;
  const adjective = /^\s(?<more>\p{Ll}+(?:s|x))(?=\s|,|$)/u.exec(rest);
  const kept =
    adjective !== null &&
    !/^(?:dans|sans|vers|mais|puis|depuis|lors|plus|les|des|ses|sous|après|dont|leurs|aux|tous|toutes|moins)$/u.test(
      adjective.groups?.more ?? '',
    )
      ? (adjective[0] ?? '')
      : '';
  put(
    `${combien(noun + kept)} ${estCeQue(statement(clause, ` ${before}`.trimEnd() + (/^\s?[,;]|^\ssoit\s/u.test(rest.slice(kept.length)) ? '' : trimmed(rest.slice(kept.length)))))}`,
    'count',
    0.88,
    start,
    start + amount.length,
  );
}

/** "Douze ouvriers construisent…". */
function subjectCount(clause: FrenchClause, put: Put): void {
  const found = new RegExp(`^(?<number>${number})\\s(?<noun>.+)$`, 'iu').exec(clause.subject);
  if (found === null || clause.subjectStart < 0 || /^(?:\d+er?|cent ans)/iu.test(clause.subject)) return;
  const amount = found.groups?.number ?? '';
  put(
    `${combien(found.groups?.noun ?? '')} ${clause.verb}${trimmed(clause.rest)}`,
    'count',
    0.84,
    clause.subjectStart,
    clause.subjectStart + amount.length,
  );
}

function reasons(clause: FrenchClause, put: Put): void {
  const at = clause.rest.search(/,?\s(?:parce qu['’e]|car\s|en raison d|à cause d|grâce (?:à|au)|du fait d|faute d)/u);
  const purpose = clause.rest.search(/,?\s(?:afin d|pour (?:que\s|\p{Ll}{3,}(?:er|ir|re)\s))/u);
  const place = at >= 0 ? at : purpose;
  if (place < 0 || (place < 4 && !clause.verb.includes(' '))) return;
  const before = clause.rest.slice(0, place);
  if ((before.match(/,/gu) ?? []).length > 0 || /(?:^|\s)(?:qui|que|dont|où)\s/u.test(before)) return;
  const cause = clause.rest.slice(place).replace(/^[,\s]+/u, '');
  const cut = trimmed(cause);
  const start = clause.verbEnd + clause.rest.length - cause.length;
  put(
    `${at >= 0 ? 'Pourquoi' : 'Dans quel but'} ${estCeQue(statement(clause, before))}`,
    'reason',
    at >= 0 ? 0.87 : 0.76,
    start,
    start + cut.length,
  );
}

/** "est appelé Y", "est surnommé Y": how it is called. */
function names(clause: FrenchClause, put: Put): void {
  if (clause.kind !== 'being' || !/(?:appelé|nommé|surnommé|baptisé|dénommé)e?s?$/u.test(clause.verb)) return;
  const found = /^\s(?<name>[^,;:.]{2,40}?)(?=$|[,;]|\s(?:en|par|le|au|dans|à|pour|car)\s)/u.exec(clause.rest);
  const name = found?.groups?.name;
  if (found === null || name === undefined || /^(?:à|en|par|au|pour|dans|de|d['’])/u.test(name)) return;
  const start = clause.verbEnd + 1;
  put(`Comment ${estCeQue(statement(clause, ''))}`, 'called', 0.86, start, start + name.length);
}
