import type { Language } from '../../shared/text/language.ts';

/** Words that questions are made of, whatever their passage says. */
const english =
  'what which who whom whose when where why how many much long often far old is are was were be been being do does did doing done has have had can could will would shall should may might must not no the a an this that these those it its he she they them their his her him of in on at by for from with without to into onto than as and or but if about after before between during among under over through against until since because both all any some each every other another first second last next more most less least same different only also there here name called named known kind type sort part number year years date day time place country city person people group reason result purpose example happen happened happens take took taken make made makes give gave given become became get got say said says come came go went mean means meant cause caused used use describe described main one two three';
const french =
  'que qu quoi qui quel quelle quels quelles lequel laquelle lesquels lesquelles quand où comment pourquoi combien est ce c sont était étaient fut furent a ont avait avaient eut être avoir fait font faire il elle ils elles on t y en le la les l un une des du de d au aux à par pour avec sans sur sous dans entre depuis pendant avant après chez vers contre selon et ou mais si ne n pas plus moins très cette cet ces son sa ses leur leurs se s même autre autres tout tous toute toutes aussi nom nombre année années date jour lieu pays ville personne groupe raison type sorte partie premier première dernier dernière appelle appelé appelée nomme nommé peut peuvent doit doivent va deux trois';
const hindi =
  'क्या क्यों कौन कौनसा कौनसी कौनसे किस किसे किसने किसका किसकी किसके किसको किससे किसमें किन किन्हें किन्होंने किनके कब कहाँ कहां कैसे कैसा कैसी कितना कितनी कितने है हैं था थी थे हुआ हुई हुए होता होती होते हो होना गया गई गए जाता जाती जाते किया की के का को में से पर ने तक और या भी ही तो यह वह ये वे इस उस इन उन इसका इसके इसकी उसका उसके उसकी उन्होंने उसने इसे उसे एक दो तीन कर करता करती करते करना कहा जाना लिए लिये साथ बाद पहले दौरान बीच द्वारा अपने अपनी अपना नाम वर्ष साल संख्या स्थान देश शहर व्यक्ति कारण प्रकार भाग नहीं रहा रही रहे सकता सकते सकती दिया दी दिए पहला पहली';

/** Null where words can't be told apart by spaces and endings alone. */
export const questionVocabulary: Record<Language, ReadonlySet<string> | null> = {
  en: new Set(english.split(' ')),
  fr: new Set(french.split(' ')),
  hi: new Set(hindi.split(' ')),
  zh: null,
  ko: null,
};
