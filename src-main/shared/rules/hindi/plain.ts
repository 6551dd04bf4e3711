import { sentenceAnswers } from '../../spans/propose.ts';
import type { HindiClause } from './clause.ts';
import { stops, notNoun, phraseBefore, textOf, verbStart, month, type Asked } from './phrase.ts';
import { agreeWithWhat, demonstrative, feminine, isPerfective, personHead, pointing, relation } from './words.ts';

/** Dates and years: कब takes the place of the phrase with its marker. */
export function times(text: string, clause: HindiClause): Asked[] {
  const part = text.slice(clause.start, clause.end);
  return sentenceAnswers(part, 'hi').flatMap((span) => {
    if (span.kind !== 'time') return [];
    const after = /^\s?(?:ई\.?\s?)?(?:\s(?:में|को|से|तक|के\sआसपास))(?=\s)/u.exec(part.slice(span.end));
    const before = part.slice(0, span.start);
    if (after !== null && /^\s(?:[\d०-९]|,|ही|भी|तो|हुए|हुई|लेकर|के|की|का)\s/u.test(part.slice(span.end + after[0].length)))
      return [];
    if (after === null || /(?:से|और|या|-|तथा)\s?$/u.test(before)) return [];
    const kept = /(से|तक)$/u.exec(after[0].trim())?.[1];
    const end = clause.start + span.end + after[0].length;
    if (end >= clause.end) return [];
    const from = /(?:^|\s)(?:सन्?|वर्ष|ई)\s?$/u.exec(before);
    const start = clause.start + span.start - (from?.[0].trimStart().length ?? 0);
    return [
      {
        start,
        end,
        asked: kept === undefined ? 'कब' : `कब ${kept}`,
        answer: { start: clause.start + span.start, end: clause.start + span.end },
        rule: 'date',
        score: 0.92,
      },
    ];
  });
}

/** Numbers before a noun: कितने or कितनी after the noun's gender. */
export function counts(text: string, clause: HindiClause): Asked[] {
  const part = text.slice(clause.start, clause.end);
  return sentenceAnswers(part, 'hi').flatMap((span) => {
    if (span.kind !== 'number') return [];
    const words = part.slice(span.end).trim().split(' ');
    const noun = words[0] ?? '';
    const before = part.slice(0, span.start).trim().split(' ').at(-1) ?? '';
    if (
      !/^[\p{L}]/u.test(noun) ||
      stops.has(noun) ||
      /^(?:विशेष|आदि|तारीख|बजे|लेकर|वर्षीय|वीं|वें|गुना|ओर)$/u.test(noun) ||
      /^(?:से|या|और|धारा|अनुच्छेद|संख्या|क्रमांक|पृ|लेकर|पिछले|अगले|अन्तिम|अंतिम|पहले|प्रथम|दो|तीन|चार|पाँच|पांच|इन|उन|[\d०-९].*|.*[-/,])$/u.test(
        before,
      )
    )
      return [];
    if (month.test(noun)) return [];
    const end = clause.start + span.end;
    if (end >= clause.end) return [];
    // "चार बोरे एक रूपए दो आने", "n2 + 1 रूप": no amount of what follows.
    if (
      /^(?:रूप|आने|डी|बीपी|ई|बजे)$/u.test(noun) ||
      /[+=/-]\s?$/u.test(part.slice(0, span.start)) ||
      /^(?:दर्ज|हुई|हुए|थी|थे)$/u.test(noun)
    )
      return [];
    if (words[1] === 'से' && /^[\d०-९]/u.test(words[2] ?? '')) return [];
    const oblique = /^(?:में|पर|से|को|के|का|की|तक)$/u.test(words[1] ?? '');
    return [
      {
        start: clause.start + span.start,
        end,
        asked: feminine.test(noun) ? 'कितनी' : 'कितने',
        answer: { start: clause.start + span.start, end },
        rule: 'count',
        score: oblique ? 0.78 : 0.86,
      },
    ];
  });
}

