import type { Draft, RuleSentence } from './types.ts';

/** Hindi: the answer's phrase is replaced where it stands, its case marker stays and fits the question word. */
const lead =
  /^(?:और|लेकिन|परन्तु|परंतु|किन्तु|किंतु|मगर|इसलिए|अतः|फिर|तब|तथा|एवं|इसके अलावा|हालाँकि|हालांकि|उदाहरण के लिए|इस प्रकार|यद्यपि|बल्कि|क्योंकि|कि|तो|साथ ही|अब|पर),?\s+/u;
const pronouns =
  /^(?:यह|वह|ये|वे|इस|उस|इन|उन|इसे|उसे|इसका|इसकी|इसके|उसका|उसकी|उसके|उनका|उनकी|उनके|इनका|इनकी|इनके|इसमें|उसमें|उन्होंने|इन्होंने|उसने|इसने|उन्हें|इन्हें|मैं|मैंने|हम|हमने|मेरा|मेरे|मेरी|हमारे|हमारी|आप|तुम|वहाँ|यहाँ|जो|जिस|जिसने|जिसके|जिसकी|जिसका|जिन|जहाँ|जब|जिसमें)(?=\s|$)/u;
const digits = '(?:[\\d०-९][\\d०-९,.]*)';
const numberWords =
  '(?:दो|तीन|चार|पाँच|पांच|छः|छह|सात|आठ|नौ|दस|ग्यारह|बारह|तेरह|चौदह|पंद्रह|पन्द्रह|सोलह|बीस|पच्चीस|तीस|चालीस|पचास|साठ|सत्तर|अस्सी|नब्बे|सौ)';
const scale = '(?:\\s(?:सौ|हजार|हज़ार|लाख|करोड़|अरब|मिलियन|बिलियन))*';
const months = '(?:जनवरी|फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|सितम्बर|अक्टूबर|अक्तूबर|नवंबर|नवम्बर|दिसंबर|दिसम्बर)';
const word = "[\\p{L}\\p{M}\\p{N}.‘’'-]+";
const places =
  '(?:नगर|पुर|गाँव|गांव|शहर|राज्य|देश|भारत|तहसील|जिले|ज़िले|प्रदेश|दिल्ली|मुंबई|बम्बई|कलकत्ता|कोलकाता|मद्रास|लंदन|लन्दन|इंग्लैंड|इंग्लैण्ड|अमेरिका|यूरोप|एशिया|चीन|जापान|बंगाल|बिहार|पंजाब|महाराष्ट्र|गुजरात|केरल|कर्नाटक|राजस्थान|जर्मनी|फ्रांस|फ्रांस|पेरिस|न्यूयॉर्क|विश्वविद्यालय|विद्यालय|कॉलेज|मंदिर|मन्दिर|संग्रहालय|बनारस|काशी|वाराणसी|इलाहाबाद|लखनऊ|कश्मीर|असम|पाकिस्तान|हिमालय|घाटी|द्वीप|प्रांत|क्षेत्र|आश्रम|अफ्रीका|रूस|आगरा|पटना|मैसूर|हैदराबाद|बंगलौर|पूना|पुणे|रोम|वारसॉ|कैलिफोर्निया|विक्टोरिया|ऑस्ट्रेलिया|वेनिस)';
const ending =
  /(?:^|\s)(?:है|हैं|था|थे|थी|थीं|हो|गया|गई|गए|गयी|गये|हुआ|हुई|हुए|किया|की|किए|किये|दिया|दी|दिए|दिये|रहा|रही|रहे|करता|करती|करते|होता|होती|होते|सका|सकी|सके|लिया|ली|लिए|लिये|कहा|बनाया|बनाई|बनाए|लगा|लगी|लगे|पाया|चला|आया|आई|आए|होगा|होगी|होंगे|[\p{L}\p{M}]{2,}(?:या|ता|ती|ते|यी|ये|ना|गा|गी|गे))$/u;

type Pattern = { rule: string; score: number; find: RegExp; ask: (match: RegExpExecArray) => string };

