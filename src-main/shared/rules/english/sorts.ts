const sorts =
  /^(?:river|city|town|village|company|university|school|college|team|war|battle|treaty|act|law|program|book|film|song|album|party|court|country|state|agency|system|theory|method|disease|language|church|museum|building|island|bridge|organization|organisation|network|studio|series|show|club|league|region|province|empire|kingdom|dynasty|army|fleet|ship|aircraft|spacecraft|rocket|mission|project|committee|council|parliament|institute|hospital|airport|station|railway|theatre|stadium|park|lake|mountain|valley|desert|forest|species|animal|plant|element|gas|acid|protein|cell|organ|process|industry|newspaper|magazine|award|prize|festival|game|sport|religion|movement|protocol|algorithm|problem|class|group|commission|directive|constitution|amendment|rule|tax|bank|currency|market|century|event|epidemic|plague|earthquake|storm|fire|canal|road|street|square|tower|castle|palace|temple|tribe|nation|culture|style|channel|engine|machine|device|department|division|unit|force|policy|report|study|survey|census|campaign|strike|revolution|rebellion|conference|agreement|merger|drought|population|library|gallery|exhibition|collection)$/iu;

/** "Which treaty": the noun of a subject that says what sort of thing it is, or null. */
export function sortOf(subject: string): string | null {
  const head = (
    subject.split(/\s(?:of|in|for|on|at|to|with|from|between|about|against|known|called|led|by|used)\s/u)[0] ?? ''
  ).split(' ');
  const noun = head.at(-1) ?? '';
  const first = head[0] ?? '';
  const modified = subject.split(' ').length > 2 || (head.length > 1 && !/^(?:The|This|His|Its)$/u.test(first));
  return modified && sorts.test(noun) ? noun.toLowerCase() : null;
}
