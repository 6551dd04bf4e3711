const questionWord =
  /谁|誰|什么时候|什麼時候|为什么|為什麼|什么|什麼|甚么|甚麼|哪一?[\p{Script=Han}]|百分之多少|多少|如何|怎样|怎麼|怎么|何时|何時|何处|何處/gu;
/** Words that 什么 can follow at a question's end. */
const beforeWhat =
  /(?:是|为|為|叫|做|作|有|到|成|于|於|用|受|得|被|把|向|对|對|与|與|和|给|給|由|以|在|从|從|称|稱|像|似|及|需|要|获|獲|供|括|含|出|因|指|及以|持|说|說|造|给予|示|了|着|著|过|過|的)[「“《]?(?:什么|什麼|甚么|甚麼)$/u;
/** Words that a number can follow at a question's end. */
const beforeNumber =
  /(?:是|为|為|有|达|達|到|约|約|过|過|占|佔|高|长|長|于|於|共|至|在|超|了|得|出|约为|以|近|每|成|第|即|仅|僅|值|的)(?:约|約)?(?:百分之)?多少[\p{Script=Han}]{0,3}$/u;
const dangling = /(?:于|於|在|和|与|與|并|並|及|被|由|或|而|且|以及|把|将|將|从|從|向)$/u;

export function isBrokenChinese(text: string): boolean {
  if (
    /^[和与與及的或并並而且以了着]/u.test(text) &&
    !/^(?:与|與|和|以)[\p{Script=Han}]{0,12}(?:谁|誰|什么|什麼|哪)|^与其|^而/u.test(text)
  )
    return true;
  if (/(?:什么|什麼|甚么|甚麼)$/u.test(text) && !beforeWhat.test(text)) return true;
  if (/多少[\p{Script=Han}]{0,3}$/u.test(text) && text.length > 6 && !beforeNumber.test(text)) return true;
  if (
    /(?<!在|于|於|是|为|為|到|从|從|至|自)(?:哪一年|什么时候|什麼時候|何时|何時|哪裡|哪里|哪儿)$/u.test(text) &&
    !/(?:位于|住|去|来自|来|到|往|生于)哪/u.test(text)
  )
    return true;
  if (/(?:哪一年|什么时候|什麼時候)[的得地了]/u.test(text) || dangling.test(text)) return true;
  if (/日在?(?:什么时候|什麼時候|哪一年)|(?:从|從|自)(?:哪一年|什么时候|什麼時候|何时|何時)$/u.test(text)) return true;
  if (/多少\p{N}|[几幾][个個](?:由|被|在|从|從)/u.test(text)) return true;
  return (text.match(questionWord) ?? []).length > 1;
}

/** A question that opens with its question word for time says not whose time it is. */
export function isVagueChinese(text: string): boolean {
  return /^(?:在|于|於)?(?:哪一年|什么时候|什麼時候|何时|何時|多少)/u.test(text) || Array.from(text).length < 6;
}