const patterns: Pattern[] = [
  {
    rule: 'date',
    score: 0.92,
    find: new RegExp(
      `(?<=^|\\s)(${digits}\\s${months}(?:,?\\s${digits})?|${months}\\s${digits})\\s(?:को|में)(?=\\s)`,
      'u',
    ),
    ask: () => 'कब',
  },
  {
    rule: 'year',
    score: 0.9,
    find: new RegExp(
      `(?<=^|\\s)((?:सन्?्?\\s|वर्ष\\s|ई\\.?\\s)?(?:1[0-9]{3}|20[0-9]{2}|१[०-९]{3}|२०[०-९]{2})(?:\\s?ई\\.?)?)\\sमें(?=\\s)`,
      'u',
    ),
    ask: () => 'कब',
  },
  {
    rule: 'money',
    score: 0.84,
    find: new RegExp(
      `(?<=^|\\s)((?:${digits}|${numberWords})${scale})(?=\\s(?:रुपए|रुपये|रूपये|रुपयों|रु|डॉलर|पौंड|प्रतिशत|किलोमीटर|मीटर|किलो|वर्षों|वर्ष|साल|घंटे|मिनट|दिन|दिनों|महीने|मील|एकड़|फुट|फीट|बार|लोग|लोगों|सदस्य|सदस्यों|व्यक्ति|घर|गाँव|छात्र|छात्रों|पुत्र|प्रकार|भाग|भागों)(?=\\s|$))`,
      'u',
    ),
    ask: () => 'कितने',
  },
  {
    rule: 'countFeminine',
    score: 0.82,
    find: new RegExp(
      `(?<=^|\\s)((?:${digits}|${numberWords})${scale})(?=\\s[\\p{L}\\p{M}]+(?:ियाँ|ियां|ियों|ाएँ|ाएं|ाओं|तें|टें|लें)(?=\\s))`,
      'u',
    ),
    ask: () => 'कितनी',
  },
  {
    rule: 'byAgent',
    score: 0.88,
    find: new RegExp(`(?<=^|, )((?:${word}\\s){1,4}?)(के\\s)?द्वारा(?=\\s)`, 'u'),
    ask: () => 'किसके द्वारा',
  },
  { rule: 'agent', score: 0.9, find: new RegExp(`(?<=^|, )((?:${word}\\s){1,4}?)ने(?=\\s)`, 'u'), ask: () => 'किसने' },
  {
    rule: 'place',
    score: 0.84,
    find: new RegExp(`(?<=^|\\s)((?:${word}\\s)?[\\p{L}\\p{M}]*${places})\\sमें(?=\\s)`, 'u'),
    ask: () => 'कहाँ',
  },
  {
    rule: 'called',
    score: 0.86,
    find: new RegExp(`(?<=को\\s|के रूप में\\s|इसे\\s|उन्हें\\s)((?:${word}\\s){1,3}?)(?=कहा जाता|कहते हैं|कहलात|के नाम से)`, 'u'),
    ask: (match) =>
      /नाम/u.test(match.input.slice(match.index + match[0].length, match.index + match[0].length + 9))
        ? 'किस '
        : 'क्या ',
  },
  {
    rule: 'quoted',
    score: 0.76,
    find: /[“‘"']([^”’"']{3,40})[”’"'](?=\s(?!में|को|से|का|के|की|पर|ने|तक))/u,
    ask: () => 'क्या',
  },
  {
    rule: 'whose',
    score: 0.74,
    find: new RegExp(
      `^((?:${word}\\s){1,3}?)(का|की|के)(?=\\s(?!लिए|बाद|साथ|कारण|द्वारा|अनुसार|पास|बीच|प्रति|समय|रूप|अलावा|पहले|बारे|ऊपर|नीचे|सामने|विरुद्ध|भीतर|अंदर|आधार|दौरान|अंतर्गत|माध्यम))`,
      'u',
    ),
    ask: (match) => `किस${match[2] ?? 'का'}`,
  },
  {
    rule: 'relation',
    score: 0.76,
    find: new RegExp(`^((?:${word}\\s){1,3}?)के\\s(लिए|साथ|कारण|अनुसार|बाद|पास|विरुद्ध|माध्यम से)(?=\\s)`, 'u'),
    ask: (match) => `किसके ${match[2] ?? 'लिए'}`,
  },
  {
    rule: 'marked',
    score: 0.72,
    find: new RegExp(`^((?:${word}\\s){1,3}?)(को|से|पर)(?=\\s)`, 'u'),
    ask: (match) => (match[2] === 'को' ? 'किसे' : match[2] === 'से' ? 'किससे' : 'किस पर'),
  },
  { rule: 'inside', score: 0.72, find: new RegExp(`^((?:${word}\\s){1,3}?)में(?=\\s)`, 'u'), ask: () => 'किसमें' },
  {
    rule: 'recipient',
    score: 0.74,
    find: new RegExp(`(?<=ने\\s)((?:${word}\\s){1,3}?)को(?=\\s)`, 'u'),
    ask: () => 'किसे',
  },
];

