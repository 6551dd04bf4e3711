import { isPerson, predicate, simplified } from '../rules/chinese/words.ts';
import { wordSpans } from '../text/words.ts';
import { matchPatterns } from './patterns.ts';
import type { FoundSpan, SpanPattern } from './types.ts';

const han = '\\p{Script=Han}';
const measure =
  '人次|个月|个|個|名|座|条|條|家|所|种|種|部|次|位|岁|歲|年|天|日|公里|千米|平方公里|平方千米|平方米|公顷|公頃|公尺|米|吨|公斤|元|美元|英镑|人|集|届|屆|张|張|艘|架|间|間|层|層|场|場|支|枚|小时|小時|分钟|分鐘|户|戶|首|本|册|冊|头|头|只|辆|輛|英里|英尺|度|世纪|世紀';
const surnames =
  '王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鐘汪田任姜范方石姚谭譚廖邹鄒熊金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔文';
const place =
  '(?:国|國|省|市|县|縣|区|區|镇|鎮|乡|鄉|村|州|岛|島|山|河|湖|海|港|湾|灣|城|街|路|站|寺|宫|宮|洲|半岛|地区|地區|大学|大學|学院|學院|学校|學校|中学|医院|机场|公园)';
const plain = '[^，。；：、！？（）()《》“”「」『』\\s]';
const boundary = '(?=[，。；、！？（）()]|$)';

const patterns: SpanPattern[] = [
  {
    kind: 'time',
    score: 0.9,
    find: /(?:公元前?|西元前?)?\d{3,4}年(?:\d{1,2}月(?:\d{1,2}日)?)?(?!代|间)|\d{1,2}月\d{1,2}日|\d{1,2}世[纪紀](?:\d0年代|初|末|中期)?|\d{2,4}年代/dgu,
  },
  {
    kind: 'time',
    score: 0.8,
    find: /(?:[一二]?[〇零一二三四五六七八九十]{2,4}年(?:[一二三四五六七八九十]{1,2}月)?(?:[一二三四五六七八九十]{1,3}日)?)/dgu,
  },
  { kind: 'number', score: 0.86, find: /\d[\d.,，]*\s?[%％]|百分之[零一二三四五六七八九十百点]+|\d+[./]\d+倍?/dgu },
  {
    kind: 'number',
    score: 0.84,
    find: new RegExp(
      `(?:约|近|超过|大約|大约|逾)?(?:\\d[\\d,.]*\\s?[余餘多]?[万亿千百萬億]*[余餘多]?|[一二两兩三四五六七八九十百千]+[余餘多万亿萬億]*)(?:${measure})(?!代|级|别)`,
      'gud',
    ),
  },
  { kind: 'title', score: 0.82, find: /《[^》]{1,30}》/dgu },
  { kind: 'title', score: 0.78, find: /[“「](?<answer>[^”」]{2,24})[”」]/dgu },
  {
    kind: 'person',
    score: 0.84,
    find: new RegExp(
      `(?<=^|[，。；、由被和与與及给給是])${han}{1,6}·${han}{1,8}?(?:·${han}{1,6}?)?(?=[是在于於和与與的，。、被担擔曾（(说說])`,
      'gud',
    ),
  },
  {
    kind: 'person',
    score: 0.8,
    find: new RegExp(
      `(?<=^|[，。；、由被和与與及是]|[^的]皇帝|总统|總統|演员|教授|导演|導演|作家|将军)[${surnames}]${han}{1,2}(?=[，。、（(和与與于於在是的说說曾任担擔出因]|$)`,
      'gud',
    ),
  },
  {
    kind: 'person',
    score: 0.8,
    find: new RegExp(
      `[由被](?<answer>${plain}{2,12}?)(?=执导|執導|创作|創作|设计|設計|创立|創立|创办|創辦|建造|主演|担任|擔任|饰演|飾演|编写|編寫|发明|發明|撰写|出版|开发|開發|制作|製作|提出|发现|發現|建立|管理|主持|发行|發行|击败|擊敗|任命|命名)`,
      'gud',
    ),
  },
  {
    kind: 'place',
    score: 0.84,
    find: new RegExp(
      `(?:位于|位於|坐落于|坐落在|地处|出生于|出生於|生于|生於|毕业于|畢業於|就读于|就讀於|迁往|前往|来到|抵达)(?<answer>(?!\\d)${plain}{2,16}?)${boundary}`,
      'gud',
    ),
  },
  {
    kind: 'place',
    score: 0.72,
    find: new RegExp(
      `(?<=[在于於到从從自赴抵和与，。、的]|^)(?!此|这|這|该|該|其|那|包括|全国|全國|外国|各国)(?:(?![在从從於于到被把将將和与與的为為向对對并並会會以及由了])${han}){1,6}?${place}(?!${place})(?=[${'，。；、的和与於于在是（'}]|${han}{2})`,
      'gud',
    ),
  },
  {
    kind: 'name',
    score: 0.84,
    find: new RegExp(
      `(?:称为|稱為|称之为|叫做|叫作|称作|命名为|命名為|取名为|名为|名為|改名为|改称|更名为|简称|簡稱|又称|又稱|别名|俗称|俗稱)(?<answer>${plain}{2,14}?)(?=[，。；、（]|$|的)`,
      'gud',
    ),
  },
  { kind: 'reason', score: 0.84, find: /(?:因为|因為|由于|由於|是为了|是為了|为了|為了)(?<answer>[^，。；]{4,40})/dgu },
  {
    kind: 'manner',
    score: 0.68,
    find: /(?:通过|通過|透过|透過|利用|凭借|采用|採用)(?<answer>[^，。；的]{2,20})(?=[，。；来來]|的方式|方式)/dgu,
  },
  {
    kind: 'thing',
    score: 0.7,
    find: new RegExp(
      `(?:属于|屬於|隶属于|获得了?|獲得了?|荣获|担任|擔任|出任|采用|成为|成為|导致了?|導致了?|造成了?|引发了?|提出了?|发明了?|發明了?|发现了?|發現了?|创立了?|创办了?|改编自|起源于|源于|源於|包括|支持|反对|反對)(?<answer>${plain}{2,16})${boundary}`,
      'gud',
    ),
  },
  { kind: 'thing', score: 0.64, find: new RegExp(`(?<=[是为為])(?<answer>(?:一)?${plain}{3,18})${boundary}`, 'gud') },
  { kind: 'thing', score: 0.6, find: new RegExp(`(?<=的)(?:(?![在於于被都也很就甚])${han}){2,8}${boundary}`, 'gud') },
  { kind: 'thing', score: 0.6, find: new RegExp(`(?<=[了出过過])${han}{2,12}${boundary}`, 'gud') },
  { kind: 'name', score: 0.66, find: /[A-Z][A-Za-z0-9.&-]*(?:\s[A-Z0-9][A-Za-z0-9.&-]*)*/dgu },
];

