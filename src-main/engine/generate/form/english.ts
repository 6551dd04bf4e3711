import { baseOfPast, baseOfPresent } from '../../../shared/rules/english/verbs.ts';

const be = /^(?:is|are|was|were)$/u;
const auxiliary =
  /^(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|may|might|must)(?:n[’']t)?$/u;
/** What may stand between two finite verbs of one question. */
const joins =
  /^(?:that|who|which|what|when|where|whose|whom|because|if|while|and|but|or|how|why|as|after|before|since|until|than|though|although)$/u;
/** Pasts that are no participles too. */
const pastOnly =
  /^(?:began|went|took|gave|wrote|drove|flew|rose|became|saw|knew|grew|broke|chose|fell|sang|spoke|came|ran|threw|drew|ate|swam|sank|rode|shook|stole|wore|forgot|withdrew|overcame|arose|froze|hid|sprang|undertook|overthrew|foresaw|did)$/u;
/** Third persons that are seldom plural nouns. */
const nounToo =
  /^(?:is|has|does|states|plans|works|claims|forms|shows|plays|uses|ends|leads|means|supports|acts|controls|covers|causes|offers|needs|helps|holds|lives|features|runs|reaches|finds|sees|hosts|ranks|converts|accounts|stands|reflects|binds|functions|follows|goes|comes|makes|keeps|lies|contributes)$/u;
/** Before a word in -ed or a past these make it an adjective or a participle. */
const beforeParticiple =
  /^(?:the|a|an|be|been|being|is|are|was|were|get|gets|got|have|had|has|having|its|his|her|their|most|more|newly|some|many|all|of|by|to|in|for|on|or|and)$/u;
const manyWithoutS =
  /^(?:people|men|women|children|percent|fish|species|sheep|deer|teeth|feet|mice|police|staff|more|other|different|aircraft|of|million|billion|thousand|hundred|square|kilometers|media|data|bacteria|phenomena|criteria|series|spacecraft|troops|personnel|alumni)$/u;

export function isBrokenEnglish(text: string): boolean {
  const words = text.toLowerCase().match(/[\p{L}\p{N}’'%-]+|,/gu) ?? [];
  const [first = '', second = ''] = words;
  if (words.some((word, at) => word === words[at + 1] && !/^(?:had|that|very|,)$/u.test(word))) return true;
  if (/(?:^|\s)(?:the|an?|of|and|or|than|its|their|his|her|my|our|be)$/iu.test(text)) return true;
  if (/^(?:when|where|why)$/u.test(first) && !auxiliary.test(second) && second !== 'not') return true;
  const many = words.findIndex((word, at) => word === 'many' && words[at - 1] === 'how');
  const counted = words.slice(many + 1, many + 4);
  if (
    many >= 0 &&
    !auxiliary.test(counted[0] ?? '') &&
    !counted.some((word) => (/[^s]s$/u.test(word) && !auxiliary.test(word)) || manyWithoutS.test(word))
  )
    return true;
  const helper = words.slice(0, 7).findIndex((word) => auxiliary.test(word));
  if (helper < 0) return false;
  const clause = words.slice(helper + 1);
  const join = clause.findIndex((word) => joins.test(word));
  const rest = join < 0 ? clause : clause.slice(0, join);
  return be.test(words[helper] ?? '') ? isBrokenAfterBe(first, rest) : isBrokenAfterDo(words[helper] ?? '', rest);
}

function isBrokenAfterBe(first: string, rest: readonly string[]): boolean {
  if (!rest.includes(',') && rest.some((word) => be.test(word))) return true;
  if (!/^(?:when|where|why|how)$/u.test(first)) return false;
  if (rest.some((word, at) => at > 0 && pastOnly.test(word))) return true;
  // "was the university experienced its share": a passive takes no object of its own.
  return rest.some(
    (word, at) =>
      /ed$/u.test(word) &&
      !/^(?:award|grant|ask|allow|offer|deni|based|call|need)/u.test(word) &&
      /^(?:its|his|her|their)$/u.test(rest[at + 1] ?? ''),
  );
}

function isBrokenAfterDo(helper: string, rest: readonly string[]): boolean {
  if (!/^(?:do|does|did)/u.test(helper) || rest.includes(',')) return false;
  return rest.some((word, at) => {
    if (at === 0 || beforeParticiple.test(rest[at - 1] ?? '')) return false;
    if (baseOfPresent(word) !== null && !nounToo.test(word)) return true;
    return (
      baseOfPast(word) !== null &&
      !/^(?:by|as|in|on|at|from|under|after|to)$/u.test(rest[at + 1] ?? '') &&
      word !== 'found'
    );
  });
}

export function isVagueEnglish(text: string): boolean {
  // "What party is governed by the Labor Party?" asks in a circle, unless the noun is what the question defines.
  if (/^(?:what|which) (\p{L}{4,}) (?!(?:is|was) the )(?:.* )?\1(?: |$)/iu.test(text)) return true;
  if (/^what (?:is|was|are|were) the names? of\b/iu.test(text)) return true;
  // "When was the church?": something must have happened to it.
  return (
    /^when (?:is|are|was|were)\b/iu.test(text) &&
    !/(?:ed|en|ing|wn|ought|aught|ilt|eld|ade|aid|ent|orn|ead|ost|old|[lm]et|een|und|ung|one|ven|ut|won|war|battle|birth|death|election|born|first|last|available|active|able|over)\b/iu.test(
      text.slice(9),
    )
  );
}