const postposition =
  /(?:^|\s)(?:में|से|को|पर|ने|तक|कि|और|था|है|हैं|थे|लिए|बाद|द्वारा|जो|जब|भी|ही|तो|साथ|अनुसार|कर|करके|होकर|करने|हुए|द्वारा|समय)(?=\s)/u;

/** The passage's subject: what stands before एक … है in its first sentence. */
export function hindiTopic(first: string): string | null {
  const found = new RegExp(`^((?:${word}\\s){1,4}?)(?:\\([^)]*\\)\\s)?(?:एक|का|की|के)\\s`, 'u').exec(first);
  const topic = found?.[1]?.trim() ?? null;
  return topic === null || pronouns.test(topic) || lead.test(`${topic} `) || postposition.test(` ${topic} `)
    ? null
    : topic;
}

/** Drafts for one Hindi sentence. */
export function hindiDrafts({ text }: RuleSentence): Draft[] {
  const drafts: Draft[] = [];
  const stripped = text.replace(/[।|.!?\s]+$/u, '');
  const from = lead.exec(stripped)?.[0].length ?? 0;
  for (const pattern of patterns) {
    const personal = /^(?:agent|byAgent|recipient|whose|relation|marked|inside|place)$/u.test(pattern.rule);
    const base = personal ? stripped.slice(from) : stripped;
    const match = pattern.find.exec(base);
    if (match === null) continue;
    const shift = stripped.length - base.length;
    const answer = (match[1] ?? match[0]).trim();
    if (
      personal &&
      (/^(?:प्रकार|तरह|समय|वर्ष|साल|दिन|बाद|दौरान|रूप|अंत|प्रारंभ|ऐसे|ऐसी|ऐसा|अनेक|एक|कुछ|कोई|सबसे|बहुत|अधिक|[\d०-९]+|न|नहीं|जैसे|केवल|आज|कल|विशेष|पहले)(?:\s|$)/u.test(
        answer,
      ) ||
        pronouns.test(answer) ||
        postposition.test(` ${answer} `) ||
        /[,;:]|(?:^|\s)(?:उन|इन|उस|इस|किसी|कई|सब|सभी|अपने|मैं|दोनों|लोगों)(?:\s|$)/u.test(answer))
    )
      continue;
    const start = shift + match.index;
    const end = start + match[0].length;
    if (
      personal &&
      /,\s$/u.test(stripped.slice(0, start)) &&
      !ending.test(stripped.slice(0, start).replace(/,\s$/u, ''))
    )
      continue;
    const window = clause(stripped, start, end, from);
    const question = stripped.slice(window.start, start) + pattern.ask(match) + stripped.slice(end, window.end);
    push(drafts, question, pattern.rule, pattern.score - window.cost, {
      start: start + match[0].indexOf(answer),
      end: start + match[0].indexOf(answer) + answer.length,
    });
  }
  reason(drafts, stripped, from);
  definition(drafts, stripped, from);
  return drafts;
}