/**
 * Chinese: no spaces and no capitals, so marks, measure words, place endings and the verbs beside a name show the spans.
 * What stands before a part's first verb, and after its last, is a noun phrase.
 */
export function chineseSpans(sentence: string): FoundSpan[] {
  return [...matchPatterns(sentence, patterns), ...besideVerbs(sentence)].filter((span) => {
    const text = sentence.slice(span.start, span.end);
    if (/^[一两兩]?[个個種种]$|^一/u.test(text) && span.kind === 'number') return false;
    return span.kind === 'reason' || span.kind === 'title' || !/^[了着過过的]|(?:的|了|在|于|於|是|和)$/u.test(text);
  });
}

function besideVerbs(sentence: string): FoundSpan[] {
  const folded = simplified(sentence).text;
  const found: FoundSpan[] = [];
  for (const part of folded.matchAll(/[^，；：。！？,;]+/gu)) {
    const words = wordSpans(part[0], 'zh');
    const verbs = words.filter((word) => predicate.has(part[0].slice(word.start, word.end)));
    const first = verbs[0];
    const last = verbs.at(-1);
    if (first === undefined || last === undefined) continue;
    const subject = part[0].slice(0, first.start);
    if (
      /^(?![他她它其这那该此我你在当由因从随据第])[^\d“”「」（）]{2,14}$/u.test(subject) &&
      !/(?:时|後|后|中|前|年|月|日|的|和|与|并|但|而)$/u.test(subject)
    )
      found.push({
        start: part.index,
        end: part.index + subject.length,
        kind: isPerson(subject) ? 'person' : 'thing',
        score: isPerson(subject) ? 0.78 : 0.61,
      });
    const from = last.end + (/^[了过着为于出到]/u.test(part[0].slice(last.end)) ? 1 : 0);
    const object = part[0].slice(from);
    if (object.length >= 2 && object.length <= 20 && !/^(?:的|在|时|后|并|以)|(?:时|后|中|前|的|下)$/u.test(object))
      found.push({
        start: part.index + from,
        end: part.index + part[0].length,
        kind: isPerson(object) ? 'person' : 'thing',
        score: 0.63,
      });
  }
  return found;
}
