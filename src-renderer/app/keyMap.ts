import type { Key } from './i18n.ts';

/** Every letter, mark and combination that a person may change, with what it does. Digits stay: they number the choices shown. */
export const changeable: readonly { key: string; titles: Key[] }[] = [
  { key: 'A', titles: ['cmd.accept', 'models.sideA'] },
  { key: 'X', titles: ['cmd.reject'] },
  { key: 'E', titles: ['cmd.edit'] },
  { key: 'S', titles: ['cmd.skip'] },
  { key: 'N', titles: ['cmd.write', 'rounds.new', 'models.add'] },
  { key: 'D', titles: ['cmd.diff', 'models.cmd.differ', 'sets.choose'] },
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
  { key: 'Ctrl+1', titles: ['nav.passages'] },
  { key: 'Ctrl+2', titles: ['nav.generate'] },
  { key: 'Ctrl+3', titles: ['nav.review'] },
  { key: 'Ctrl+4', titles: ['nav.insights'] },
  { key: 'Ctrl+5', titles: ['nav.export'] },
  { key: 'Ctrl+6', titles: ['nav.models'] },
  { key: 'Ctrl+7', titles: ['nav.evaluate'] },
  { key: 'Ctrl+8', titles: ['nav.rounds'] },
  { key: 'Ctrl+K', titles: ['command.palette'] },
  { key: 'Ctrl+B', titles: ['command.sidebar'] },
  { key: 'Ctrl+,', titles: ['command.settings'] },
  { key: 'Ctrl++', titles: ['command.larger'] },
  { key: 'Ctrl+=', titles: ['command.larger'] },
  { key: 'Ctrl+-', titles: ['command.smaller'] },
  { key: 'Ctrl+Z', titles: ['cmd.undo'] },
  { key: 'Ctrl+Shift+Z', titles: ['cmd.redo'] },
  { key: 'Ctrl+Y', titles: ['cmd.redo'] },
  { key: 'Ctrl+F', titles: ['cmd.filter', 'passages.search'] },
  { key: 'Ctrl+Shift+F', titles: ['review.filter.saved'] },
  { key: 'Ctrl+Shift+X', titles: ['cmd.bulk'] },
  { key: 'Ctrl+A', titles: ['passages.cmd.all'] },
  {
    key: 'Ctrl+Enter',
    titles: ['cmd.saveNext', 'generate.start', 'import.start', 'export.write', 'score.cmd.noteDone'],
  },
  { key: 'Ctrl+Backspace', titles: ['cmd.restore'] },
  { key: 'Ctrl+M', titles: ['cmd.mark'] },
  { key: 'Ctrl+D', titles: ['cmd.diff'] },
  { key: 'Ctrl+S', titles: ['insights.cmd.csv', 'campaigns.save', 'check.giveBack'] },
  { key: 'Ctrl+E', titles: ['home.sample'] },
  { key: 'Ctrl+N', titles: ['home.new', 'campaigns.new'] },
  { key: 'Ctrl+O', titles: ['home.open'] },
  { key: 'Ctrl+T', titles: ['home.text'] },
];

export type KeyMap = Readonly<Record<string, string>>;

const isCombination = (keys: string): boolean => keys.startsWith('Ctrl+');
const bare = /^[!-*,-/:-@A-Z[-`{-~]$/;
const combined = /^Ctrl\+(?:Shift\+)?(?:[!-`{-~]|Enter|Backspace|Delete)$/;
/** Copy, paste and cut are every field's own. */
const fieldKeys: readonly string[] = ['Ctrl+C', 'Ctrl+V', 'Ctrl+X'];

/** Why a key cannot stand for another: null when it can. A letter stays a letter, a combination a combination. */
export function refusal(
  map: KeyMap,
  key: string,
  wanted: string,
): { why: 'not-a-key' | 'not-a-combination' | 'taken'; by?: Key } | null {
  if (isCombination(key)) {
    if (!combined.test(wanted) || fieldKeys.includes(wanted)) return { why: 'not-a-combination' };
  } else if (!bare.test(wanted)) return { why: 'not-a-key' };
  const owner = changeable.find((one) => one.key !== key && (map[one.key] ?? one.key) === wanted);
  const by = owner?.titles[0];
  return by === undefined ? null : { why: 'taken', by };
}
