import type { Draft, RuleSentence } from './types.ts';

/** Chinese: the answer's span is replaced where it stands; nothing else moves. */
type Pattern = {
  rule: string;
  score: number;
  find: RegExp;
  ask: string | ((match: RegExpMatchArray) => string | null);
};

const measures =
  '人次|人|个月|个|名|座|条|家|所|种|部|次|位|岁|年|天|日|公里|千米|平方公里|平方千米|平方米|公顷|公尺|米|吨|公斤|元|美元|英镑|万元|亿元|集|届|张|艘|架|间|层|场|支|枚|小时|分钟|户|首|本|册|头|只|辆|英里|英尺|英寸|公分|厘米|毫米|度';
const number = '(?:\\d[\\d,，.]*\\d|\\d)\\s?(?:余|多)?(?:万|亿|千|百)*(?:余|多)?';
const small = '[二两三四五六七八九十百千]+';
const agent = '[^，。；、的于在由被（）《》“”]{2,14}?';
const making =
  '执导|创作|设计|创立|创办|建造|兴建|主演|担任|饰演|编写|发明|撰写|写成|出版|开发|制作|提出|发现|建立|组成|负责|经营|统治|管理|举办|主办|演唱|作曲|作词|主持|发行|配音|领导|率领|击败|任命|资助|命名|改编|赞助|拥有|管辖';

/** `group` 1, or the whole match, is the answer. */
const patterns: Pattern[] = [
  { rule: 'date', score: 0.92, find: /(?<![\d.])(\d{3,4}年\d{1,2}月\d{1,2}日)/u, ask: '什么时候' },
  { rule: 'month', score: 0.9, find: /(?<![\d.])(\d{3,4}年\d{1,2}月)(?!\d)/u, ask: '什么时候' },
  { rule: 'year', score: 0.9, find: /(?<![\d.至到—-])((?:公元前?)?\d{3,4}年)(?![\d代]|间|[至到—-])/u, ask: '哪一年' },
  { rule: 'decade', score: 0.75, find: /((?:\d{1,2}世纪)?\d0年代)/u, ask: '什么年代' },
  {
    rule: 'agent',
    score: 0.9,
    find: new RegExp(`(?:由|被)(${agent})(?=${making})`, 'u'),
    ask: (match) => `${match[0].charAt(0)}谁`,
  },
  {
    rule: 'called',
    score: 0.92,
    find: /(?:称为|叫做|叫作|称作|命名为|取名为|名为|改名为|更名为|简称|又称|别名|俗称|艺名)(“?[^，。；、（）]{2,14}?”?)(?=[，。；、（]|$|的)/u,
    ask: (match) => match[0].slice(0, -(match[1] ?? '').length) + '什么',
  },
  {
    rule: 'located',
    score: 0.92,
    find: /(?:位于|坐落于|坐落在|地处|出生于|生于|分布于|分布在|定居于|安葬于|驻扎在|建于|毕业于|就读于)((?!\d|公元)[^，。；（）的]{2,16}?)(?=[，。；（]|$)/u,
    ask: (match) => match[0].slice(0, -(match[1] ?? '').length) + (/毕业|就读/u.test(match[0]) ? '哪所学校' : '哪里'),
  },
  {
    rule: 'place',
    score: 0.82,
    find: /在((?!此|这|该|其|那|\d)[^，。；（）、在的]{2,10}?)(?=举行|召开|出生|去世|逝世|成立|出版|上映|首演|首播|拍摄|登陆|发现|建立|播出|播放|生活|爆发|设立|开幕)/u,
    ask: '在哪里',
  },
  { rule: 'percent', score: 0.84, find: /(\d[\d.]*\s?[%％])/u, ask: '百分之多少' },
  { rule: 'share', score: 0.84, find: /(百分之[零一二三四五六七八九十百点]+)/u, ask: '百分之多少' },
  {
    rule: 'count',
    score: 0.86,
    find: new RegExp(
      `(?<![第\\d.年月:：/至到~～–—-])(?!\\d{3,4}\\s?[年届])(${number}(?=(?:${measures})(?!代|级|[月后前])))`,
      'u',
    ),
    ask: '多少',
  },
  {
    rule: 'few',
    score: 0.8,
    find: new RegExp(
      `(?<![第之\\d一二三四五六七八九十百千万月年])(${small}(?=(?:名|座|条|家|所|种|部|位|岁|个|艘|间|层|张)(?!人心|月|别)))`,
      'u',
    ),
    ask: '几',
  },
  {
    rule: 'title',
    score: 0.76,
    find: /(?:(?:文章|小说|电影|作品|专辑|歌曲|单曲|电视剧|剧集|漫画|游戏|诗歌|著作|论文|动画))?(《[^》]{1,24}》)/u,
    ask: (match) => titleWord(match[0]),
  },
  {
    rule: 'person',
    score: 0.8,
    find: /(?:^|(?<=[，由被和与，]))(\p{Script=Han}{1,6}·\p{Script=Han}{1,8}?(?:·\p{Script=Han}{1,6}?)?)(?=[是在于和与的，被担曾]|$)/u,
    ask: '谁',
  },
  {
    rule: 'belongs',
    score: 0.82,
    find: /(?:属于|隶属于|获得了?|荣获|担任|出任|就任|采用|改用|面临|起源于|来自|源于|取材自|改编自|主演|导致了?|造成了?|引发了?|象征着?|意味着|反对|支持|提出了?|发明了?|发现了?|创立了?|创办了?)((?!的)[^，。；（）]{2,18})(?=[，。；]|$)/u,
    ask: (match) =>
      match[0].slice(0, -(match[1] ?? '').length) + (/担任|出任|就任/u.test(match[0]) ? '什么职务' : '什么'),
  },
  {
    rule: 'includes',
    score: 0.82,
    find: /(?:包括了?|包含了?|分为)([^。；（）]{3,60})(?=[。；]|$)/u,
    ask: (match) => match[0].slice(0, -(match[1] ?? '').length) + '哪些',
  },
  {
    rule: 'with',
    score: 0.72,
    find: /以([^，。；（）以]{2,10}?)(?=著称|闻名|为主|为中心|命名|为目标)/u,
    ask: '以什么',
  },
];

