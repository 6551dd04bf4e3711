import type { Command } from '../../app/commands.svelte.ts';
import { t, type Key } from '../../app/i18n.ts';
import { reasons } from '../../ui/reasons.ts';
import { statusOf, type Check } from './check.svelte.ts';

/** What the key takes back; a question is kept here, not accepted. */
const undoName = (label: string | null): string =>
  label === null ? '' : t(label === 'accept' ? 'undo.keep' : (`undo.${label}` as Key));

/** Review's keys, fewer of them: the same hand does both. */
export function checkCommands(check: Check, openGuidelines: () => void): Command[] {
  const act = (): boolean => check.keysAct;
  const choosing = (): boolean => check.mode === 'reasons' && check.focused;
  const inList = (): boolean => ['list', 'reasons'].includes(check.mode) && check.focused && check.item !== null;
  const leave = (): void => {
    check.mode = 'list';
  };
  const item = { group: 'item' as const };
  return [
    {
      ...item,
      id: 'check.save',
      titleKey: 'check.correct',
      hintKey: 'check.correct',
      keys: ['Enter'],
      inFields: true,
      hidden: true,
      when: () => check.mode === 'edit',
      run: () => check.saveEdit(),
    },
    {
      ...item,
      id: 'check.leave',
      titleKey: 'ui.cancel',
      hintKey: 'ui.cancel',
      keys: ['Escape'],
      inFields: true,
      hidden: true,
      when: () => check.mode !== 'list',
      run: leave,
    },
    {
      ...item,
      id: 'check.accept',
      titleKey: 'check.keep',
      hintKey: 'check.keep',
      keys: ['A'],
      when: () => act() || choosing(),
      run: () => check.accept(),
    },
    {
      ...item,
      id: 'check.reject',
      titleKey: 'cmd.reject',
      hintKey: 'cmd.reject',
      keys: ['X'],
      when: act,
      run: () => (check.mode = 'reasons'),
    },
    {
      ...item,
      id: 'check.reasons',
      titleKey: 'review.bulkReason',
      hintKey: 'review.bulkReason',
      hintKeys: '1–6',
      hidden: true,
      when: choosing,
      run: () => undefined,
    },
    ...reasons.map((reason, index): Command => ({
      ...item,
      id: `check.reject.${reason}`,
      titleKey: `cmd.rejectAs.${reason}`,
      keys: [String(index + 1)],
      when: () => act() || choosing(),
      run: () => check.reject(reason),
    })),
    {
      ...item,
      id: 'check.edit',
      titleKey: 'check.correct',
      hintKey: 'check.correct',
      keys: ['E'],
      when: () => act() || choosing(),
      run: () => check.startEdit(),
    },
    {
      ...item,
      id: 'check.previous',
      titleKey: 'check.previous',
      keys: ['ArrowUp'],
      when: inList,
      run: () => check.move(-1),
    },
    {
      ...item,
      id: 'check.next',
      titleKey: 'check.next',
      hintKey: 'check.question',
      hintKeys: 'ArrowUp ArrowDown',
      keys: ['ArrowDown'],
      when: inList,
      run: () => check.move(1),
    },
    {
      ...item,
      id: 'check.previousPassage',
      titleKey: 'cmd.previousPassage',
      keys: ['ArrowLeft'],
      when: inList,
      run: () => void check.turn('previous'),
    },
    {
      ...item,
      id: 'check.nextPassage',
      titleKey: 'cmd.nextPassage',
      hintKey: 'cmd.passage',
      hintKeys: 'ArrowLeft ArrowRight',
      keys: ['ArrowRight'],
      when: inList,
      run: () => void check.turn('next'),
    },
    {
      ...item,
      id: 'check.flag',
      titleKey: 'cmd.flag',
      hintKey: 'cmd.flag',
      keys: ['F'],
      when: act,
      run: () => {
        check.text = check.active?.vote?.flag ?? '';
        check.mode = 'flag';
      },
    },
    {
      ...item,
      id: 'check.skip',
      titleKey: 'cmd.skip',
      hintKey: 'cmd.skip',
      keys: ['S'],
      when: act,
      run: () => check.skip(),
    },
    {
      ...item,
      id: 'check.reset',
      titleKey: 'cmd.reset',
      keys: ['Backspace'],
      when: () => act() && check.active !== null && statusOf(check.active) !== 'undecided',
      run: () => check.reset(),
    },
    {
      ...item,
      id: 'check.undo',
      titleKey: 'cmd.undo',
      hintKey: 'cmd.undoWhat',
      hintValues: () => ({ what: undoName(check.undoLabel) }),
      keys: ['Ctrl+Z'],
      when: () => check.mode === 'list' && check.undoLabel !== null,
      run: () => void check.step('undo'),
    },
    {
      ...item,
      id: 'check.redo',
      titleKey: 'cmd.redo',
      keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
      when: () => check.mode === 'list' && check.redoLabel !== null,
      run: () => void check.step('redo'),
    },
    {
      ...item,
      id: 'check.guidelines',
      titleKey: 'check.guidelines',
      hintKey: 'check.guidelines',
      keys: ['G'],
      when: () => check.mode === 'list' && check.focused,
      run: openGuidelines,
    },
  ];
}