/** "धीमी गति से", "निजी तौर पर": कैसे. */
export function manner({ tokens }: HindiClause): Asked[] {
  return tokens.flatMap((token, index) => {
    const head = tokens[index - 1]?.text ?? '';
    if (!/^(?:से|पर)$/u.test(token.text) || !/^(?:रूप|ढंग|तरीके|गति|प्रकार|तौर)$/u.test(head)) return [];
    const first = tokens[index - 2];
    const wider = tokens[index - 3]?.text ?? '';
    if (
      first === undefined ||
      stops.has(first.text) ||
      demonstrative.has(first.text) ||
      /^(?:सामान्य|विशेष|मुख्य|इस|समान|किसी|आम|पूर्ण|अपने|अपनी)$/u.test(first.text)
    )
      return [];
    if (/^(?:बहुत|अत्यन्त|अत्यंत|अधिक|के|की|और)$/u.test(wider) || index >= tokens.length - 2 || index < 4) return [];
    return [
      {
        start: first.start,
        end: token.end,
        asked: 'कैसे',
        answer: { start: first.start, end: token.end },
        rule: 'manner',
        score: 0.76,
      },
    ];
  });
}

/** "X ने Y बनाया था": asks for the object, which has no marker; the verb then agrees with क्या. */
export function object(clause: HindiClause): Asked[] {
  const { tokens } = clause;
  const agent = tokens.findIndex((token) => token.text === 'ने');
  if (agent < 1 || /^(?:ही|भी)$/u.test(tokens[agent + 1]?.text ?? '')) return [];
  const verb = verbStart(tokens);
  const phrase = phraseBefore(tokens, verb);
  const main = tokens[verb]?.text ?? '';
  if (phrase === null || phrase.first <= agent || !isPerfective(main)) return [];
  const start = tokens[phrase.first];
  const last = tokens[verb - 1];
  const rest = tokens.slice(verb);
  const words = textOf(tokens, phrase.first, verb);
  if (start === undefined || last === undefined || verb - phrase.first > 7) return [];
  if (
    /(?:^|\s)(?:नहीं|न|भी|ही)(?:\s|$)/u.test(words) ||
    words.split(' ').some((word) => pointing.has(word) || demonstrative.has(word))
  )
    return [];
  if (/(?:कर|करके|होकर)$/u.test(last.text)) return [];
  // "विवाह किया", "आरंभ कर दिया": the noun is half of the verb, and क्या asks for the deed.
  const light = /^(?:किया|की|किए|किये|कर|दिया|दी|दिए|लिया|ली|लिए|हुआ)$/u.test(main);
  if (light && verb - phrase.first < 2) return [];
  if (/^(?:और|या|तथा|एवं|,)$/u.test(tokens[phrase.first - 1]?.text ?? '')) return [];
  return [
    {
      start: start.start,
      end: last.end,
      asked: 'क्या',
      tail: rest.map((token) => agreeWithWhat(token.text)).join(' '),
      answer: { start: start.start, end: last.end },
      rule: 'object',
      score: light ? 0.7 : 0.82,
    },
  ];
}

/** "X में Y पढाया जाता था": asks for Y, which has no marker. */
export function passive({ tokens }: HindiClause): Asked[] {
  const verb = tokens.findIndex(
    (token, at) =>
      isPerfective(token.text) &&
      /^(?:जाता|जाती|जाते|गया|गई|गए|गयी|गये)$/u.test(tokens[at + 1]?.text ?? '') &&
      at >= tokens.length - 4,
  );
  const main = tokens[verb]?.text ?? '';
  if (verb < 2 || /^(?:किया|की|किए|किये|दिया|दी|दिए|कहा|माना|लिया|ली|हो|रखा|देखा|जाना|बनाया)$/u.test(main)) return [];
  const phrase = phraseBefore(tokens, verb);
  const start = tokens[phrase?.first ?? -1];
  const last = tokens[verb - 1];
  const before = tokens[(phrase?.first ?? 0) - 1]?.text ?? '';
  if (
    phrase === null ||
    start === undefined ||
    last === undefined ||
    !/^(?:में|पर|से|को|द्वारा|लिए|लिये|साथ|समय)$/u.test(before)
  )
    return [];
  if (
    notNoun.test(last.text) ||
    /(?:ित|पूर्वक|तः)$/u.test(last.text) ||
    tokens.slice(phrase.first, verb).some((token) => notNoun.test(token.text))
  )
    return [];
  return [
    {
      start: start.start,
      end: last.end,
      asked: 'क्या',
      tail: tokens
        .slice(verb)
        .map((token) => agreeWithWhat(token.text))
        .join(' '),
      answer: { start: start.start, end: last.end },
      rule: 'passive',
      score: 0.78,
    },
  ];
}