const clean =
  /^(?:但是?|而且?|然而|不过|因此|所以|此外|另外|同时|其中|于是|随后|然后|接着|之后|后来|并且?|且|又|还|也|例如|比如|据说|事实上|实际上|总之|最后|最终|另一方面|尽管如此|与此同时)[，,]?/u;
const pronoun = /^(?:他|她|它|其|该[^，。]{0,2}|此[^，。外]{0,1}|这|那|本)(?:们)?/u;
/** A clause that starts so has no subject of its own. */
const bare =
  /^(?:毕业|就读|拥有|执法|开始|进入|包括|主要|出生|生于|首先|先后|开|分|与|和|以及|及|而|再|拍|提|获|使|导致|成为|称|在|于|由|被|从|并|而|以|后|曾|又|是|有|为|位于|属于|获|因|当(?!地|局|年)|随|对|将|把|使|令|让|也|还|则|但|均|都|共|约|最|\d)/u;

function titleWord(found: string): string {
  const noun = found.slice(0, found.indexOf('《'));
  if (noun === '') return '哪部作品';
  if (/文章|论文|诗歌/u.test(noun)) return `哪篇${noun}`;
  if (/歌曲|单曲/u.test(noun)) return `哪首${noun}`;
  return /专辑/u.test(noun) ? `哪张${noun}` : `哪部${noun}`;
}

/** The passage's subject: what stands before 是 or a bracket in its first sentence. */
export function chineseTopic(first: string): string | null {
  const found =
    /^[“《「]?([^，。：（()《》“”「」\s是为在于]{2,12})[”》」]?\s?(?:（[^）]*）|\([^)]*\)|，|是|为|位于|在|于)/u.exec(
      first,
    );
  const topic = found?.[1] ?? null;
  return topic === null || pronoun.test(topic) || clean.test(topic) || /^\d/u.test(topic) ? null : topic;
}

/** Drafts for one Chinese sentence. */
export function chineseDrafts({ text, topic }: RuleSentence): Draft[] {
  const drafts: Draft[] = [];
  for (const pattern of patterns) {
    const match = pattern.find.exec(text);
    if (match === null) continue;
    const answer = match[1] ?? match[0];
    const inMatch = match[0].indexOf(answer);
    const answerStart = match.index + inMatch;
    const asked = typeof pattern.ask === 'string' ? pattern.ask : pattern.ask(match);
    if (asked === null) continue;
    const window = clauseWindow(text, answerStart, topic);
    if (window === null || window.end < match.index + match[0].length) continue;
    const replaced =
      window.lead +
      text.slice(window.start, match.index) +
      asked +
      text.slice(match.index + match[0].length, window.end);
    push(drafts, replaced, pattern.rule, pattern.score - window.cost, {
      start: answerStart,
      end: answerStart + answer.length,
    });
  }
  definition(drafts, text, topic);
  reason(drafts, text, topic);
  return drafts;
}

function push(
  drafts: Draft[],
  text: string,
  rule: string,
  score: number,
  answer: { start: number; end: number },
): void {
  const tidy = text
    .replace(/（[^（）]*）|\([^()]*\)/gu, '')
    .replace(/\s+(?=\p{Script=Han})|(?<=\p{Script=Han})\s+/gu, '')
    .replace(/[，,。；;、：:！!？?\s]+$/u, '')
    .trim();
  if (tidy.length < 6 || !/谁|什么|哪|多少|几/u.test(tidy) || /(?:后|时|中|下|前|以来|及)$/u.test(tidy)) return;
  const lengthCost = Math.max(0, tidy.length - 28) * 0.006;
  drafts.push({ text: `${tidy}？`, rule, score: score - lengthCost, answer });
}

type Window = { start: number; end: number; lead: string; cost: number };

