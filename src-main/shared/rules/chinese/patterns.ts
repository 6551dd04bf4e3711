import { isPerson, sorts } from './words.ts';

/** `find` has a named group `answer`; the group `whole` is replaced, or `answer` where there is none. */
export type Pattern = {
  rule: string;
  score: number;
  find: RegExp;
  ask: string | ((answer: string, match: RegExpExecArray) => string | null);
};

const counted =
  '人次|个月|人|个|名|座|条|家|所|种|部|次|位|岁|年|天|公里|千米|平方公里|平方千米|平方米|公顷|公尺|米|吨|公斤|元|美元|英镑|万元|亿元|集|届|张|艘|架|间|层|场|支|枚|小时|分钟|户|首|本|册|头|只|辆|英里|英尺|英寸|公分|厘米|毫米|人口|票|分|倍|页|株|项|国|州|县|字|度';
const end = '(?=[，。；]|$)';
const plain = '[^，。；：、！？（）()《》“”「」\\s]';

/** The named group `whole` is replaced, or `answer` where there is none. */
export const patterns: Pattern[] = [
  {
    rule: 'date',
    score: 0.92,
    find: /(?<![\d.至到])(?<answer>\d{3,4}年\d{1,2}月(?:\d{1,2}日)?)(?![至到—–-]|[前后起初底末间\d]|上旬|中旬|下旬|期间|以)/dgu,
    ask: '什么时候',
  },
  {
    rule: 'year',
    score: 0.92,
    find: /(?<![\d.至到—–-])(?<answer>(?:公元前?|西元前?)?\d{3,4}年)(?![\d代]|[间前后起初底末至到春夏秋冬]|以|左右|[—–-]|间|时|全国|度)/dgu,
    ask: '哪一年',
  },
  {
    rule: 'century',
    score: 0.84,
    find: /(?<![\d.至到—–-])(?<answer>\d{1,2}世纪(?:\d0年代)?)(?![至到—–-])/dgu,
    ask: (answer) => (answer.endsWith('年代') ? '哪个年代' : '哪个世纪'),
  },
  {
    rule: 'percent',
    score: 0.84,
    find: /(?<![\d.至到~～–—-])(?<answer>\d[\d.]*\s?[%％]|百分之[零一二三四五六七八九十百点]+)/dgu,
    ask: '百分之多少',
  },
  {
    rule: 'count',
    score: 0.88,
    find: new RegExp(
      `(?<![第\\dA-Za-z文.,年月:：/至到~～–—多万亿千百-]|第\\s|所有|每|各|前|后|上|东经|北纬|分)(?<answer>(?:约|近|超过|大约|逾)?\\d[\\d,.]*(?:余|多)?(?:万|亿|千|百)*(?:余|多)?)(?=\\s?(?:${counted})(?!代|级|[月日后前中时]|以[上下]|至|到))`,
      'gdu',
    ),
    ask: (answer, match) => countWord(answer, match),
  },
  {
    rule: 'few',
    score: 0.84,
    find: new RegExp(
      `(?<![第之一二三四五六七八九十百千万月年\\d每各前后])(?<answer>[二两三四五六七八九十百千]+)(?=(?:名|座|条|家|所|部|位|岁|艘|间|层|张|个(?!人|月|别|性)|种|次|支|届|项)(?!以))`,
      'gdu',
    ),
    ask: (answer, match) => (countWord(answer, match) === null ? null : /[百千十]/u.test(answer) ? '多少' : '几'),
  },
  {
    rule: 'agent',
    score: 0.9,
    find: /[由被](?<answer>[^，。；、的于在由被（）《》“”为]{2,14}?)(?<!正式|首次|重新)(?=执导|创作|设计|创立|创办|创建|建造|兴建|主演|担任|饰演|编写|发明|撰写|写成|出版|开发|制作|提出|发现|建立|组成|负责|经营|统治|管理|举办|主办|演唱|作曲|作词|主持|发行|配音|领导|率领|击败|任命|资助|命名|改编|赞助|拥有|管辖|占领|攻占|收购|授予|选为|杀害|逮捕|处死|谋杀|运营|营运|承办|翻译|译)/dgu,
    ask: (answer) => (/\d|[一二三四五六七八九十]个/u.test(answer) ? '什么' : sortOf(answer, '谁')),
  },
  {
    rule: 'called',
    score: 0.9,
    find: new RegExp(
      `(?:称为|称之为|叫做|叫作|称作|命名为|取名为|名为|改名为|更名为|改称|简称|又称|别名|俗称|艺名|本名|原名|全名|学名)(?:是|为)?(?<answer>(?!意为)[“"]?${plain}{2,14}?[”"]?)(?=[，。；（]|$)`,
      'gdu',
    ),
    ask: '什么',
  },
  {
    rule: 'located',
    score: 0.92,
    find: new RegExp(
      `(?:位于|坐落于|坐落在|地处|出生于|(?<!聚|着|簇|轮|互|对|丛|寄|野)生于|出生在|分布于|分布在|定居于|安葬于|驻扎在|建于|迁往|迁至|迁到|移居|前往|来自|起源于)(?<answer>(?!\\d|公元)${plain}{2,18}?)${end}`,
      'gdu',
    ),
    ask: (answer) =>
      /^(?:此|这|那|该|当地)|\d|的|[，和与]|(?:时期|年间|朝|代|世纪|初年|时|年)$/u.test(answer) ? null : '哪里',
  },
  {
    rule: 'school',
    score: 0.9,
    find: /(?:毕业于|就读于|任教于|考入|进入)(?<answer>[^，。；、（）]{2,14}?(?:大学|学院|中学|学校))/dgu,
    ask: (answer) => sortOf(answer, '哪所学校'),
  },
  {
    rule: 'place',
    score: 0.84,
    find: new RegExp(
      `在(?<answer>(?!此|这|该|其|那|\\d|各)${plain}{2,10}?)(?=举行|召开|出生|去世|逝世|成立|出版|上映|首演|首播|拍摄|登陆|发现|建立|播出|播放|生活|爆发|设立|开幕|举办|注册|上市)`,
      'gdu',
    ),
    ask: (answer) => (/[在的了是]|年|世纪|时期|期间$/u.test(answer) ? null : sortOf(answer, '哪里')),
  },
  {
    rule: 'title',
    score: 0.82,
    find: /(?<whole>(?<noun>文章|小说|电影|作品|专辑|歌曲|单曲|电视剧|剧集|漫画|游戏|诗歌|著作|论文|动画|书籍|纪录片|杂志|报纸|音乐剧|歌剧)(?<answer>《[^》]{1,24}》))/dgu,
    ask: (_, match) => titleWord(match.groups?.noun ?? ''),
  },
  {
    rule: 'post',
    score: 0.88,
    find: new RegExp(
      `(?:担任|出任|就任|兼任|升任|改任|当选为?|被任命为|获任命为|被选为)了?(?<answer>(?!的)${plain}{2,16})${end}`,
      'gdu',
    ),
    ask: '什么职务',
  },
  {
    rule: 'prize',
    score: 0.88,
    find: new RegExp(
      `(?:获得了?|荣获|获颁|夺得了?|赢得了?)(?<answer>${plain}{2,18}(?:奖|奖项|冠军|金牌|称号|勋章|学位|亚军))${end}`,
      'gdu',
    ),
    ask: (answer) => (answer.endsWith('学位') ? '什么学位' : /奖/u.test(answer) ? '什么奖项' : '什么荣誉'),
  },
  {
    rule: 'object',
    score: 0.8,
    find: new RegExp(
      `(?:属于|隶属于|获得了?|采用了?|改用|面临着?|源于|取材自|改编自|导致了?|造成了?|引发了?|引起了?|象征着?|意味着|反对|支持|提出了?|发明了?|发现了?|创立了?|创办了?|建立了?|设有|推出了?|出版了?|发表了?|失去了?|击败了?|成为了?|放弃了?|签署了?|加入了?)(?<answer>(?!的|了|由|被|在|于|要|将|应|会|可|更|一定|与|和|及|过|着|地|中|出|后|时|到|自|此|这|那|其|他|她|它)${plain}{2,18})${end}`,
      'gdu',
    ),
    ask: (answer) => (isPerson(answer) ? '谁' : sortOf(answer, '什么')),
  },
  {
    rule: 'parts',
    score: 0.86,
    find: /由(?<answer>[^，。；由]{2,12}、[^，。；]{2,40}?)(?=(?:所)?(?:组成|构成))/dgu,
    ask: '哪些部分',
  },
  {
    rule: 'amount',
    score: 0.84,
    find: /(?<![第每各前后年月一二三四五六七八九十百千万两])(?<answer>约?(?:[一二三四五六七八九十百千万两]{2,})多?)(?=(?:米|公里|千米|年|吨|公斤|元|人|度|里|尺|亩)(?![来前后代级]|以))/dgu,
    ask: '多少',
  },
  {
    rule: 'includes',
    score: 0.84,
    find: /(?:包括了?|包含了?|分为|分成)(?<answer>(?!的|在|了)[^，。；（）]{3,60}?)(?=[，。；]|$|等[，。；])/dgu,
    ask: (_, match) => (match[0].startsWith('分') ? '哪几部分' : '哪些'),
  },
  {
    rule: 'known',
    score: 0.8,
    find: /以(?<answer>[^，。；（）以为]{2,14}?)(?=而?著称|而?闻名|而?知名)/dgu,
    ask: '什么',
  },
  {
    rule: 'main',
    score: 0.78,
    find: /以(?<answer>[^，。；（）以为]{2,10}?)(?=为主|为中心|为首都|为首|为目标|为基础)/dgu,
    ask: '什么',
  },
];