/** "X में Y है": asks what there is; only where nothing else stands in the clause. */
export function existence({ tokens }: HindiClause): Asked[] {
  const marker = tokens.findIndex((token) => /^(?:में|पर|पास)$/u.test(token.text));
  const verb = verbStart(tokens);
  const last = tokens[verb - 1];
  const start = tokens[marker + 1];
  if (marker < 1 || marker > 6 || start === undefined || last === undefined || verb - marker < 3 || verb - marker > 7)
    return [];
  if (!/^(?:है|हैं|था|थे|थी|थीं|होता|होती|होते|मिलता|मिलती|मिलते)$/u.test(tokens[verb]?.text ?? '')) return [];
  const words = tokens.slice(marker + 1, verb).map((token) => token.text);
  if (words.some((word) => stops.has(word) && !/^(?:का|की|के|और|या|तथा|एवं)$/u.test(word))) return [];
  if (
    words.some((word) => notNoun.test(word) && word !== 'एक') ||
    /(?:ित|नीय|पूर्ण|वान|हीन|आवश्यक|अनिवार्य|उपलब्ध|संभव|सम्भव|मौजूद|शामिल|समान|बराबर|प्रसिद्ध|समर्थ|असमर्थ|उचित|अधिक|कम|नहीं|हुआ|हुई|सहायक)$/u.test(
      last.text,
    )
  )
    return [];
  const subject = tokens.slice(0, marker).map((token) => token.text);
  if (/(?:ने|ना)$/u.test(subject.at(-1) ?? '')) return [];
  if (
    subject.some((word) => notNoun.test(word) || demonstrative.has(word) || pointing.has(word) || /^[,;]$/u.test(word))
  )
    return [];
  return [
    {
      start: start.start,
      end: last.end,
      asked: 'क्या',
      tail: tokens
        .slice(verb)
        .map((token) => agreeWithWhat(token.text))
        .join(' '),
      answer: { start: start.start, end: last.end },
      rule: 'existence',
      score: 0.7,
    },
  ];
}

/** "X को Y कहा जाता है": asks for the name. */
export function called({ tokens }: HindiClause): Asked[] {
  const at = tokens.findIndex(
    (token, index) => /^(?:कहा|कहते|कहलाता|कहलाती|कहलाते)$/u.test(token.text) && index > 2 && index >= tokens.length - 3,
  );
  const marker = tokens
    .slice(0, Math.max(0, at))
    .map((token) => token.text)
    .lastIndexOf('को');
  const start = tokens[marker + 1];
  const last = tokens[at - 1];
  if (at < 0 || marker < 1 || start === undefined || last === undefined || at - marker > 5 || at - marker < 2)
    return [];
  return [
    {
      start: start.start,
      end: last.end,
      asked: 'क्या',
      answer: { start: start.start, end: last.end },
      rule: 'called',
      score: 0.9,
    },
  ];
}

/** "X का उपयोग Y करने के लिए किया जाता है": asks what it is used for. */
export function purpose({ tokens }: HindiClause): Asked[] {
  const use = tokens.findIndex(
    (token, at) => /^(?:उपयोग|प्रयोग|इस्तेमाल)$/u.test(token.text) && tokens[at - 1]?.text === 'का' && at > 1,
  );
  const mark = tokens.findIndex(
    (token, at) => at > use + 1 && token.text === 'के' && /^(?:लिए|लिये)$/u.test(tokens[at + 1]?.text ?? ''),
  );
  const start = tokens[use + 1];
  const last = tokens[mark - 1];
  const end = tokens[mark + 1];
  if (
    use < 0 ||
    mark < 0 ||
    start === undefined ||
    last === undefined ||
    end === undefined ||
    mark + 2 >= tokens.length
  )
    return [];
  return [
    {
      start: start.start,
      end: end.end,
      asked: 'किसलिए',
      answer: { start: start.start, end: last.end },
      rule: 'purpose',
      score: 0.86,
    },
  ];
}

