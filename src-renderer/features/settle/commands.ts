import type { Command } from '../../app/commands.svelte.ts';
import { t, type Key } from '../../app/i18n.ts';
import { reasons } from '../../ui/reasons.ts';
import type { Settle } from './settle.svelte.ts';

interface Acts {
  save: () => void;
  edit: () => void;
  back: () => void;
  mayReturn: () => boolean;
  openGuidelines: (() => void) | null; // of a package
}

/** The keys of a check, and what only whoever settles may do. */
export function settleCommands(settle: Settle, { save, edit, back, mayReturn, openGuidelines }: Acts): Command[] {
  const act = (): boolean => settle.keysAct;
  const choosing = (): boolean => settle.mode === 'reasons' && settle.focused;
  const leave = (): void => {
    settle.mode = 'list';
  };
  const item = { group: 'item' as const };
  return [
    {
      ...item,
      id: 'settle.save',
      titleKey: 'cmd.store',
      hintKey: 'cmd.store',
      keys: ['Enter'],
      inFields: true,
      hidden: true,
      when: () => ['edit', 'note', 'back'].includes(settle.mode),
      run: save,
    },
    {
      ...item,
      id: 'settle.leave',
      titleKey: 'ui.cancel',
      hintKey: 'ui.cancel',
      keys: ['Escape'],
      inFields: true,
      hidden: true,
      when: () => settle.mode !== 'list',
      run: leave,
    },
    {
      ...item,
      id: 'settle.accept',
      titleKey: 'check.keep',
      hintKey: 'check.keep',
      keys: ['A'],
      when: () => act() || choosing(),
      run: () => settle.accept(),
    },
    {
      ...item,
      id: 'settle.reject',
      titleKey: 'cmd.reject',
      hintKey: 'cmd.reject',
      keys: ['X'],
      when: act,
      run: () => (settle.mode = 'reasons'),
    },
    ...reasons.map((reason, index): Command => ({
      ...item,
      id: `settle.reject.${reason}`,
      titleKey: `cmd.rejectAs.${reason}`,
      keys: [String(index + 1)],
      when: () => act() || choosing(),
      run: () => settle.reject(reason),
    })),
    {
      ...item,
      id: 'settle.edit',
      titleKey: 'check.correct',
      hintKey: 'check.correct',
      keys: ['E'],
      when: act,
      run: edit,
    },
    {
      ...item,
      id: 'settle.back',
      titleKey: 'settle.sendBack',
      hintKey: 'settle.sendBack',
      keys: ['R'],
      when: () => act() && mayReturn(),
      run: back,
    },
    {
      ...item,
      id: 'settle.alike',
      titleKey: 'settle.alikeKey',
      keys: ['L'],
      when: () => act() && (settle.dispute?.alike ?? 0) > 0,
      run: () => (settle.alike = !settle.alike),
    },
    {
      ...item,
      id: 'settle.previous',
      titleKey: 'check.previous',
      keys: ['ArrowLeft', 'ArrowUp'],
      when: () => settle.mode === 'list' && settle.focused,
      run: () => void settle.load('previous'),
    },
    {
      ...item,
      id: 'settle.next',
      titleKey: 'check.next',
      hintKey: 'check.question',
      hintKeys: 'ArrowLeft ArrowRight',
      keys: ['ArrowRight', 'ArrowDown', 'S'],
      when: () => settle.mode === 'list' && settle.focused,
      run: () => void settle.load('next'),
    },
    {
      ...item,
      id: 'settle.undo',
      titleKey: 'cmd.undo',
      hintKey: 'cmd.undoWhat',
      hintValues: () => ({ what: settle.undoLabel === null ? '' : t(`undo.${settle.undoLabel}` as Key) }),
      keys: ['Ctrl+Z'],
      when: () => settle.mode === 'list' && settle.undoLabel !== null,
      run: () => void settle.step('undo'),
    },
    {
      ...item,
      id: 'settle.redo',
      titleKey: 'cmd.redo',
      keys: ['Ctrl+Shift+Z', 'Ctrl+Y'],
      when: () => settle.mode === 'list' && settle.redoLabel !== null,
      run: () => void settle.step('redo'),
    },
    {
      ...item,
      id: 'settle.guidelines',
      titleKey: 'check.guidelines',
      hintKey: 'check.guidelines',
      keys: ['G'],
      when: () => openGuidelines !== null && settle.mode === 'list' && settle.focused,
      run: () => openGuidelines?.(),
    },
  ];
}
