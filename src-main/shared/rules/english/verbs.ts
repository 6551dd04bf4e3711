/** Irregular verbs: past, then base form. Only forms that are past tense and seldom anything else. */
const irregular = new Map(
  'became become|began begin|broke break|brought bring|built build|bought buy|came come|caught catch|chose choose|dealt deal|drew draw|drove drive|ate eat|fell fall|felt feel|fought fight|found find|flew fly|forgot forget|gave give|went go|grew grow|held hold|heard hear|hid hide|kept keep|knew know|laid lay|led lead|left leave|lent lend|lost lose|made make|meant mean|met meet|paid pay|ran run|rose rise|said say|saw see|sold sell|sent send|shot shoot|spoke speak|spent spend|stood stand|stole steal|struck strike|swore swear|taught teach|told tell|thought think|threw throw|took take|understood understand|won win|wore wear|wrote write|withdrew withdraw|overcame overcome|sought seek|sank sink|sang sing|swam swim|hung hang|bound bind|awoke awake|arose arise|bore bear|forbade forbid|forgave forgive|froze freeze|rode ride|rang ring|shook shake|slept sleep|sprang spring|undertook undertake|upheld uphold|wove weave|overthrew overthrow|fled flee|got get|foresaw foresee|outgrew outgrow|rebuilt rebuild|retook retake|oversaw oversee|gained gain'
    .split('|')
    .map((pair): [string, string] => {
      const [past = '', base = ''] = pair.split(' ');
      return [past, base];
    }),
);

const present = new Set(
  'is has does makes takes gives includes contains requires provides produces causes allows becomes remains represents covers uses occurs consists refers means describes offers serves lies belongs begins ends leads helps holds shows plays forms runs lives works plans claims states argues believes suggests supports creates follows comes goes needs wants operates publishes defines receives depends involves features binds carries protects acts appears exists reaches writes says tells finds keeps stands sees divides reflects employs maintains encourages prevents converts accounts enters owns controls considers hosts ranks connects grows generates contributes attracts combines converts performs seeks enables'.split(
    ' ',
  ),
);

const endingsWithE =
  /(?:[cuvz]|[^n]g|(?:an|en|ar|in|un|or|er|ll|on)g|[^s]s|[^aeiou]l|[aiou]b|[^aeo]at|cre|[iu]r|ar|[^aeiou][aiou]k|[^aeiou][iuo]d|[^aeiou]ad|[iu]ct|[ao]pt|ut|[^aeiou]ot|plet|pet|[^ae]in|[^aeiou]un|[iu]m|[^aeiou]ap|[^aeiou]op|yp|ib|or|ir|th|is)$/u;
const endingsWithoutE =
  /(?:belong|hang|develop|envelop|treat|defeat|repeat|heat|seat|sponsor|honor|favor|monitor|author|labor|anchor|tailor|report|support|gain|join|train|contain|explain|remain|maintain|obtain|attain|claim|focus|program|adopt|conduct|construct|accept|attract|interpret|depart|start|help|work|attack|ask|benefit|abandon|attempt|exempt|erupt|disrupt|interrupt|corrupt|act|elect|affect|respect|inspect|restrict|predict|conflict|reject|object|project|protect|collect|connect|direct|select|enact|contract|abstract|extract|exact|impact|instruct|obstruct|cook|look|book|pass|press|cross|possess|discuss|express|progress|address|process|witness|dismiss|miss|kiss|bless|access|stress|assess|appeal|reveal|repeal|deal|conceal|peal|fail|sail|mail|hail|detail|prevail|boil|spoil|oil|feel|peel|reel|seal|heal|steal|pool|cool|rule?r|offer|enter|number|suffer|order|consider|remember|deliver|discover|gather|transfer|cover|answer|power|lower|water|center|tour|pour|occur|concur|sound|found|ground|round|surround|turn|burn|return|learn|earn|concern|govern|warn|mourn|adorn|reform|inform|perform|form|transform|confirm|arm|farm|harm|alarm|warm|storm|claim|aim|proclaim|exclaim|reclaim|visit|limit|edit|exhibit|inherit|profit|merit|inhabit|prohibit|deposit|wait|await|exploit|recruit|suit|head|lead|read|spread|need|succeed|proceed|exceed|avoid|raid|aid|load|upload|download|employ|enjoy|deploy|destroy|play|display|stay|delay|portray|convey|survey|obey|join|coin|ruin|appoint|point|paint|print|want|grant|plant|count|mount|amount|account|prevent|invent|present|represent|implement|document|comment|experiment|consent|resent|event|rent|vent|hunt|stunt|confront|front|haunt|taunt|launch|last|cast|list|test|request|invest|rest|exist|assist|consist|insist|resist|persist|enlist|boast|coast|toast|roast|post|host|cost|boost|trust|adjust|hear|appear|clear|fear|rear|near|wear|tear|bear|explor?er|warrant|drain|chain|restrain|complain|sustain|entertain|retain|constrain|pertain|bargain|abstain|detain|refrain|strain|stain|rain|beat|cheat|eat|greet|meet|treat|float|coat|boat|unit|market|target|budget|trumpet|wound|bound|pound|depend|attend|extend|defend|intend|spend|end|send|mend|amend|recommend|command|demand|expand|land|hand|stand|brand|band|fund|bind|find|mind|kind|remind|wind|blend|lend|trend|respond|correspond|bond|pond|yield|shield|wield|field|build|world|fold|mold|scold|record|reward|regard|award|forward|guard|discard|board|word|afford|accord|murder|weather|whisper|register|minister|sister|master|foster|cluster|monster|alter|filter|shelter|falter|color|colour|clear|steer|cheer|peer|engineer|pioneer|volunteer|fear|bed|add|ask|walk|talk|mark|park|work|rank|thank|link|drink|think|sink|pink|ink|milk|silk|bulk|risk|task|mask|bask|flask|attack|back|pack|track|lack|block|lock|shock|stock|knock|kick|pick|check|deck|wreck|speck|bank|sign|assign|design|resign|reign|campaign|align|launder|wander|wonder|render|tender|gender|surrender|border|ponder|hinder|kindle?r|visit|credit|audit|exit|permit|submit|commit|admit|omit|transmit|knit|hit|fit|sit|split|quit)$/u;

