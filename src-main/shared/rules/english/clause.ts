import { baseOfPast, baseOfPresent, isAuxiliary, isPluralPresent } from './verbs.ts';

const pronouns =
  /^(?:he|she|it|they|we|i|you|this|these|those|that|there|one|some|many|most|others?|another|both|all|each|such|what|who|which|here|his|her|its|their|our|my|several|few|none|neither|either|much|more|no|not|if|when|while|although|though|because|since|as|after|before|until|unless|whether|where|despite|during|in|on|at|by|for|from|with|to|of|about|under|over|between|among|through|without|within|according|like|unlike|due|given|based|using|once|long|shortly|soon|even|only|just|rather|instead|other|following)$/iu;
/** Words of names that are no person's. */
export const organisation =
  /\b(?:University|College|School|Company|Corporation|Inc|Party|Army|Navy|Act|Church|Council|Committee|Commission|Union|Court|Museum|Institute|Association|League|Club|Bank|Treaty|War|Battle|River|Lake|Mountain|Island|Street|Park|Bridge|City|County|State|States|Republic|Empire|Kingdom|Dynasty|Parliament|Congress|Senate|Society|Group|Agency|Department|Center|Centre|Bowl|Festival|Hall|Theatre|Railway|Airport|Games|Cup|Series|Channel|News|Network|Records|Studios?|Doctor Who|Force|Rights|Law|House|Rhine|Forest|Valley|Coast|Sea|Ocean|Desert|Canyon|Plan|Movement|Protocol|Program|Project|Board|Station|Building|Tower|Square|Market|Theory|Conference|Assembly|Road|Avenue|Catechism|Hotel|Zoo|Stadium|Field|Hill|Castle|Palace|Gate|Port|Treasury|Prize|Award|Government|Police|Africa|America|Asia|Europe|England|France|Germany|China|California|Victoria|Warsaw|Kenya|Australia|Poland|Apollo|Newcastle|Jacksonville|Fresno|ABC|BBC|EU|UN|Yuan)\b/u;

/** A statement cut at its first finite verb. */
export type Clause = { subject: string; verb: string; rest: string; person: boolean; plural: boolean };

