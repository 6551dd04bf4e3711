const before = '(?<![\\p{L}\\p{M}])';
const after = '(?![\\p{L}\\p{M}])';
const questionWords =
  'क्या|क्यों|कौन|किस|किसे|किसने|किसका|किसकी|किसके|किसको|किससे|किसमें|किन|किन्हें|कब|कहाँ|कहां|कैसे|कितना|कितनी|कितने';
const whole = (words: string): RegExp => new RegExp(`${before}(?:${words})${after}`, 'u');

/** Question words that carry their case already, before another case. */
const misplaced = whole(
  '(?:किसे|किन्हें)\\s+(?:में|द्वारा|का|की|के|को|ने|से|पर)|(?:किसके|किनके|किसकी|किसका|किसमें|किससे|किसने)\\s+(?:में|का|के|की|को|ने|पर|से)',
);
/** A verb that ends a clause, with a question glued behind it. */
const glued = new RegExp(
  `${before}(?:हैं?|था|थे|थीं?|नहीं|(?:गया|गई|गए|रहे|रही|रहा)\\s+हैं?|रहीं)\\s+(?:${questionWords})\\s+(?:है|हैं|था|थे|थी)$`,
  'u',
);
/** -ने stands with a past of a transitive verb alone. */
const agentless = new RegExp(
  `${before}(?:किसने|किन्होंने)${after}(?:\\s+|.*(?:ता|ते|ती)\\s+)(?:है|हैं|था|थे|थी)$|${before}(?:किसने|किन्होंने)${after}.*(?:गए|गया|गई)$`,
  'u',
);
/** A genitive needs a noun behind it. */
const genitive = new RegExp(
  `${before}(?:किसके|किसकी|किसका)\\s+(?:है|हैं|था|थे|थी|नहीं|होता|होती|होते|\\S+ते\\s+हैं|\\S+ती\\s+हैं?|\\S+ता\\s+है)`,
  'u',
);
/** Two auxiliaries that no verb takes together: "हैं हैं", "था थी", "गया गई". */
const doubled = new RegExp(
  `${before}(?:(?:हैं?|था|थीं?|थे)\\s+(?:हैं?|था|थीं?|थे|गया|गई|गए)|(?:गया|गई|गए)\\s+(?:गया|गई|गए)|किया\\s+दिया)$`,
  'u',
);
/** A question word behind the whole clause: "… जाता है किसने", "… होगा क्या है". */
const behind = new RegExp(
  `${before}(?:हैं?|था|थीं?|थे|होगा|होगी|होंगे)\\s+(?:तो\\s+)?(?:किसने|किसे|किसका|कौन|क्या\\s+(?:हैं?|था|थी|थे))$`,
  'u',
);
/** Question words for time and place, and those for a kind, before what they can't take. */
const unjoined = new RegExp(
  `${before}(?:(?:कहाँ|कहां|कब)\\s+(?:में|को|ने)|कब\\s+\\p{N}+|कौन\\s+स[ाीे]\\s+(?:द्वारा|ने|को|में|से|का|की|के))${after}`,
  'u',
);
const questionWord = new RegExp(`${before}(?:${questionWords})${after}`, 'gu');

export function isBrokenHindi(text: string): boolean {
  if (
    (text.replace(/(?:और|तथा|व)\s+\S+/gu, ' ').match(questionWord) ?? []).filter(
      (word, at, all) => word !== all[at + 1],
    ).length > 1
  )
    return true;
  if (/[\u093e-\u094c]\u094d/u.test(text) || /^['"‘“]? |^(?:और|तथा|एवं) /u.test(text)) return true;
  if (doubled.test(text) || behind.test(text) || unjoined.test(text)) return true;
  return misplaced.test(text) || glued.test(text) || agentless.test(text) || genitive.test(text);
}

export function isVagueHindi(text: string): boolean {
  return text.split(' ').length < 4;
}