const pastForms = new Map<string, string | null>();

/** Base form of a past form, or null when the word is not known as a past tense. */
export function baseOfPast(past: string): string | null {
  const known = pastForms.get(past);
  if (known !== undefined) return known;
  const base = workedOutPast(past);
  // Words repeat: a look-up is far cheaper than the patterns. The map is emptied before it grows large.
  if (pastForms.size > 20_000) pastForms.clear();
  pastForms.set(past, base);
  return base;
}

function workedOutPast(past: string): string | null {
  const known = irregular.get(past);
  if (known !== undefined) return known;
  const found = /^(\p{Ll}{2,})ed$/u.exec(past);
  if (
    found === null ||
    /^(?:hundr|advanc|limit|nam|relat|learn|talent|gift|unnam|sacr|nak|kindr|skill|wick|comb|inde|spe|ble|fe|bre)ed$/u.test(
      past,
    )
  )
    return null;
  const stem = found[1] ?? '';
  if (/[^aeiou]i$/u.test(stem)) return `${stem.slice(0, -1)}y`;
  if (/(?:creat|chang|unit|ignit|invit|excit|^cit|^not|quot|^nam|^tim)$/u.test(stem)) return `${stem}e`;
  if (endingsWithoutE.test(stem)) return doubled(stem);
  if (/([bdgklmnprt])\1$/u.test(stem) && !/(?:ll|dd)$/u.test(stem)) return stem.slice(0, -1);
  if (/(?:ntroll|ropell|mpell|xpell|ancell|ravell|abell|evell|ebell|atroll)$/u.test(stem)) return stem.slice(0, -1);
  if (/ll$/u.test(stem)) return stem;
  if (/^(?:agre|guarante|fre|decre|disagre|ov?erse|refere)$/u.test(stem)) return `${stem}e`;
  if (
    /(?:er|en|on|el|al|ow|ey|aw|om|sh|ch|ss|x|ph|ct|pt|et|it|ar(?:d|k|m|n)|[^s]t(?<![aou]t)|y|w)$/u.test(stem) &&
    !/(?:ser|ver|cr?en|complet|compet|quit|writ|invit|unit|excit|cit|bit|her|ter|interfer|adher|scen)$/u.test(stem)
  )
    return stem;
  return endingsWithE.test(stem) ? `${stem}e` : stem;
}

function doubled(stem: string): string {
  return /(?:mitt|curr|ferr)$/u.test(stem) ? stem.slice(0, -1) : stem;
}

/** Whether a word is a base form that, after a plural noun, is its verb: "examples include". */
export function isPluralPresent(word: string): boolean {
  return bases.has(word);
}

/** Base form of a third-person present form, or null when it is not one this list knows. */
export function baseOfPresent(word: string): string | null {
  if (!present.has(word)) return null;
  if (word === 'has') return 'have';
  if (/ies$/u.test(word) && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:ss|x|ch|sh|zz|go|do)es$/u.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

const bases = new Set([...present].map((form) => baseOfPresent(form) ?? '').filter((base) => base !== ''));
for (const noun of [
  'play',
  'work',
  'form',
  'act',
  'need',
  'plan',
  'claim',
  'state',
  'reach',
  'use',
  'rank',
  'cause',
  'support',
  'account',
  'control',
  'host',
  'feature',
  'show',
  'hold',
  'run',
  'see',
  'enter',
  'want',
  'tell',
  'find',
  'be',
  'have',
  'do',
  'end',
  'name',
  'bind',
  'help',
  'cover',
  'act',
  'process',
  'defin',
])
  bases.delete(noun);

const auxiliaries = new Set(
  'is are was were has have had can could will would may might must should did does do'.split(' '),
);

/** Whether a word is an auxiliary that stands before the subject in a question. */
export function isAuxiliary(word: string): boolean {
  return auxiliaries.has(word);
}
