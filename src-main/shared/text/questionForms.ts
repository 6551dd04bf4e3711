import type { Language } from './language.ts';

/** Words and endings that make a question in each language. */
const forms: Record<Language, RegExp> = {
  en: /\b(?:what|which|who|whom|whose|when|where|why|how)\b|^(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|may|might|must)\b/iu,
  zh: /谁|誰|什么|什麼|甚么|甚麼|何[时時地处處人者]?|哪|几|幾|多少|怎|如何|为什|為什|为何|為何|是否|吗|嗎|呢|多[大长長高久远遠重]|能否|是不是|有没有|有沒有/u,
  ko: /누가|누구|누굴|무엇|무슨|뭐|무얼|뭘|언제|어디|어느|어떤|어떻|어째서|왜|몇|얼마|(?:니까|나요|까요|는가|은가|인가|던가|ㄴ가|을까|일까|습니까|입니까|가요|나|는지|은지|인지|까|지|요)\s*[?？]?\s*$|(?:은|는)\s*[?？]\s*$/u,
  // In French qui, que, où and quand also open relative clauses: they count only at the start, after a comma or a preposition.
  fr: /(?:^|[,:]\s*)(?:(?:à|de|d[’']|par|pour|avec|chez|en|sur|dans|vers|contre|depuis|jusqu[’'](?:à|en)|sous|et|mais|selon)\s?)*(?:qui|que|qu[’']|quoi|où|quand)(?!\p{L})|(?<!\p{L})(?:quel|quelle|quels|quelles|lequel|laquelle|lesquels|lesquelles|auquel|duquel|comment|pourquoi|combien|est-ce|quoi)(?!\p{L})|-(?:t-)?(?:il|elle|ils|elles|on|ce|tu|vous|nous|je)(?!\p{L})/iu, // prettier-ignore
  hi: /(?<![\p{L}\p{M}])(?:क्या|क्यों|क्यूँ|क्यूं|कौन|कौनसा|कौनसी|कौनसे|किस|किसे|किसने|किसका|किसकी|किसके|किसको|किससे|किसमें|किन|किन्हें|किन्होंने|किनके|किनकी|किनका|कब|कहाँ|कहां|कैसे|कैसा|कैसी|कितना|कितनी|कितने|कितनों|किधर)(?![\p{L}\p{M}])/u,
};

/** Whether a text has a question word or a question's form in its language. */
export function hasQuestionForm(text: string, language: Language): boolean {
  return forms[language].test(text.normalize('NFC').trim());
}

/** Whether a text ends with a question mark, or one before a closing quote or bracket. */
export function endsAsQuestion(text: string): boolean {
  return /[?？]["'”’»』」）)\s]*$/u.test(text);
}
