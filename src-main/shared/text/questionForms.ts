import type { Language } from './language.ts';

/**
 * Two readings per language. `asked` holds for a text that ends with a question mark: any question word counts that is not
 * plainly part of something else ("几乎", "몇몇", a relative "qui"). `open` holds without the mark, where question words also
 * stand in statements: only what opens or ends a question counts.
 */
type Forms = { asked: RegExp; open: RegExp };

const englishAuxiliary =
  "(?:is|are|was|were|do|does|did|can|could|will|would|has|have|had|should|may|might|must|am|isn[’']t|aren[’']t|wasn[’']t|don[’']t|doesn[’']t|didn[’']t|can[’']t|won[’']t)";
const englishPreposition =
  '(?:and|but|so|then|or|in|on|at|by|for|from|to|with|about|under|through|into|of|during|after|before|since|until|among|between|against|over|within|near|behind|as|per|upon|towards?|around|along|if|exactly|approximately|roughly)';
const englishWord = '(?:what|which|who|whom|whose|when|where|why|how|whence)';

const frenchBefore =
  "(?:(?:à|a|de|d[’']|par|pour|avec|chez|en|sur|dans|vers|contre|depuis|jusqu[’'](?:à|en)|sous|et|mais|selon|à partir de|a partir de|après|avant|entre|sans|lors|auprès de|grâce à|grace à|alors|ou)\\s?)*";
const frenchWord =
  '(?:(?<!\\p{L})(?:quel|quelle|quels|quelles|comment|pourquoi|combien|quoi|est[ -]ce)(?!\\p{L})|-(?:t-)?(?:il|elle|ils|elles|on|ce|tu|vous|nous|je)(?!\\p{L}))';

const hindiWord =
  '(?<![\\p{L}\\p{M}])(?:क्या|क्यों|क्यो|क्यूँ|क्यूं|कौन|कौनसा|कौनसी|कौनसे|किस|किसे|किसने|किसका|किसकी|किसके|किसको|किससे|किसमें|किसलिए|किसलिये|किसपर|किसीने|किन|किन्हें|किन्होंने|किनके|किनकी|किनका|किनमें|किनसे|किनको|किन्हीं|कब|कहाँ|कहां|कैसे|कैसा|कैसी|कितना|कितनी|कितने|कितनों|किधर)(?![\\p{L}\\p{M}])';

