import type { Key } from './i18n.ts';

/** Every bare key that a person may change, with what it does. Digits stay: they number the choices shown. */
export const changeable: readonly { key: string; titles: Key[] }[] = [
  { key: 'A', titles: ['cmd.accept', 'models.sideA'] },
  { key: 'X', titles: ['cmd.reject'] },
  { key: 'E', titles: ['cmd.edit'] },
  { key: 'S', titles: ['cmd.skip'] },
  { key: 'N', titles: ['cmd.write', 'rounds.new', 'models.add'] },
  { key: 'D', titles: ['cmd.diff'] },
  { key: 'M', titles: ['cmd.mark', 'import.cmd.column', 'rounds.merge'] },
  { key: 'T', titles: ['cmd.tags', 'insights.cmd.table'] },
  { key: 'F', titles: ['cmd.flag'] },
  { key: 'G', titles: ['cmd.generateHere', 'check.guidelines'] },
  { key: 'L', titles: ['review.look', 'passages.cmd.language'] },
  { key: 'R', titles: ['settle.sendBack', 'review.bulkOther'] },
  { key: 'B', titles: ['passages.cmd.sentences', 'models.sideB', 'score.break'] },
  { key: 'I', titles: ['passages.import'] },
  { key: 'O', titles: ['import.choose', 'rounds.people'] },
  { key: 'P', titles: ['generate.cmd.pause', 'import.cmd.problem', 'export.cmd.split'] },
  { key: 'C', titles: ['insights.cmd.svg'] },
  { key: 'U', titles: ['models.use'] },
  { key: '/', titles: ['cmd.find', 'passages.search'] },
  { key: '?', titles: ['command.keys'] },
];

export type KeyMap = Readonly<Record<string, string>>;

/** Why a key cannot stand for another: null when it can. */
export function refusal(map: KeyMap, key: string, wanted: string): { why: 'not-a-key' | 'taken'; by?: Key } | null {
  if (!/^[!-/:-@A-Z[-`{-~]$/.test(wanted) || wanted === '+') return { why: 'not-a-key' };
  const owner = changeable.find((one) => one.key !== key && (map[one.key] ?? one.key) === wanted);
  const by = owner?.titles[0];
  return by === undefined ? null : { why: 'taken', by };
}