/** The clause with the answer, with as many clauses before it as are short enough, so that a subject stands in front. */
function clauseWindow(text: string, position: number, topic: string | null): Window | null {
  let end = boundaryAfter(text, position);
  // "1945年战后，" and "2008年3月，" are no statements: the next clause belongs to them.
  const clauseStart = Math.max(
    ...[...text.slice(0, position).matchAll(/[，；：]/gu)].map((match) => match.index + 1),
    0,
  );
  const own = text.slice(clauseStart, end);
  if (
    end < text.length - 1 &&
    (/(?:后|时|中|下|前|里|间|以来|起|止|及|同时|来|初|末|底|上|内)$/u.test(own) ||
      own.replace(/\d+[年月日]?/gu, '').length < 4)
  )
    end = boundaryAfter(text, end + 1);
  const starts = [0];
  for (const match of text.matchAll(/[，；：,;]/gu))
    if (match.index < position && !insideBracket(text, match.index)) starts.push(match.index + 1);
  const from = starts.find((start) => end - start <= 40);
  if (from === undefined) return null;
  let start = from;
  const conjunction = clean.exec(text.slice(start));
  if (conjunction !== null) start += conjunction[0].length;
  const head = text.slice(start, end).trimStart();
  let cost = from === 0 ? 0 : 0.12;
  const shown = pronoun.exec(head);
  if (shown !== null) {
    if (topic === null || /^(?:这|那|此|该|本)/u.test(head)) return { start, end, lead: '', cost: cost + 0.4 };
    const skipped = text.slice(start, end).length - head.length;
    return {
      start: start + skipped + shown[0].length,
      end,
      lead: head.startsWith('其') ? `${topic}的` : topic,
      cost: cost + 0.08,
    };
  }
  if (bare.test(head)) {
    const leadNeeded = !/^(?:在|于|\d|当|随|从)/u.test(head) || !text.slice(start, end).includes('，');
    if (topic !== null && leadNeeded && !text.slice(start, end).includes(topic) && !/^\d/u.test(head))
      return { start, end, lead: topic, cost: cost + 0.1 };
    if (leadNeeded && !/^[\d最]/u.test(head)) return null;
    cost += leadNeeded ? 0.25 : 0.12;
  }
  return { start, end, lead: '', cost };
}

function boundaryAfter(text: string, position: number): number {
  for (let at = position; at < text.length; at += 1) {
    if (
      '，；。！？,;'.includes(text.charAt(at)) &&
      !insideBracket(text, at) &&
      !/\d/u.test(text.charAt(at + 1) + (text.charAt(at) === ',' ? '' : 'x'))
    )
      return at;
  }
  return text.length;
}

function insideBracket(text: string, position: number): boolean {
  const before = text.slice(0, position);
  return (before.match(/[（《“「(]/gu) ?? []).length > (before.match(/[）》”」)]/gu) ?? []).length;
}

function definition(drafts: Draft[], text: string, topic: string | null): void {
  const plain = text.replace(clean, '');
  const found =
    /^([^，。；]{2,16}?)(?:（[^）]*）|\([^)]*\))?，?(是)((?:一|中|位|世|美|英|法|日|由|指)[^。；]{5,})[。；]?$/u.exec(
      plain,
    );
  if (found === null) return;
  const subject = pronoun.test(found[1] ?? '') ? topic : (found[1] ?? null);
  if (subject === null || /[的在以曾]|[也都均就则却不并还曾计划划]$|^(?:这|那|但|第)/u.test(subject)) return;
  const start = text.length - plain.length + plain.indexOf(found[3] ?? '', (found[1] ?? '').length);
  const person =
    /(?:家|员|手|师|者|人物|人|皇帝|总统|教授|演员|将军|长)[，。；]?$|(?:^|，)(?:一|著|中|美|英|日)[^，]{0,14}(?:家|员|手|师|者|演员|政治人物)(?:，|。|$)/u.test(
      found[3] ?? '',
    );
  push(drafts, `${subject}是${person ? '谁' : '什么'}`, 'definition', 0.86, {
    start,
    end: start + (found[3] ?? '').replace(/[。；]$/u, '').length,
  });
}

function reason(drafts: Draft[], text: string, topic: string | null): void {
  const found = /^(.*?)(因为|由于|因)([^，。；]{3,40})(?:，)(?:所以|因此|故|使得|导致)?([^，。；]{5,40})/u.exec(text);
  if (found === null) return;
  const before =
    (found[1] ?? '')
      .split(/[，；]/u)
      .at(-1)
      ?.replace(clean, '') ?? '';
  const effect = found[4] ?? '';
  if (
    clean.test(effect) ||
    effect.startsWith('否') ||
    /而/u.test(found[3] ?? '') ||
    /(?:下|时|后|中|前|上|起见)$/u.test(effect)
  )
    return;
  const start = (found[1] ?? '').length + (found[2] ?? '').length;
  const answer = { start, end: start + (found[3] ?? '').length };
  const needsTopic =
    before === '' && (topic === null || !effect.includes(topic)) && (bare.test(effect) || pronoun.test(effect));
  if (needsTopic && topic === null) return;
  const subject = before !== '' ? before : needsTopic ? topic : '';
  const rest = needsTopic ? effect.replace(pronoun, '') : effect;
  push(drafts, `${subject ?? ''}为什么${rest}`, 'reason', before === '' && !needsTopic ? 0.8 : 0.84, answer);
}