/** "19岁的…" and "500米路南" are no amounts that a question asks for; "2016年" is a year. */
function countWord(answer: string, match: RegExpExecArray): string | null {
  const after = match.input.slice(match.index + match[0].length).replace(/^\s/u, '');
  if (/^年/u.test(after) && (/^\d{4}$/u.test(answer) || /^年\s?\d/u.test(after))) return null;
  if (/^[\p{Script=Han}]{1,3}(?:、|和\d)|^[^，。；]{1,14}之一/u.test(after)) return null;
  if (/^(?:米|公里|千米)/u.test(after) && match.index === 0) return null;
  if (/^岁[\p{Script=Han}]/u.test(after)) return null;
  return /^(?:人次|个月|公里|千米|公尺|英里|英尺|小时|分钟|[^\s])(?:的(?!人|学生|居民|人口|股)|[东南西北外处路高长宽])/u.test(
    after,
  )
    ? null
    : '多少';
}

/** "哪家公司" for a name that ends in what it is, "谁" for a person, `other` for the rest. */
export function sortOf(answer: string, other: string): string {
  if (answer.length < 3 || /[的和与、]/u.test(answer)) return isPerson(answer) ? '谁' : other;
  return sorts.find(([ending]) => ending.test(answer))?.[1] ?? other;
}

function titleWord(noun: string): string {
  if (/文章|论文|诗歌/u.test(noun)) return `哪篇${noun}`;
  if (/歌曲|单曲/u.test(noun)) return `哪首${noun}`;
  if (/专辑/u.test(noun)) return `哪张${noun}`;
  if (/杂志|报纸|书籍/u.test(noun)) return `哪本${noun}`;
  return `哪部${noun}`;
}
