import { matchPatterns, tokensOf, type Token } from './patterns.ts';
import type { AnswerKind, FoundSpan, SpanPattern } from './types.ts';

const digits = '[\\d०-९][\\d०-९,.]*(?:\\s?,\\s?[\\d०-९]{2,3}(?![\\d०-९]))*';
const numberWord =
  '(?:दो|तीन|चार|पाँच|पांच|छः|छह|सात|आठ|नौ|दस|ग्यारह|बारह|तेरह|चौदह|पंद्रह|पन्द्रह|सोलह|सत्रह|अठारह|बीस|पच्चीस|तीस|चालीस|पचास|साठ|सत्तर|अस्सी|नब्बे|सौ)';
const scale = '(?:\\s(?:सौ|हजार|हज़ार|लाख|करोड़|अरब|मिलियन|बिलियन|प्रतिशत))*';
const months = '(?:जनवरी|फरवरी|फ़रवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|सितम्बर|अक्टूबर|अक्तूबर|नवंबर|नवम्बर|दिसंबर|दिसम्बर)';
const letter = '[\\p{L}\\p{M}]';

const patterns: SpanPattern[] = [
  {
    kind: 'time',
    score: 0.9,
    find: new RegExp(
      `(?<![\\p{L}\\p{M}])(?:${digits}\\s${months}(?:\\s?,?\\s?${digits})?|${months}\\s?,?\\s${digits}(?:\\s?,\\s?${digits})?|(?:सन्?|वर्ष|ई\\.?)\\s${digits}|(?<![\\d०-९,.])(?:1[0-9]{3}|20[0-2][0-9]|१[०-९]{3}|२०[०-९]{2})(?=\\s(?:में|से|तक|के|ई))|${digits}(?:वीं|वी)\\s(?:शताब्दी|सदी))`,
      'gud',
    ),
  },
  {
    kind: 'number',
    score: 0.84,
    find: new RegExp(
      `(?<!${letter})(?:(?:लगभग|करीब|तकरीबन)\\s)?(?:${digits}|${numberWord})(?!वी|वें)${scale}(?=\\s(?!(?:में|से|को|का|के|की|तक|और|ने|पर|है|था|${months})(?!${letter}))${letter})`,
      'gud',
    ),
  },
  { kind: 'title', score: 0.78, find: /[“‘"'](?<answer>[^“”‘’"']{3,40})[”’"']/dgu },
  { kind: 'reason', score: 0.84, find: /(?:क्योंकि|चूँकि|चूंकि)\s(?<answer>[^,;।]{8,90})/dgu },
  {
    kind: 'reason',
    score: 0.7,
    find: new RegExp(`(?<=^|[,]\\s|\\sने\\s)(?<answer>(?:${letter}+\\s){1,5}?)के\\sकारण(?!${letter})`, 'gud'),
  },
];

/** Case markers after a noun phrase, with what the phrase then most often is. */
const markers = new Map<string, AnswerKind>([
  ['ने', 'person'],
  ['को', 'thing'],
  ['से', 'thing'],
  ['में', 'place'],
  ['पर', 'place'],
  ['द्वारा', 'person'],
]);
const genitive = /^(?:का|की|के)$/u;
const closed = new Set(
  'ने को से में पर का की के तक द्वारा और या तथा एवं लेकिन परन्तु परंतु किन्तु किंतु मगर कि जो जिस जिसने जिसके जिसकी जिसका जिसे जिसमें जिन जब तब जहाँ वहाँ यहाँ तो भी ही न नहीं मत यह वह ये वे इस उस इन उन इसे उसे इसका इसकी इसके उसका उसकी उसके उनका उनकी उनके इनके इनका इनकी अपने अपनी अपना मैं हम आप तुम मैंने हमने उन्होंने इन्होंने उसने इसने उन्हें इन्हें कुछ कोई किसी सब सभी कई अन्य बहुत अधिक सबसे केवल सिर्फ जैसे ऐसे ऐसी ऐसा इसलिए अतः फिर अब बाद पहले लिए साथ पास अनुसार रूप प्रकार तरह समय दौरान कारण बीच बारे ओर है हैं था थे थी थीं हो होता होती होते हुआ हुई हुए गया गई गए गयी गये किया किए किये करने करता करती करते कर करके दिया दी दिए लिया ली लिये रहा रही रहे जाता जाती जाते सकता सकती सकते चाहिए वाला वाली वाले होने जाने देने लेने यदि अगर क्योंकि ताकि बल्कि अर्थात यानी आदि इत्यादि मुझे उसमें इसमें उनमें दोनों स्वयं खुद'.split(
    ' ',
  ),
);
const personHead =
  /(?:नेता|कवि|लेखक|अभिनेता|गायक|राजा|वैज्ञानिक|संत|गांधी|सिंह|शर्मा|राय|दास|प्रसाद|कुमार|ठाकुर|मंत्री|राष्ट्रपति|समाहर्ता|न्यायाधीश|जी|खान|बोस|नेहरू|पटेल|वर्मा|महाराज|सम्राट|आचार्य|डॉक्टर)$/u;