/** "X एक Y है": asks what or who X is. */
export function definition(clause: HindiClause): Asked[] {
  const { tokens } = clause;
  const at = tokens.findIndex((token) => token.text === 'एक');
  const verb = tokens.at(-1);
  if (at < 1 || at > 5 || verb === undefined || !/^(?:है|हैं|था|थे|थी)$/u.test(verb.text)) return [];
  const last = tokens[tokens.length - 2];
  const first = tokens[at];
  const subject = tokens.slice(0, at).map((token) => token.text);
  if (last === undefined || first === undefined || tokens.length - at < 4) return [];
  if (
    subject.some(
      (word) =>
        stops.has(word) ||
        relation.has(word) ||
        notNoun.test(word) ||
        demonstrative.has(word) ||
        !/^[\p{L}\p{N}]/u.test(word),
    )
  )
    return [];
  if (
    /^(?:से|में|को|पर)$|(?:ता|ती|ते|ना|कर|या|ी)$/u.test(last.text) ||
    tokens.slice(at).some((token) => /^(?:ने|गया|जाता)$/u.test(token.text))
  )
    return [];
  const person = personHead.test(last.text) || /(?:कार|वादी|शास्त्री|पति|विद्|विज्ञानी|अभिनेत्री)$/u.test(last.text);
  return [
    {
      start: first.start,
      end: last.end,
      asked: person ? 'कौन' : 'क्या',
      answer: { start: first.start, end: last.end },
      rule: 'definition',
      score: 0.84,
    },
  ];
}

/** "X ने कहा कि Y" asks what X said; "X यह है कि Y" asks what X is; "X, क्योंकि Y" asks why. */
export function sequels(clause: HindiClause): Asked[] {
  const { tokens, content, cause } = clause;
  const last = tokens.at(-1);
  if (last === undefined) return [];
  const verb = verbStart(tokens);
  const main = tokens[verb];
  if (main === undefined) return [];
  if (cause !== null && tokens.length >= 5) {
    const noun =
      verb > 1 &&
      !stops.has(tokens[verb - 1]?.text ?? '') &&
      !relation.has(tokens[verb - 1]?.text ?? '') &&
      /^(?:किया|करता|करते|करती|कर|हुआ|हुई|होता|है|हैं|था|थी|थे)$/u.test(main.text)
        ? verb - 1
        : verb;
    const place = tokens[noun];
    if (place !== undefined && !tokens.some((token) => token.text === 'इसलिए'))
      return [{ start: place.start, end: place.start, asked: 'क्यों', answer: cause, rule: 'reason', score: 0.88 }];
  }
  if (content === null || tokens.some((token) => token.text === 'क्या')) return [];
  if (tokens.some((token) => /^(?:भी|यही|ही)$/u.test(token.text))) return [];
  const shown = tokens.findIndex((token) => token.text === 'यह');
  const before = tokens[shown - 1];
  const tail = tokens[shown];
  if (shown > 2 && tail !== undefined && before !== undefined && shown >= tokens.length - 4)
    return [{ start: tail.start, end: tail.end, asked: 'क्या', answer: content, rule: 'content', score: 0.86 }];
  const said = /^(?:कहा|लिखा|बताया|माना|पूछा|सोचा|पाया|देखा|सुझाया|तर्क|घोषित|कहते|मानते|बताते|कहता|मानता|लिखते)$/u;
  if (!said.test(main.text) || !tokens.some((token) => token.text === 'ने' || /ते$/u.test(token.text))) return [];
  return [{ start: main.start, end: main.start, asked: 'क्या', answer: content, rule: 'content', score: 0.84 }];
}
