import { isFinite } from './verbs.ts';

/** Takes a question with the offsets of its answer in the statement. */
export type Put = (question: string, rule: string, score: number, start: number, end: number) => void;

const loweredHeads =
  /^(?:(?:Le|La|Les|Un|Une|Des|Du|De|Au|Aux|Son|Sa|Ses|Ce|Cette|Cet|Ces|Leur|Leurs|À|En|Il|Elle|Ils|Elles|On|Plusieurs|Certains|Certaines|Divers|Diverses|Quelques|Chaque|Deux|Trois|Quatre|Cinq|Six)\s|[LD]['’])/u;

/** A statement's first word without the capital that its place gave it. */
export function lower(statement: string): string {
  return statement.replace(loweredHeads, (head) => head.toLowerCase());
}

/** "est-ce que" before a statement, elided before a vowel. */
export function estCeQue(statement: string): string {
  const text = lower(statement.trim());
  const elided =
    /^(?:[aeiouyéèêàâîôûœ]|h(?!aut|éros|asard|ollandais|ongrois|uguenot|alle|ors|ambourg|arvard|ockey|ull|itler|ugo|ergé|arry))/iu.test(
      text,
    );
  return `est-ce ${elided ? 'qu’' : 'que '}${text}`;
}

/** A statement cut at its first later clause, so that the question stays one thought. */
export function trimmed(text: string): string {
  const cuts = [
    ...text.matchAll(
      /,\s(?:qui|que|dont|où|mais|et|ce qui|alors|puis|tandis|car|lequel|laquelle|notamment|ainsi|avant|après|puisque|bien|comme|soit|en|lorsque|pendant|malgré|avec|sans|suivi|faute|afin|pour|grâce|au|à|par|dans|sur|voire|ou|tout|elle|il|le|la|les|un|une|des|\p{L}+ant\b)|\s[–—-]\s|\s:|;|,\s(?=\p{L}+(?:é|ée|és|ées)\s)|\s(?:et|mais)\s(?=(?:il|elle|ils|elles|se|s['’]\p{L}+|ne|n['’]\p{L}+|\p{Ll}+(?:èrent|aient|ait|a|ut|it))\s)|\s(?:tandis que|alors que|ce qui|lorsqu|puisqu|parce qu|afin qu|bien qu)/gu,
    ),
  ];
  const cut = cuts.find((match) => match.index > 12);
  const kept = cut === undefined ? text : text.slice(0, cut.index);
  return withoutOpenRelative(kept).replace(
    /(?:\s(?:qui|que|dont|où|lorsque|quand|et|ou|mais|car|puis|de|du|des|à|au|en|par|pour|dans|sur|avec))?[,\s]*$/u,
    '',
  );
}

/** Leaves out a relative clause at the end that was cut before its verb. */
function withoutOpenRelative(text: string): string {
  const found =
    /^(?<before>.*)\s(?:\p{Ll}+\s(?:lesquels|lesquelles|laquelle|lequel)|auxquels|auxquelles|auquel|qui|que|dont|où)\s(?<after>.*)$/u.exec(
      text,
    );
  if (found === null) return text;
  const words = (found.groups?.after ?? '').split(/\s/u);
  return words.some((word) => isFinite(word)) ? text : (found.groups?.before ?? text);
}

/** Whether a noun phrase names a person. */
export function isPerson(subject: string): boolean {
  if (
    /^(?:Le|La|L['’])\s?(?:roi|reine|empereur|impératrice|président|général|capitaine|colonel|maréchal|peintre|compositeur|réalisateur|historien|pape|duc|comte|prince|princesse|ministre|professeur|évêque|écrivain|poète|architecte|philosophe|auteur|acteur|actrice|ingénieur|pilote|psychiatre|psychologue|docteur|chercheur|biologiste|scénariste|journaliste|critique|narrateur|abbé|sociologue|archéologue|entraîneur|chanteur|chanteuse|esclave|affranchi|ermite|maître|spectateur|citoyen|soldat|ouvrier|homme|femme|enfant|père|mère|fils|fille|frère|sœur|agent|héros|héroïne|joueur|joueuse|cavalier|chef|directeur|directrice|médecin|prêtre|gouverneur|marin|voyageur|lecteur|gardien|paludier|artisan|\p{Ll}+(?:iste|logue|iatre))(?=\s|$)/u.test(
      subject,
    )
  )
    return true;
  return (
    /^(?:\p{Lu}[\p{L}.'’-]+|\p{Lu}\.)(?:\s(?:de|du|d['’]|von|van|la|le|et|[IVX]+|Ier|(?:d['’])?\p{Lu}[\p{L}.'’-]*))+$/u.test(
      subject,
    ) &&
    !/^(?:Le|La|Les|L['’]|Un|Une|Des|Du|New|Saint-|Mont|Grande?|Parc|Notre|San|Los|Saint\s\p{Lu}\p{L}+-|Université|École|Auto|Alfa|Scuderia|Columbia|Warner|Toy|Star)/u.test(
      subject,
    ) &&
    !/\b(?:Company|Corporation|Pictures|Records|Union|Club|Cup|Romeo|Football|Music|Times|News|Park|City|University|Games|Festival|League)\b/u.test(
      subject,
    )
  );
}
