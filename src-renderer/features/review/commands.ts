import type { Span } from '../../../src-main/shared/contract/types.ts';
import { command, type Command } from '../../app/commands.svelte.ts';
import { t, type Key } from '../../app/i18n.ts';
import { session } from '../../app/session.svelte.ts';
import { reasons } from '../../ui/reasons.ts';
import { caretStep, difficulties, questionTypes, statuses, wordStep } from './review.ts';
import type { Review } from './review.svelte.ts';

/** What the screen around the queue can do for a command. */
export interface ReviewPlace {
  selected: () => Span | null; // in the passage, by mouse
  openFind: () => void;
  openFilter: () => void;
  generateHere: () => void;
}

/** Every key of Review, in the order of the hints at its foot. */
export function reviewCommands(review: Review, place: ReviewPlace): Command[] {
  const writable = (): boolean => session.project?.readOnly !== true;
  const act = (): boolean => review.keysAct && review.active !== null && writable();
  const choosing = (): boolean => review.mode === 'reasons' && review.focused && writable();
  /** In a field Ctrl Z and Ctrl Y are the field's own. */
  const outsideFields = (): boolean =>
    !(document.activeElement instanceof HTMLInputElement || document.activeElement instanceof HTMLTextAreaElement);
  const moving = (): boolean => (review.inList || review.mode === 'reasons') && review.focused;
  const acting = (run: () => void) => () => {
    if (writable() && review.active !== null) run();
  };
  /** A key of something open in the list: not in the palette. */
  const inside =
    (mode: Review['mode']) =>
    (...[id, keys, titleKey, run, rest]: Parameters<typeof command>): Command =>
      command(id, keys, titleKey, run, { hidden: true, when: () => review.mode === mode && writable(), ...rest });
  const edit = inside('edit');
  const mark = inside('mark');
  const tag = inside('tags');

  return [
    // An open edit, a question of one's own
    edit('edit.save', ['Enter'], 'cmd.saveAccept', () => review.saveEdit(false), {
      hintKey: 'cmd.saveAccept',
      inFields: true,
    }),
    edit('edit.next', ['Ctrl+Enter'], 'cmd.saveNext', () => review.saveEdit(true), { hintKey: 'cmd.saveNext' }),
    inside('write')('write.save', ['Enter'], 'cmd.saveAccept', () => void review.saveWrite(), {
      hintKey: 'cmd.saveAccept',
      inFields: true,
    }),
    edit('edit.leave', ['Escape'], 'cmd.leave', () => review.leaveEdit(), { hintKey: 'cmd.leave', inFields: true }),
    edit('edit.restore', ['Ctrl+Backspace'], 'cmd.restore', () => review.restoreText(), { hintKey: 'cmd.restore' }),
    edit(
      'edit.mark',
      ['Ctrl+M'],
      'cmd.mark',
      () => {
        review.leaveEdit();
        review.startMark(place.selected());
      },
      { hintKey: 'cmd.mark' },
    ),
    edit('edit.diff', ['Ctrl+D'], 'cmd.diff', () => review.toggleDiff(), { hintKey: 'cmd.diff' }),

    // Marking the answer
    mark('mark.store', ['Enter'], 'cmd.store', () => review.storeMark(), { hintKey: 'cmd.store' }),
    mark('mark.right', ['ArrowRight'], 'cmd.byWord', () => moveMark(review, 1, false), {
      hintKey: 'cmd.byWord',
      hintKeys: 'ArrowLeft ArrowRight',
    }),
    mark('mark.left', ['ArrowLeft'], 'cmd.byWord', () => moveMark(review, -1, false)),
    mark('mark.extendRight', ['Shift+ArrowRight'], 'cmd.extend', () => moveMark(review, 1, true), {
      hintKey: 'cmd.extend',
      hintKeys: 'Shift ArrowLeft ArrowRight',
    }),
    mark('mark.extendLeft', ['Shift+ArrowLeft'], 'cmd.extend', () => moveMark(review, -1, true)),
    mark('mark.remove', ['Backspace', 'Delete'], 'cmd.unmark', () => review.removeMark(), {
      hintKey: 'cmd.unmark',
      when: () => review.mode === 'mark' && review.active?.answer !== null,
    }),

    // Tags
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) =>
      tag(
        `tag.${digit}`,
        [String(digit)],
        digit < 7 ? 'review.type' : 'review.difficulty',
        () => setTag(review, digit),
        {
          ...(digit === 1 ? { hintKey: 'review.type', hintKeys: '1–6' } : {}),
          ...(digit === 7 ? { hintKey: 'review.difficulty', hintKeys: '7–9' } : {}),
        },
      ),
    ),
    tag('tag.again', ['T'], 'cmd.tagAgain', () => review.repeatTags(), { hintKey: 'cmd.tagAgain' }),
    tag('tag.done', ['Enter'], 'cmd.done', () => review.leave(), { hintKey: 'cmd.done' }),

    // What is open closes
    command('review.leave', ['Escape'], 'ui.cancel', () => review.leave(), {
      hintKey: 'ui.cancel',
      inFields: true,
      hidden: true,
      when: () => !['list', 'edit', 'tags'].includes(review.mode),
    }),
    tag('tag.leave', ['Escape'], 'cmd.done', () => review.leave()),

    // The list
    command(
      'review.accept',
      ['A'],
      'cmd.accept',
      acting(() => review.acceptShown()),
      {
        hintKey: 'cmd.accept',
        when: () => act() || choosing(),
      },
    ),
    command(
      'review.reject',
      ['X'],
      'cmd.reject',
      acting(() => review.askReason()),
      { hintKey: 'cmd.reject', when: act },
    ),
    command('review.reasons', [], 'review.bulkReason', () => undefined, {
      hintKey: 'review.bulkReason',
      hintKeys: '1–6',
      hidden: true,
      when: choosing,
    }),
    ...reasons.map((reason, index) =>
      command(
        `review.reject.${reason}`,
        [String(index + 1)],
        `cmd.rejectAs.${reason}`,
        acting(() => review.reject(reason)),
        {
          when: () => act() || choosing(),
        },
      ),
    ),
    command(
      'review.edit',
      ['E'],
      'cmd.edit',
      acting(() => review.startEdit()),
      {
        hintKey: 'cmd.edit',
        when: () => act() || choosing(),
      },
    ),
    command('review.undo', ['Ctrl+Z'], 'cmd.undo', () => void review.step('undo'), {
      hintKey: 'cmd.undoWhat',
      hintValues: () => ({ what: review.undoLabel === null ? '' : t(`undo.${review.undoLabel}` as Key) }),
      when: () => review.inList && outsideFields() && review.undoLabel !== null,
    }),
    // After a restart the page does not know yet what the last decision was; the store does.
    command('review.undoFirst', ['Ctrl+Z'], 'cmd.undo', () => void review.step('undo'), {
      hidden: true,
      when: () => review.inList && outsideFields() && review.undoLabel === null && writable(),
    }),
    command('review.redo', ['Ctrl+Shift+Z', 'Ctrl+Y'], 'cmd.redo', () => void review.step('redo'), {
      when: () => review.inList && outsideFields() && writable(),
    }),
    command('review.previous', ['ArrowUp'], 'cmd.previous', () => review.move(-1), { when: moving }),
    command('review.next', ['ArrowDown'], 'cmd.next', () => review.move(1), {
      hintKey: 'cmd.candidate',
      hintKeys: 'ArrowUp ArrowDown',
      when: moving,
    }),
    command('review.previousPassage', ['ArrowLeft'], 'cmd.previousPassage', () => void review.turn('previous'), {
      when: () => review.inList && review.focused,
    }),
    command('review.nextPassage', ['ArrowRight'], 'cmd.nextPassage', () => void review.turn('next'), {
      hintKey: 'cmd.passage',
      hintKeys: 'ArrowLeft ArrowRight',
      when: () => review.inList && review.focused,
    }),
    command(
      'review.mark',
      ['M'],
      'cmd.mark',
      acting(() => review.startMark(place.selected())),
      {
        hintKey: 'cmd.mark',
        when: act,
      },
    ),
    command(
      'review.tags',
      ['T'],
      'cmd.tags',
      acting(() => (review.mode = 'tags')),
      { hintKey: 'cmd.tags', when: act },
    ),
    command(
      'review.flag',
      ['F'],
      'cmd.flag',
      acting(() => review.startFlag()),
      { hintKey: 'cmd.flag', when: act },
    ),
    command('review.skip', ['S'], 'cmd.skip', () => review.skip(), { hintKey: 'cmd.skip', when: () => review.keysAct }),
    command('review.write', ['N'], 'cmd.write', () => review.startWrite(), {
      when: () => review.keysAct && writable(),
    }),
    command('review.diff', ['D'], 'cmd.diff', () => review.toggleDiff(), { when: () => review.keysAct }),
    command(
      'review.reset',
      ['Backspace'],
      'cmd.reset',
      acting(() => review.reset()),
      {
        when: () => act() && review.active?.status !== 'undecided',
      },
    ),
    command('review.generate', ['G'], 'cmd.generateHere', place.generateHere, {
      when: () => review.keysAct && writable(),
    }),
    command('review.find', ['/'], 'cmd.find', place.openFind, { when: () => review.keysAct }),
    command('review.order', [], 'review.order', () => review.toggleOrder(), { when: () => review.inList }),
    command('review.filter', ['Ctrl+F'], 'cmd.filter', place.openFilter, { group: 'filter' }),
    command('review.bulk', ['Ctrl+Shift+X'], 'cmd.bulk', () => (review.mode = 'bulk'), {
      group: 'filter',
      when: () => review.inList && writable(),
    }),
    ...statuses.map((status) =>
      command(`review.show.${status}`, [], `review.show.${status}`, () => review.setFilter({ statuses: [status] }), {
        group: 'filter',
        count: () => session.counts?.[status] ?? null,
      }),
    ),
  ];
}

function moveMark(review: Review, direction: 1 | -1, extend: boolean): void {
  const { item, mark } = review;
  if (item === null || mark === null) return;
  const step = extend ? wordStep : caretStep;
  const head = step(item.passage.text, item.passage.language, mark.head, direction);
  review.mark = { anchor: extend ? mark.anchor : head, head };
}

function setTag(review: Review, digit: number): void {
  const type = questionTypes[digit - 1];
  const difficulty = difficulties[digit - 7];
  if (type !== undefined) review.setTags({ type });
  else if (difficulty !== undefined) review.setTags({ difficulty });
}
