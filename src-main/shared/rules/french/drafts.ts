import type { Draft, RuleSentence } from '../types.ts';

/** French: "est-ce que" before the statement as it stands, so that no verb has to move; "Qui" and a verb for subjects. */
const mark = '\u202f?';
const lead =
  /^(?:Mais|Et|Or|Donc|Ainsi|Cependant|Toutefois|Néanmoins|De plus|En effet|Par ailleurs|En outre|Enfin|Finalement|D'ailleurs|Pourtant|Par exemple|Au contraire|Par conséquent|En revanche|Alors|Puis|Ensuite|Dès lors|À cette époque|Également|Notamment|Selon lui|Malgré tout|Effectivement|En fait|Bref|Certes|Aussi|Du reste|Soudain|Depuis|Auparavant|Aujourd['’]hui),?\s+/u;
const pronoun =
  /^(?:il|elle|ils|elles|on|ce|c['’]|cela|celui|celle|ceux|celles|ça|je|j['’]|nous|tu|vous|y|en)(?=[\s’'-]|$)|^c['’]|^j['’]|^(?:cette|cet|ces|ses|son|sa|leur|leurs|ce)\s/iu;
const months = '(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)';
const be =
  "(?:est|sont|était|étaient|fut|furent|a été|ont été|avait été|avaient été|n['’]est|n['’]était|sera|seront|devient|devint|reste|demeure|deviennent|devinrent)";
const have = "(?:a|ont|avait|avaient|eut|eurent|n['’]a|n['’]ont)\\s\\p{L}+";
const simple =
  "(?:peut|peuvent|doit|doivent|fait|font|permet|permettent|représente|représentent|compte|comptent|comprend|comprennent|possède|possèdent|contient|reçoit|prend|met|voit|dit|écrit|obtient|tient|vient|part|sort|sert|perd|rend|vit|meurt|naît|joue|jouent|remporte|remportent|dirige|publie|décide|décident|crée|fonde|propose|annonce|déclare|considère|montre|montrent|donne|donnent|trouve|trouvent|porte|utilise|utilisent|demande|commence|continue|quitte|arrive|passe|découvre|raconte|épouse|rencontre|envoie|accepte|refuse|gagne|invente|construit|conduit|produit|atteint|soutient|connaît|estime|affirme|explique|souligne|évoque|décrit|fournit|occupe|entraîne|provoque|constitue|constituent|forment|forme|abrite|accueille|appelle|participe|s['’]\\p{L}+|se\\s\\p{L}+(?:e|ent|it|t|a|èrent|ait|aient)|\\p{L}{2,}(?:èrent|irent|urent|aient|ait|ât|int)|\\p{L}{3,}(?<!deux|jusqu)a|\\p{L}{3,}(?:it|ut))";
const notVerb =
  /^(?:fait|part|produit|récit|petit|droit|conflit|circuit|esprit|début|but|tout|salut|institut|statut|attribut|nuit|lit|fruit|bruit|crédit|profit|édit|soit|déficit|endroit|toit|souhait|trait|portrait|extrait|lait|jusqu'à|cela|déjà|voilà|delà|opéra|cinéma|caméra|panorama|agenda|visa|gorilla|mafia|villa|saga|data|véranda|delta|sierra|[A-ZÀÉ]\p{L}*)$/u;
const noun = "(?:[LlDd]['’]|Le |La |Les |Un |Une |Des |Du |De |le |la |les |un |une )?[^,;:.()]{2,60}?";
const verbPattern = new RegExp(
  `^(${noun})\\s((?:ne\\s|n['’])?(?:(?:le|la|les|lui|leur|y|en)\\s|l['’])?(?:${be}|${have}|${simple}))(?=\\s|$)`,
  'u',
);

/** The passage's subject: what stands before its first verb. */
export function frenchTopic(first: string): string | null {
  return subjectAndVerb(first)?.subject ?? null;
}

type Clause = { subject: string; verb: string; rest: string };

/** Cuts a clause at its first verb, or gives null where the cut is not sure. */
function subjectAndVerb(text: string): Clause | null {
  const found = verbPattern.exec(text);
  if (found === null) return null;
  const subject = found[1] ?? '';
  const verb = found[2] ?? '';
  if (
    pronoun.test(subject) ||
    /(?:^|\s)(?:qui|que|qu['’].*|dont|où|lorsque|quand|si|ne|et|se|à|de|dans|en|par|pour|sur|ou|avec|parce|puis)$|(?:^|\s)(?:qui|que|dont|lorsque|où)\s|qu['’]/iu.test(
      subject,
    )
  )
    return null;
  if (
    notVerb.test(verb) ||
    /^(?:Après|Avant|Dans|En|Pour|Par|Sur|Sous|Avec|Sans|Chez|Vers|Lors|Depuis|Pendant|Durant|Si|Quand|Comme|Lorsque|À|Au|Aux|Selon|Malgré|Grâce|Dès|Entre|Contre|Face|Suite|Outre|Afin|Tout|Parmi|Outre|Jusqu|D['’]après|D['’]|Bien|Ne|Plus|Dès|De|Des suites)(?:\s|$|['’])/u.test(
      subject,
    )
  )
    return null;
  if (subject.split(/\s/u).length > 9 || !/^\p{Lu}|^(?:l['’]|le |la |les |un |une |des )/u.test(subject)) return null;
  const rest = text.slice(found[0].length);
  return { subject, verb, rest };
}

/** Drafts for one French sentence. */
export function frenchDrafts({ text, topic }: RuleSentence): Draft[] {
  const drafts: Draft[] = [];
  const body = text.replace(/[.!?…;:\s]+$/u, '');
  if (/^[«"“-]/u.test(body) || /[?!]$/u.test(text.trim())) return drafts;
  const from = lead.exec(body)?.[0].length ?? 0;
  const main = body.slice(from);
  const clause = subjectAndVerb(main);
  dates(drafts, main, from, clause);
  if (clause !== null) {
    subjectQuestion(drafts, clause, from);
    definition(drafts, clause, from);
    place(drafts, clause, main, from);
    count(drafts, clause, main, from);
    reason(drafts, clause, main, from);
    object(drafts, clause, from);
  } else introduced(drafts, main, from, topic);
  return drafts;
}

const loweredHeads =
  /^(?:(?:Le|La|Les|Un|Une|Des|Du|De|Au|Aux|Son|Sa|Ses|Ce|Cette|Cet|Ces|Leur|Leurs|À|En|Il|Elle|Ils|Elles|On|Plusieurs|Certains|Certaines|Quelques|Chaque|Deux|Trois)\s|[LD]['’])/u;

/** A statement after an opening phrase, or about a pronoun that stands for the passage's subject. */
function introduced(drafts: Draft[], main: string, from: number, topic: string | null): void {
  const opening =
    /^(?:Dans|En|À|Au|Aux|Pour|Par|Sur|Sous|Avec|Après|Avant|Lors|Depuis|Pendant|Durant|Selon|Malgré|Grâce|Dès|Entre|Outre|Afin|Inversement|Vers|Chez|Parmi|D['’]|Plus|Comme)[^,;:()]{2,70},\s/u.exec(
      main,
    );
  const start = opening?.[0].length ?? 0;
  const rest = main.slice(start);
  const shown =
    /^(?:il|elle)\s(?!y\s|faut|semble|s['’]agit|existe|est\s(?:possible|probable|certain|à\s|important|difficile|courant|clair))/iu.exec(
      rest,
    );
  const named =
    shown !== null && topic !== null && /^(?:[A-ZÀÉ][\p{L}’'-]+|L[ea]\s|L['’])/u.test(topic) && !/s$|^Les/u.test(topic);
  const statement = named ? `${topic} ${rest.slice(shown[0].length)}` : rest.charAt(0).toUpperCase() + rest.slice(1);
  const clause = subjectAndVerb(statement);
  if (clause === null) return;
  const shift = from + start + (named ? shown[0].length - topic.length - 1 : 0);
  const found: Draft[] = [];
  if (!named) subjectQuestion(found, clause, shift);
  else place(found, clause, statement, shift);
  if (named) dates(found, statement, shift, clause);
  definition(found, clause, shift);
  count(found, clause, statement, shift);
  reason(found, clause, statement, shift);
  object(found, clause, shift);
  drafts.push(...found.map((draft) => ({ ...draft, score: draft.score - (named ? 0.12 : 0.06) })));
}

/** "S V O": asks what S V; a clause with "que" is an object too. */
function object(drafts: Draft[], { subject, verb, rest }: Clause, from: number): void {
  const found =
    /^\s((?:le|la|les|un|une|des|plusieurs|son|sa|ses|leur|leurs|que|deux|trois|quatre|de\s(?:nombreux|nombreuses|grands|grandes))\s|l['’]|qu['’])/u.exec(
      rest,
    );
  if (
    found === null ||
    new RegExp(`^(?:${be})$`, 'u').test(verb) ||
    /(?:^|\s)(?:s['’]|se\s|été|devenu|devenue|allé|venu|resté|né|mort|arrivé|parti|passé|entré)/u.test(verb)
  )
    return;
  if (
    /^\s(?:le|la)\s(?:\d|lundi|mardi|jour|même jour|plupart)|^\s(?:les?|un)\s(?:années?|plus|jour|an|mois)/u.test(rest)
  )
    return;
  const length = trimmed(rest).trim().length;
  push(
    drafts,
    `Qu’${estCeQue(`${subject} ${verb}`)}`,
    'object',
    0.78 - (/^(?:Des|Un|Une)\s/u.test(subject) ? 0.08 : 0),
    from + subject.length + verb.length + 2,
    length,
  );
}

function lower(statement: string): string {
  return statement.replace(loweredHeads, (head) => head.toLowerCase());
}

function estCeQue(statement: string): string {
  const text = lower(statement.trim());
  const elided =
    /^(?:[aeiouyéèêàâîôûœ]|h(?!aut|éros|asard|ollandais|ongrois|uguenot|alle|ors|ambourg|arvard|ockey|ull))/iu.test(
      text,
    );
  return `est-ce ${elided ? 'qu’' : 'que '}${text}`;
}

/** The statement cut at its first later clause, so that the question stays one thought. */
function trimmed(text: string): string {
  const plain = text.replace(/\s*\([^()]*\)/gu, '').replace(/\s*\[[^\]]*\]/gu, '');
  const cuts = [
    ...plain.matchAll(
      /,\s(?:qui|que|dont|où|mais|et|ce qui|alors|puis|tandis|car|lequel|laquelle|notamment|ainsi|avant|après|puisque|bien|comme|soit|en|lorsque|pendant|malgré|avec|sans|suivi|\p{L}+ant\b)|\s;|\s:|;|,\s(?=\p{L}+(?:é|ée|és|ées)\s)/gu,
    ),
  ];
  const cut = cuts.find((match) => match.index > 25);
  return (cut === undefined ? plain : plain.slice(0, cut.index)).replace(/[,\s]+$/u, '');
}

function push(drafts: Draft[], question: string, rule: string, score: number, start: number, length: number): void {
  const tidy = question
    .replace(/\s*\([^()]*\)/gu, '')
    .replace(/\s*\[[^\]]*\]/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/\s,/gu, ',')
    .replace(/[,\s]+$/u, '')
    .trim();
  const count = tidy.split(' ').length;
  if (
    count < 4 ||
    count > 26 ||
    /^(?:Cette|Cet|Ces|Son|Sa|Ses|Leur|Leurs|Ce)\s/u.test(
      tidy.replace(/^.*?est-ce (?:que |qu’)/u, '').replace(/^./u, (letter) => letter.toUpperCase()),
    )
  )
    return;
  const commas = (tidy.match(/,/gu) ?? []).length;
  drafts.push({
    text: `${tidy}${mark}`,
    rule,
    score: score - Math.max(0, count - 13) * 0.02 - commas * 0.05,
    answer: { start, end: start + length },
  });
}

const datePattern = new RegExp(
  `(?:^|(?<=\\s))((?:En|en|Le|le|Au|au|Vers|vers|Dès|dès|Depuis|depuis|Jusqu['’]en|jusqu['’]en)\\s(?:(?:\\d{1,2}(?:er)?\\s)?(?:${months}\\s)\\d{3,4}|\\d{3,4}|(?:\\d{1,2}(?:er)?\\s)${months}))(?:\\s(av\\. J\\.-C\\.))?(?=[\\s,]|$)`,
  'gu',
);

function dates(drafts: Draft[], main: string, from: number, clause: Clause | null): void {
  for (const match of main.matchAll(datePattern)) {
    const phrase = match[0];
    const before = main.slice(0, match.index);
    const after = main.slice(match.index + phrase.length);
    if (/^\s(?:et|à|au|-)\s\d|^\s?[-–]/u.test(after) || /(?:entre|de|du|jusqu)\s$/u.test(before)) continue;
    const year = /^(?:en|jusqu['’]en|dès|vers|depuis)\s\d/iu.test(phrase);
    const opener = phrase.toLowerCase().startsWith('depuis')
      ? 'Depuis quand'
      : phrase.toLowerCase().startsWith('jusqu')
        ? 'Jusqu’à quand'
        : year && /^en/iu.test(phrase)
          ? 'En quelle année'
          : 'Quand';
    if (before === '') {
      const rest = after.replace(/^,?\s+/u, '');
      if (subjectAndVerb(rest.charAt(0).toUpperCase() + rest.slice(1)) === null) continue;
      push(drafts, `${opener} ${estCeQue(trimmed(rest))}`, 'date', 0.92, from, phrase.length);
    } else if (clause !== null && before.length >= clause.subject.length + clause.verb.length) {
      if (/,/u.test(before) || /(?:^|\s)(?:qui|que|dont|où|lorsque)\s|qu['’]/u.test(before)) continue;
      const tail = /^,/u.test(after) ? '' : trimmed(after);
      push(
        drafts,
        `${opener} ${estCeQue(trimmed(before.trimEnd()) + (tail === '' ? '' : ` ${tail.trim()}`))}`,
        'date',
        0.9,
        from + match.index,
        phrase.length,
      );
    }
    return;
  }
}

function isPerson(subject: string): boolean {
  return /^(?:[A-ZÀÉÈ][\p{L}.'’-]+)(?:\s(?:de|du|d['’]|von|van|la|le|[IVX]+|Ier|[A-ZÀÉÈ][\p{L}.'’-]*))+$/u.test(subject)
    ? !/^(?:Le|La|Les|L['’]|Un|Une|Des|Du|New|Saint|Mont|Grande|Parc|Notre|San|Los)/u.test(subject)
    : /^(?:Le|La|L['’])\s?(?:roi|reine|empereur|président|général|capitaine|peintre|compositeur|réalisateur|historien|pape|duc|comte|prince|princesse|ministre|professeur|évêque|écrivain|poète|architecte|philosophe)/u.test(
        subject,
      );
}

function subjectQuestion(drafts: Draft[], { subject, verb, rest }: Clause, from: number): void {
  const plural =
    /(?:ont|ent|sont|étaient|furent|aient)(?:\s|$)/u.test(verb) || /^(?:Les|Des|Plusieurs|Deux|Trois)\s/u.test(subject);
  const person = isPerson(subject);
  if (person && !plural)
    push(
      drafts,
      `Qui ${verb}${trimmed(rest)}`,
      'who',
      0.86 - (/^(?:est|était|fut)$/u.test(verb) ? 0.2 : 0),
      from,
      subject.length,
    );
  else if (
    !plural &&
    !/^(?:est|était|fut|a|ont)$/u.test(verb) &&
    /^(?:Le|La|L['’]|Cette|Ce)/u.test(subject) &&
    !/(?:\s(?:premier|première|second|seconde|dernier|dernière|seul|seule|plus)$|^Le reste)/u.test(subject)
  ) {
    push(drafts, `Qu’est-ce qui ${verb}${trimmed(rest)}`, 'what', 0.7, from, subject.length);
  }
}

function definition(drafts: Draft[], { subject, verb, rest }: Clause, from: number): void {
  if (!/^(?:est|était|fut|sont|étaient)$/u.test(verb) || !/^\s(?:un|une|le|la|l['’]|les|des)(?:\s|\p{L})/u.test(rest))
    return;
  if (
    /^(?:Un|Une|D['’]|De)(?:\s|\p{L})|(?:premi|second|dernier|seul|plus|autre|cause|but|raison|principal|exception|objectif|problème|résultat)/u.test(
      subject,
    )
  )
    return;
  const start = from + subject.length + 1 + verb.length + 1;
  const person = isPerson(subject);
  if (person) push(drafts, `Qui ${verb} ${subject}`, 'definition', 0.86, start, rest.trim().length);
  else if (verb === 'est' || verb === 'sont')
    push(drafts, `Qu’est-ce que ${lower(subject)}`, 'definition', 0.84, start, rest.trim().length);
  else push(drafts, `Que ${verb} ${lower(subject)}`, 'definition', 0.5, start, rest.trim().length);
}

function place(drafts: Draft[], clause: Clause, main: string, from: number): void {
  const found =
    /\s((?:à|au|aux|en|dans le|dans la|dans les|dans l['’])\s?(?:[A-ZÀÉ][\p{L}’'-]+)(?:\s(?:de|du|la|le|des)?\s?[A-ZÀÉ][\p{L}’'-]+)*)(?=$|[,;]|\s(?:en|le|au|par|pour|avec|où|et)\s)/u.exec(
      main,
    );
  if (found === null || found.index < clause.subject.length + clause.verb.length) return;
  const before = main.slice(0, found.index);
  if (/,|(?:^|\s)(?:qui|que|dont|où)\s|qu['’]/u.test(before)) return;
  if (
    !/(?:né|née|mort|morte|situé|située|naît|meurt|vit|installe|installé|installée|trouve|déroule|lieu|habite|retourne|rend|arrive|fonde|part|enterré|tourné|construit|étudie|réside|emménage|établi|déménage|organisé|présenté|joue|créé|créée|commence|tient|tenu|revient|basé)(?:\p{L}{0,4})(?:\s|$)/u.test(
      before,
    )
  )
    return;
  push(drafts, `Où ${estCeQue(before)}`, 'where', 0.84, from + found.index + 1, (found[1] ?? '').length);
}

function count(drafts: Draft[], clause: Clause, main: string, from: number): void {
  const found = new RegExp(
    `\\s((?:environ |près de |plus de |quelque )?(\\d{1,3}(?:[\\s\u00a0\u202f.]\\d{3})+|\\d+|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|douze|quinze|vingt|trente|cent|mille))\\s((?!${months}|siècle|ans? av|h\\b|%|sur\\b|dans\\b|pour\\b|par\\b|avec\\b|est\\b|et\\b|ou\\b|à\\b|ou |d['’])\\p{Ll}{3,}(?:s|x)?(?:\\s(?:d['’]|de\\s)\\p{Ll}+)?)(?=\\s|,|$)`,
    'u',
  ).exec(main);
  if (found === null) return;
  const start = found.index + 1;
  const object = clause.subject.length + 1 + clause.verb.length;
  const unit = found[3] ?? '';
  if (
    start > object + 22 ||
    start < object ||
    /,|(?:à|de|dans|pour|sur|en|avec|par|les|des|ses|ces|leurs|aux|entre)\s?$/u.test(
      main.slice(object, start).trimEnd(),
    )
  )
    return;
  const tail = main.slice(found.index + found[0].length);
  if (
    new RegExp(`${months}$`, 'u').test(main.slice(0, found.index)) ||
    /^\s(?!de|dans|sur|par|pour|à|en|au|aux|et|avec|lors|sous|des|du|le|la)\p{Ll}+(?:s|x)\b/u.test(tail)
  )
    return;
  const statement = main.slice(0, found.index) + trimmed(tail);
  const of = /^[aeiouéèêâîôûhœ]/iu.test(unit) && !/^héros/u.test(unit) ? 'd’' : 'de ';
  push(drafts, `Combien ${of}${unit} ${estCeQue(statement)}`, 'count', 0.86, from + start, (found[1] ?? '').length);
}

function reason(drafts: Draft[], { subject, verb }: Clause, main: string, from: number): void {
  const at = main.search(/,?\s(?:parce qu['’e]|car\s|en raison d|à cause d|afin d|grâce (?:à|au))/u);
  if (at < subject.length + verb.length + 4) return;
  const before = main.slice(0, at);
  if ((before.match(/,/gu) ?? []).length > 1) return;
  const cause = main.slice(at).replace(/^[,\s]+/u, '');
  push(drafts, `Pourquoi ${estCeQue(before)}`, 'reason', 0.85, from + main.length - cause.length, cause.length);
}