const forms: Record<Language, Forms> = {
  en: {
    asked: new RegExp(
      [
        `^\\W*(?:${englishPreposition}\\s+){0,2}(?:the\\s+|[\\p{L}-]+ly\\s+)?${englishWord}(?:[’']?s)?\\b`,
        `^(?:${englishPreposition}|according|when|while|because|due|besides|other|along|despite|unlike|following|aside|apart|based|outside|prior|once|because|although|though|compared|given|like|using|instead|regarding|concerning|today|currently|throughout|without|of)\\b[^?]*,\\s*(?:${englishPreposition}\\s+){0,2}(?:${englishWord}(?:[’']s)?|${englishAuxiliary})\\b`,
        `(?:[:;.–—!]|\\b(?:and|but|or))\\s+(?:${englishPreposition}\\s+)?(?:${englishWord}(?:[’']s)?\\s+(?:${englishAuxiliary}|[\\p{L}]+)|${englishAuxiliary})\\b`,
        `[,]\\s+(?:what|why|how)\\b|,\\s+${englishWord}\\s+${englishAuxiliary}\\s+(?:the|a|an|he|she|it|they|you|we|there|his|her|their|its|this|these|those|most|some)\\b`,
        `\\bwhat(?:[’']s)?\\b(?!\\s+(?:he|she|it|they|we|you|i|is|was|were|would|has|had|the|became|appears?)\\b)|\\bhow\\s+(?:many|much|long|often|far|old)\\b|\\bwhy\\b`,
        `\\b(?:${englishWord})(?:\\s+[\\p{L}’'-]+)?\\s*["”’')]*[?]`,
        `\\b(?:represent|is|are|was|were|called|named|by|of|in|for|to|from|at|on|with|${'wrote|use|uses|used|won|has|have'})\\s+(?:which|whose)\\s+[\\p{L}]+(?:\\s+[\\p{L}"]+){0,5}\\s*["”]*[?]`,
        `^(?:[^,]{0,80},\\s*)?${englishAuxiliary}\\b`,
      ].join('|'),
      'iu',
    ),
    open: new RegExp(
      `^\\W*(?:${englishPreposition}\\s+){0,2}(?:(?:what|which|who|whom|whose|whats)(?:[’']s)?\\b(?!\\s+(?:he|she|it|they|we|you|i)\\b)|(?:when|where|why)\\s+${englishAuxiliary}\\b|how\\s+(?:${englishAuxiliary}|many|much|long|old|far|often|tall|big|large|high|deep|fast|soon|well)\\b)|^(?:is|are|was|were|do|does|did|can|could|would|has|have|had|should)\\s`,
      'iu',
    ),
  },
  zh: {
    asked:
      /谁|誰|什么|什麼|甚么|甚麼|(?<!任|几|幾|无论如|無論如)何(?!况|況|必|尝|嘗|苦|不)|哪|(?<![近这這好十数數])[几幾](?![乎何])|多少|怎|是否|吗|嗎|呢|多[大长長高久远遠重深宽寬厚快强強小]|能否|可否|有否|是不是|有没有|有沒有|会不会|能不能|(?:是|为|為|有|在|叫|于|於|包括|包含|以及|概念|期限|理由|原因|名称|名稱|工具|关系|關係|时间|時間|地点|地點|之)\s*["'”’」』》）)]*[?？]/u,
    open: /^(?:请问|請問|谁|誰|什么|什麼|哪|为什么|為什麼|为何|為何|如何|怎)|(?:什么|什麼|谁|誰|哪里|哪裡|哪儿|何处|何時|何时|多少|为何|為何|吗|嗎)[。.!！]?$/u,
  },
  ko: {
    // A bare noun or a question's ending before the mark asks too; a statement in 다 does not.
    asked:
      /누가|누구|누굴|무엇(?!보다)|무슨|뭐|무얼|뭘|언제(?!나)|어디(?!에나|서나)|어느|어떤|어떻|어째서|왜|(?<!몇)몇(?!몇)|얼마|[가-힣A-Za-z0-9)](?<!다)\s*["'”’)]*[?？]/u,
    open: /(?:니까|는가|은가|인가|던가|을까|일까|할까|될까|느냐|으냐|이냐|나요|까요|가요|은지|는지|인지)\s*[.]?$/u,
  },
  fr: {
    // qui, que, où and quand also open relative clauses: they count at the start, or after a comma or a preposition before it.
    asked: new RegExp(
      `(?:^|[:;.]\\s*|^(?:dans|en|à|a|au|aux|pour|par|sur|selon|après|avant|lors|depuis|pendant|durant|d[’']|parmi|entre|malgré|outre|chez|avec|sans|si|quand|lorsque|afin|de|du|des|hormis|concernant|contrairement|suite|grâce|outre|face|à part|mis|vers|dès|et|mais|alors|sous|comme|pourtant|aujourd|dont)(?!\\p{L})[^?]*,\\s*)${frenchBefore}(?:(?:qui|que|quoi|où|quand|lequel|laquelle|lesquels|lesquelles|auquel|duquel)(?!\\p{L})|qu[’'])|${frenchWord}|(?:^|\\s)(?:de|à|par|pour|avec|chez|en|depuis)\\s(?:qui|quoi|quand|où)\\s*[?]|,\\s*(?:qui|quand|où|que)\\s+[^,]{3,60}\\s*[?]$(?<=^[^,]{3,50},[^,]*)`,
      'iu',
    ),
    open: new RegExp(
      `^${frenchBefore}(?:(?:qui(?!\\splus\\sest)|quoi|lequel|laquelle|lesquels|lesquelles|auquel|duquel)(?!\\p{L})|(?:quel|quelle|quels|quelles|pourquoi|combien|comment)(?!\\p{L})|(?:que|qu[’'])\\s?(?:\\p{L}+\\s)?(?:fait|est|sont|était|signifie|représente|devient|dit|a|ont)(?!\\p{L})|(?:où|quand)\\s(?:est|sont|a|ont|était|fut|se|s[’'])(?!\\p{L}))|^est[ -]ce\\s`,
      'iu',
    ),
  },
  hi: {
    asked: new RegExp(hindiWord, 'u'),
    open: new RegExp(
      `^(?!.*(?:^|\\s)(?:कि|कि,|इसकी|इसका|यह\\sजान|यदि|तो|क्यों\\sकि|उसका|उसकी|क्या\\s,)(?:\\s|$)).{0,140}${hindiWord}.{0,60}$`,
      'u',
    ),
  },
};

/**
 * Whether a text has a question's form in its language: a question word, a question's ending, or its word order. A text
 * without a question mark is read strictly.
 */
export function hasQuestionForm(text: string, language: Language): boolean {
  const plain = text.normalize('NFC').trim();
  return endsAsQuestion(plain) ? forms[language].asked.test(plain) : forms[language].open.test(plain);
}

/** Whether a text ends with a question mark, or one before a closing quote or bracket. */
export function endsAsQuestion(text: string): boolean {
  return /[?？]["'”’»』」）)\s]*$/u.test(text);
}