const placeHead =
  /(?:नगर|पुर|गाँव|गांव|शहर|राज्य|देश|भारत|तहसील|जिले|ज़िले|प्रदेश|दिल्ली|मुंबई|बम्बई|कलकत्ता|कोलकाता|मद्रास|लंदन|इंग्लैंड|इंग्लैण्ड|अमेरिका|यूरोप|एशिया|चीन|जापान|बंगाल|बिहार|पंजाब|महाराष्ट्र|गुजरात|केरल|कर्नाटक|राजस्थान|जर्मनी|फ्रांस|विश्वविद्यालय|विद्यालय|कॉलेज|मंदिर|मन्दिर|संग्रहालय|बनारस|क्षेत्र|अफ्रीका|ऑस्ट्रेलिया|कैलिफोर्निया|स्टेडियम|द्वीप|नदी|पहाड़|अस्पताल)$/u;
/** के X में and the like are postpositions themselves. */
const relation =
  /^(?:विषय|हेतु|बारे|संबंध|सम्बन्ध|संदर्भ|सन्दर्भ|रूप|आधार|स्थान|तौर|ओर|तरफ|बीच|पक्ष|अंत|अन्त|वास्तव|दृष्टि|माध्यम|अतिरिक्त|अलावा|बाद|पहले|अंदर|भीतर|ऊपर|नीचे|मामले|स्थिति|अवसर|नाम|मुख्य|विशेष|आम|सामान्य)$/u;
const timeHead = /^(?:वर्ष|साल|दिन|समय|महीने|शताब्दी|सदी|दशक|काल|युग|सुबह|शाम|रात|सप्ताह|माह)$/u;

/** Hindi: a noun phrase ends before its case marker; का, की, के join it to the noun before. */
export function hindiSpans(sentence: string): FoundSpan[] {
  return [...matchPatterns(sentence, patterns), ...phrases(sentence)];
}

function phrases(sentence: string): FoundSpan[] {
  const tokens = tokensOf(sentence);
  const found: FoundSpan[] = [];
  for (const [index, token] of tokens.entries()) {
    const kind = markers.get(token.text);
    if (kind === undefined) continue;
    const phrase = phraseBefore(tokens, index);
    if (phrase === null) continue;
    const text = sentence.slice(phrase.start, phrase.end);
    const head = text.split(' ').at(-1) ?? '';
    if (timeHead.test(head) || /^(?:[\d०-९]|रूप|ढंग|प्रकार|तरीके)/u.test(head)) continue;
    if (relation.test(head) || /ने$/u.test(head)) continue;
    const agent = token.text === 'ने' || token.text === 'द्वारा';
    const words = text.split(' ').length;
    found.push({
      ...phrase,
      kind: personHead.test(head) ? 'person' : kind === 'place' && !placeHead.test(head) ? 'thing' : kind,
      score: (agent ? 0.82 : kind === 'place' ? 0.7 : 0.62) + (words > 1 ? 0.05 : 0),
    });
  }
  return found;
}

/** The noun phrase that ends at `marker`: up to four words, and one more phrase that का, की or के joins to it. */
function phraseBefore(tokens: readonly Token[], marker: number): { start: number; end: number } | null {
  let first = wordsBefore(tokens, marker);
  if (first === marker) return null;
  const link = tokens[first - 1]?.text ?? '';
  if (genitive.test(link) && !relation.test(tokens[first]?.text ?? '')) {
    const owner = wordsBefore(tokens, first - 1);
    if (owner < first - 1) first = owner;
  }
  const start = tokens[first]?.start;
  const end = tokens[marker - 1]?.end;
  return start === undefined || end === undefined ? null : { start, end };
}

function wordsBefore(tokens: readonly Token[], end: number): number {
  let first = end;
  while (first > 0 && end - first < 4) {
    const text = tokens[first - 1]?.text ?? '';
    if (!/^[\p{L}\p{N}]/u.test(text) || closed.has(text) || /(?:कर|करके|होकर|ता|ते|ती)$/u.test(text)) break;
    first -= 1;
  }
  return first;
}