function push(
  drafts: Draft[],
  question: string,
  rule: string,
  score: number,
  answer: { start: number; end: number },
): void {
  const tidy = question
    .replace(/\s*[([][^()[\]]*[)\]]/gu, '')
    .replace(/\s+([,;])/gu, '$1')
    .replace(/\s+/gu, ' ')
    .replace(/[,;:\s]+$/u, '')
    .trim();
  const count = tidy.split(' ').length;
  if (count < 4 || count > 26 || !/कब|कितन|किस|कहाँ|क्या|क्यों|कौन/u.test(tidy)) return;
  const cost = (ending.test(tidy) ? 0 : 0.3) + (pronouns.test(tidy) ? 0.35 : 0) + Math.max(0, count - 12) * 0.015;
  drafts.push({ text: `${tidy}?`, rule, score: score - cost, answer });
}

/** The clause with the answer: later clauses after a comma with a relative or a conjunction are left out. */
function clause(text: string, start: number, end: number, from: number): { start: number; end: number; cost: number } {
  let first = from;
  for (const match of text.matchAll(/\s?[,;]\s|\s(?:और|लेकिन|परन्तु|किन्तु|परंतु|किंतु|तथा|कि)\s/gu)) {
    const place = match.index + match[0].length;
    const before = text.slice(first, match.index);
    if (place <= start && place > first && ending.test(before)) first = place;
  }
  let last = text.length;
  const later =
    /\s?[,;]\s|\s(?:और|लेकिन|परन्तु|किन्तु|परंतु|किंतु|जिससे|जिसमें|जिसके|जिनका|जिसका|जिसे|जो|कि|क्योंकि|ताकि|जिनमें|जहाँ)\s/gu;
  later.lastIndex = end;
  for (const match of text.matchAll(later)) {
    if (match.index < end) continue;
    if (ending.test(text.slice(first, match.index)) && text.slice(first, match.index).split(' ').length >= 5) {
      last = match.index;
      break;
    }
  }
  return { start: first, end: last, cost: first === from ? 0 : 0.08 };
}

/** "A, क्योंकि B": asks why A; क्यों stands before the verb group. */
function reason(drafts: Draft[], text: string, from: number): void {
  const at = text.search(/[\s,]+(?:क्योंकि|चूँकि)\s/u);
  if (at < 12) return;
  const effect = text.slice(from, at).replace(/[\s,]+$/u, '');
  const verb = /(?:\s[\p{L}\p{M}]+)?\s(?:[\p{L}\p{M}]+(?:ता|ती|ते|या|ई|ए|ना)\s)?(?:है|हैं|था|थे|थी|थीं|गया|गई|गए)$/u.exec(
    effect,
  );
  const start = text.slice(at).search(/क्योंकि|चूँकि/u) + at;
  const question = verb === null ? `${effect} क्यों` : `${effect.slice(0, verb.index)} क्यों${verb[0]}`;
  push(drafts, question, 'reason', verb === null ? 0.5 : 0.84, { start: start + 8, end: text.length });
}

/** "X एक Y है": asks what X is. */
function definition(drafts: Draft[], text: string, from: number): void {
  const found = new RegExp(
    `^((?:${word}\\s){1,4}?)(?:\\([^)]*\\)\\s)?(एक\\s.{6,}?)\\s(है|हैं|था|थे|थी)(?=$|[\\s,])`,
    'u',
  ).exec(text.slice(from));
  if (found === null) return;
  const subject = (found[1] ?? '').trim();
  if (pronouns.test(subject) || postposition.test(` ${subject} `) || /(?:का|की|के)$/u.test(subject)) return;
  const start = from + text.slice(from).indexOf(found[2] ?? '');
  const person = /(?:नेता|कवि|लेखक|अभिनेता|गायक|खिलाड़ी|राजा|वैज्ञानिक|व्यक्ति|संत|चित्रकार|अभियंता|इंजीनियर)$/u.test(
    found[2] ?? '',
  );
  push(drafts, `${subject} ${person ? 'कौन' : 'क्या'} ${found[3] ?? 'है'}`, 'definition', 0.82, {
    start,
    end: start + (found[2] ?? '').length,
  });
}
