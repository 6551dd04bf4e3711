import type { Language } from './language.ts';

/** Words after which a full stop never ends a sentence (lower case, without the last stop). */
const neverFinal: Record<Language, string> = {
  en: 'mr mrs ms dr prof st mt ft rev hon gen col lt sgt capt cmdr adm maj gov sen rep pres vs e.g i.e cf fig figs no nos vol pp p ch sec ed eds art approx ca c dept est jan feb mar apr jun jul aug sept sep oct nov dec viz al op cit trans lat lit',
  fr: 'm mm mme mlle mgr dr pr me st ste p pp cf ex fig vol chap art no n env c.-à-d j.-c av apr éd coll trad dir janv févr avr juil sept oct nov déc vs r.p',
  zh: 'mr mrs dr no vol st vs',
  ko: 'mr mrs dr no vol st vs',
  hi: 'डॉ श्री प्रो प्रा पं कु मो सं पृ पू खं ई ई.पू ए बी सी डी एफ एच आई जे एल एम एन ओ पी आर एस टी यू वी डब्ल्यू डबल्यू डबल्यु आइ जी क ख ग घ च छ ज रु रू सर लि mr mrs dr no st',
};

/** Words after which a full stop ends a sentence only when a usual sentence opener follows. */
const sometimesFinal: Record<Language, string> = {
  en: 'etc inc jr sr co corp ltd u.s u.k u.n e.u a.m p.m d.c b.c a.d ph.d b.a m.a m.sc bros ave blvd',
  fr: 'etc cie s.a u.e',
  zh: 'inc ltd co',
  ko: 'inc ltd co',
  hi: 'inc ltd co',
};

const openers: Record<Language, string> = {
  en: 'the a an in on at it its he she they we this that these those there when while after before as for from by with however although but and so if his her their our one two some many most all both since during under according',
  fr: 'le la les l un une des il elle ils elles ce cette ces on en dans à au aux après avant lors pour par sur mais et si son sa ses leur leurs nous depuis pendant selon c d quand',
  zh: '',
  ko: '',
  hi: '',
};

const never = mapSets(neverFinal);
const sometimes = mapSets(sometimesFinal);
const opening = mapSets(openers);

function mapSets(lists: Record<Language, string>): Record<Language, ReadonlySet<string>> {
  const set = (text: string): ReadonlySet<string> => new Set(text.split(' ').filter((word) => word !== ''));
  return { en: set(lists.en), zh: set(lists.zh), ko: set(lists.ko), fr: set(lists.fr), hi: set(lists.hi) };
}

/** Whether a stop after `word` can end a sentence, given the word that follows. */
export function stopEndsAfter(word: string, next: string, language: Language): boolean {
  const lower = word.toLowerCase();
  if (never[language].has(lower)) return false;
  const opener = opening[language].has(next.toLowerCase()) && /^\p{Lu}/u.test(next);
  if (sometimes[language].has(lower)) return opener;
  if (/^(?:\p{L}\.)+\p{L}$/u.test(word)) return opener;
  if (/^\p{Lu}$/u.test(word)) return opener;
  if (/^\p{Lu}\.-\p{Lu}$/u.test(word)) return opener;
  return true;
}