/** Cuts a clause at its first finite verb, or gives null where that is not sure. */
export function cutClause(text: string, topic: string | null): Clause | null {
  const tokens = text.split(' ');
  const limit = Math.min(tokens.length - 1, 10);
  let at = -1;
  for (let index = 1; index <= limit; index += 1) {
    const token = tokens[index] ?? '';
    if (
      /[,;:—–()"“”[\]]/u.test(tokens.slice(0, index).join(' ')) ||
      /^(?:that|which|who|whom|whose|where|when|if|because)$/u.test(token)
    )
      return null;
    if (isAuxiliary(token)) {
      at = index;
      break;
    }
    const plural =
      isPluralPresent(token) &&
      /[^s’']s$|^(?:people|men|women|children)$/u.test(tokens[index - 1] ?? '') &&
      /^\p{Ll}/u.test(tokens[index - 1] ?? '');
    const lexical = baseOfPast(token) ?? baseOfPresent(token) ?? (plural ? token : null);
    if (
      lexical === null ||
      /^(?:the|a|an|of|and|or|in|by|to|his|its|their|most|more|very|newly|so-called|well|highly)$/iu.test(
        tokens[index - 1] ?? '',
      )
    )
      continue;
    if (isReduced(tokens, index)) continue;
    at = index;
    break;
  }
  if (at < 1) return null;
  let subject = tokens.slice(0, at).join(' ');
  const adverb =
    /\s(?:also|then|later|first|soon|often|usually|never|always|still|now|only|originally|initially|eventually|finally|subsequently|generally|currently|typically|further|even|both|all|quickly|successfully|officially|reportedly|sometimes|largely|mainly|\p{Ll}{3,}ly)$/u.exec(
      subject,
    );
  if (adverb !== null) subject = subject.slice(0, adverb.index);
  const first = tokens[0] ?? '';
  const rest = tokens.slice(at + 1).join(' ');
  // "it was announced that": nothing that "it" stands for.
  if (/^it$/iu.test(subject) && /^(?:\p{Ll}+\s){0,3}?(?:that|to|how|whether)\s/u.test(rest)) return null;
  if (/^(?:he|she|it|they)$/iu.test(subject) && topic !== null) {
    const clause = { subject: topic, verb: tokens[at] ?? '', rest };
    return { ...clause, ...subjectKind(topic, clause.verb) };
  }
  if (
    pronouns.test(first) ||
    !/^[\p{Lu}]|^the /u.test(subject) ||
    /\b(?:of|in|and|or|by|to|the|a|for|with|as|from|on|at|not|than|also|were|was)$/iu.test(subject)
  )
    return null;
  if (/\b(?:and|or)\b/u.test(subject) && /(?:^|\s)(?:was|is|has)$/u.test(` ${tokens[at] ?? ''}`)) return null;
  if (/ing$/u.test(first) && !/^(?:King|Beijing|Ming|Spring)$/u.test(first)) return null;
  return { subject, verb: tokens[at] ?? '', rest, ...subjectKind(subject, tokens[at] ?? '') };
}

/** "the firm founded in 1900 was": a past form that another finite verb follows in the same clause. */
function isReduced(tokens: readonly string[], index: number): boolean {
  const joined = /^(?:for|by|at|as|from)$/u.test(tokens[index + 1] ?? '');
  for (let next = index + 1; next < Math.min(tokens.length, index + 14); next += 1) {
    const token = tokens[next] ?? '';
    const opens = /^(?:and|but|that|which|who|when|while|where|as|because|what|how|if|to|until|after|before|than)$/u;
    if ((opens.test(token) && !(joined && token === 'and')) || /[,;:.]$/u.test(tokens[next - 1] ?? '')) return false;
    if (/^(?:is|are|was|were|has|have|had|can|could|will|would|may|must)$/u.test(token)) return true;
  }
  return false;
}

/** Whether a subject is a person (or a group of people), and whether it is plural. */
export function subjectKind(subject: string, verb: string): { person: boolean; plural: boolean } {
  const name =
    !/['’]s\s/u.test(subject) &&
    /^(?:[A-Z][\p{L}.'’-]+)(?:\s(?:of|de|von|van|al|the|[IVX]+|[A-Z][\p{L}.'’-]*))+$/u.test(subject) &&
    !/^(?:The|A|An|In|New|San|Saint|Los|North|South|East|West|Super|World|Great|Old|Mount|Islamic|European|French|British|American|German)\b/u.test(
      subject,
    );
  const described =
    /\s(?:engineer|physicist|chemist|mathematician|philosopher|poet|painter|composer|architect|inventor|scientist|explorer|astronaut|cosmonaut|missionary|general|king|queen|emperor|president|actor|actress|writer|author|historian|economist|botanist|astronomer|physician|surgeon|director|producer|player|coach|singer)\s\p{Lu}\p{L}+(?:\s\p{Lu}[\p{L}.]*)*$/u.test(
      subject,
    );
  const title =
    /^(?:The )?(?:President|King|Queen|Emperor|General|Pope|Prince|Princess|Governor|Professor|Captain|Major|Colonel|Bishop|Sir|Lord|Dr\.|Mr\.|Mrs\.)\b/u.test(
      subject,
    );
  const personVerb =
    /^(?:wrote|said|argued|believed|died|married|thought|told|taught|studied|graduated|invented|visited|worked|met|suggested|claimed|recommended|asked|refused|noted|stated|discovered|decided)$/u.test(
      verb,
    );
  const plural =
    /^(?:are|were|have)$/u.test(verb) ||
    (/\b(?:and)\b/u.test(subject) && !name) ||
    (/[^s]s$/u.test(subject.split(/\s(?:of|in|from|for|on|at|to|with)\s/u)[0] ?? '') &&
      !/^(?:is|was|has)$/u.test(verb) &&
      !name);
  const single = /^[A-Z][\p{L}'’-]+$/u.test(subject) && personVerb && !organisation.test(subject);
  const group =
    /^(?:The )?(?:\p{L}+\s){0,2}(?:committee|government|council|army|members|people|scientists|chemists|researchers|engineers|scholars|historians|critics|students|crew|astronauts|engineer|scientist|researcher|author|fans|players|voters|members|residents|inhabitants|protesters|rebels|settlers|missionaries|emperors|kings|popes|bishops|doctors|physicians|teacher|student|president|governor|minister|parliament|family|father|mother|brother|sister|son|daughter|wife|husband|boy|girl|man|woman|men|women|children|child|narrator|coach|quarterback|director|producer|writer|writers|artist|artists|composer|architect|architects|inventor|founder|pope|prince|princess|duke|commander|general|captain|soldier|farmers|farmer|merchants|tribes|people|citizens|individuals|users|patients|patient|pharmacists|pharmacist|critic|journalist|journalists|miller|millers|smiths|burners|sailors|traders|monks|nuns|weavers|potter|potters|teachers|workers|colonists|settlers|soldiers|troops|leaders|officials|police|Huguenots|Mongols|Normans|British|French|Germans|Romans|Swedes|king|queen|emperor|author|authors|players|team|judge|judges|court)$/u.test(
      subject,
    );
  return { person: ((name || title || described) && !organisation.test(subject)) || single || group, plural };
}
