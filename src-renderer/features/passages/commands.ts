import { command, type Command } from '../../app/commands.svelte.ts';
import { go } from '../../app/router.svelte.ts';
import type { Passages } from './passages.svelte.ts';

/** What the screen around the list can do for a command. */
export interface PassagesPlace {
  readOnly: () => boolean;
  generate: () => void;
  diverse: () => void;
  find: () => void;
  filters: () => void;
  language: () => void;
}

/** Rows a page key moves by. */
const page = 16;

/** Every key of Passages, in the order of the hints at its foot. */
export function passageCommands(list: Passages, place: PassagesPlace): Command[] {
  const active = (): Element | null => document.activeElement;
  const correcting = (): boolean => list.caret !== null;
  const inList = (): boolean =>
    list.rows.length > 0 &&
    !correcting() &&
    !(active() instanceof HTMLInputElement || active() instanceof HTMLSelectElement);
  const onRow = (): boolean => inList() && !(active() instanceof HTMLButtonElement);
  const move = (direction: 'up' | 'down', id: string, key: string, to: () => number, rest = {}): Command =>
    command(`passages.${id}`, [key], `passages.cmd.${direction}`, () => list.move(to()), {
      hidden: true,
      when: inList,
      ...rest,
    });

  return [
    // Correcting sentences
    command('sentences.cut', ['Enter'], 'passages.sentences.cut', () => void list.cutOrJoin(), {
      hidden: true,
      hintKey: 'passages.sentences.cut',
      when: correcting,
    }),
    command('sentences.right', ['ArrowRight'], 'passages.sentences.word', () => list.moveCaret(1), {
      hidden: true,
      hintKey: 'passages.sentences.word',
      hintKeys: 'ArrowLeft ArrowRight',
      when: correcting,
    }),
    command('sentences.left', ['ArrowLeft'], 'passages.sentences.word', () => list.moveCaret(-1), {
      hidden: true,
      when: correcting,
    }),
    command('sentences.rule', ['R'], 'passages.sentences.rule', () => void list.sentencesByRule(), {
      hidden: true,
      hintKey: 'passages.sentences.rule',
      when: correcting,
    }),
    command('sentences.done', ['Escape'], 'passages.sentences.done', () => (list.caret = null), {
      hidden: true,
      hintKey: 'passages.sentences.done',
      when: correcting,
    }),

    // The list
    move('up', 'up', 'ArrowUp', () => list.active - 1, {
      hintKey: 'passages.hint.move',
      hintKeys: 'ArrowUp ArrowDown',
    }),
    move('down', 'down', 'ArrowDown', () => list.active + 1),
    move('up', 'pageUp', 'PageUp', () => list.active - page),
    move('down', 'pageDown', 'PageDown', () => list.active + page),
    command('passages.top', ['Home'], 'passages.cmd.up', () => void list.toEdge('start'), {
      hidden: true,
      when: inList,
    }),
    command('passages.end', ['End'], 'passages.cmd.down', () => void list.toEdge('end'), {
      hidden: true,
      when: inList,
    }),
    command('passages.select', [' '], 'passages.select', () => list.toggle(), {
      hintKey: 'passages.select',
      hintKeys: 'Space',
      when: onRow,
    }),
    command('passages.extendDown', ['Shift+ArrowDown'], 'passages.cmd.extend', () => list.move(list.active + 1, true), {
      hintKey: 'passages.cmd.extend',
      when: inList,
    }),
    command('passages.extendUp', ['Shift+ArrowUp'], 'passages.cmd.extendUp', () => list.move(list.active - 1, true), {
      hidden: true,
      when: inList,
    }),
    command('passages.all', ['Ctrl+A'], 'passages.cmd.all', () => list.selectAll(), {
      group: 'filter',
      hintKey: 'passages.hint.all',
      when: inList,
    }),
    command(
      'passages.review',
      ['Enter'],
      'passages.cmd.review',
      () => list.current && go('review', { passageId: list.current.id }),
      { hintKey: 'passages.cmd.review', when: inList },
    ),
    command('passages.generate', ['G'], 'passages.cmd.generate', place.generate, {
      group: 'filter',
      hintKey: 'nav.generate',
      when: () => inList() && !place.readOnly(),
    }),
    command('passages.diverse', ['D'], 'sets.choose', place.diverse, {
      group: 'filter',
      hintKey: 'sets.short',
      when: () => inList() && !place.readOnly(),
    }),
    command('passages.language', ['L'], 'passages.cmd.language', place.language, {
      hintKey: 'passages.language',
      when: () => inList() && list.passage !== null && !place.readOnly(),
    }),
    command('passages.sentences', ['B'], 'passages.cmd.sentences', () => list.startSentences(), {
      hintKey: 'passages.sentences',
      when: () => inList() && list.passage !== null && !place.readOnly(),
    }),
    command('passages.undo', ['Ctrl+Z'], 'passages.cmd.undo', () => void list.step('undo'), {
      hidden: true,
      when: () => (inList() || correcting()) && !place.readOnly(),
    }),
    command('passages.redo', ['Ctrl+Shift+Z', 'Ctrl+Y'], 'passages.cmd.redo', () => void list.step('redo'), {
      hidden: true,
      when: () => (inList() || correcting()) && !place.readOnly(),
    }),
    command('passages.find', ['/', 'Ctrl+F'], 'passages.search', place.find, { group: 'filter' }),
    command('passages.filters', ['Ctrl+Shift+F'], 'review.filter.saved', place.filters, { group: 'filter' }),
    command('passages.clear', ['Escape'], 'passages.clearSelection', () => list.clearSelection(), {
      group: 'filter',
      hidden: true,
      when: () => list.selectedCount > 0,
    }),
    command('passages.import', ['I'], 'passages.import', () => go('import'), {
      group: 'app',
      when: () => !correcting() && !place.readOnly(),
    }),
  ];
}
