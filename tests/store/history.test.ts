import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { correctionScope } from '../../src-main/engine/store/corrections.ts';
import type { NewEvent } from '../../src-main/engine/store/history.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { checkRound } from './round.ts';
import { seed } from './seed.ts';

let folder: string;
let count = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-history-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function make(): { project: Project; items: string[] } {
  const project = Project.create(join(folder, `${++count}.asklab`), { name: 'Copy', person: 'Ada' });
  return { project, items: seed(project, 3) };
}

function stored(project: Project): unknown {
  const states = project.database.prepare('SELECT * FROM states ORDER BY candidate_id').all();
  const passages = project.database
    .prepare('SELECT id, language, sentences, words, candidates, undecided, accepted FROM passages ORDER BY id')
    .all();
  const questions = project.database.prepare('SELECT id, language, sentence FROM candidates ORDER BY id').all();
  return { states, passages, questions };
}

const decision = fc.record({
  copy: fc.integer({ min: 0, max: 1 }),
  item: fc.integer({ min: 0, max: 2 }),
  step: fc.constantFrom(
    ...['accept', 'edit', 'reject', 'reset', 'flag', 'undo', 'redo'],
    ...['fr', 'zh', 'cut', 'join', 'undo-correction', 'redo-correction'],
  ),
});

function correct(project: Project, person: string, candidate: string, kind: string): void {
  const { history } = project;
  const { id: item, text } = project.passage(project.candidate(candidate).passageId);
  if (kind === 'undo-correction' || kind === 'redo-correction') {
    const back = kind === 'undo-correction' ? 'undo' : 'redo';
    const target = history[back === 'undo' ? 'undoable' : 'redoable'](person, correctionScope);
    if (target) history.append(person, [{ kind: back, item: target.group, payload: {} }], correctionScope.round);
    return;
  }
  const whole = [{ start: 0, end: text.length }];
  const parts = [
    { start: 0, end: 10 },
    { start: 11, end: text.length },
  ];
  const event: NewEvent =
    kind === 'cut' || kind === 'join'
      ? { kind: 'sentences', item, payload: { sentences: kind === 'cut' ? parts : whole } }
      : { kind: 'language', item, payload: { language: kind, sentences: kind === 'zh' ? parts : whole } };
  history.append(person, [event], correctionScope.round);
}

function step(project: Project, person: string, item: string, kind: string): void {
  const { history } = project;
  if (kind === 'undo' || kind === 'redo') {
    const target = kind === 'undo' ? history.undoable(person) : history.redoable(person);
    if (target) history.append(person, [{ kind, item: target.group, payload: {} }]);
    return;
  }
  const event: NewEvent =
    kind === 'flag'
      ? { kind, item, payload: { flag: 'look' } }
      : {
          kind: 'decide',
          item,
          payload: kind === 'edit' ? { verdict: 'accept', question: 'Why so?' } : { verdict: kind, reason: 'trivial' },
        };
  history.append(person, [event]);
}

test('two copies that exchange their events in any order end equal, and equal to a rebuild', () => {
  fc.assert(
    fc.property(fc.array(decision, { minLength: 1, maxLength: 20 }), fc.infiniteStream(fc.nat()), (steps, order) => {
      const copies = [make(), make()] as const;
      for (const { copy, item, step: kind } of steps) {
        const { project, items } = copies[copy === 0 ? 0 : 1];
        const act = /^(fr|zh|cut|join)$|-correction$/u.test(kind) ? correct : step;
        act(project, `person-${copy}`, items[item] ?? '', kind);
      }
      const [one, two] = copies.map(({ project }) => project.history.all()) as [
        ReturnType<Project['history']['all']>,
        ReturnType<Project['history']['all']>,
      ];
      const shuffled = (events: typeof one): typeof one =>
        events
          .map((event) => ({ event, key: order.next().value }))
          .sort((left, right) => left.key - right.key)
          .map(({ event }) => event);
      for (const event of shuffled(two)) copies[0].project.history.merge([event]);
      copies[1].project.history.merge(shuffled(one));
      const merged = stored(copies[0].project);
      expect(stored(copies[1].project)).toEqual(merged);
      copies[0].project.history.rebuild();
      expect(stored(copies[0].project)).toEqual(merged);
      for (const { project } of copies) project.close();
    }),
    { numRuns: 30 },
  );
});

test('what an event takes the place of stays with it, as its person saw it', () => {
  const { project, items } = make();
  const [item = ''] = items;
  const { passageId, original } = project.candidate(item);
  const said = (event: NewEvent, round?: string): unknown => {
    project.history.append('ada', [event], round);
    const of = event.kind === 'language' || event.kind === 'sentences' ? passageId : item;
    return project.history.of(of).at(-1)?.payload['old'];
  };
  const decide = (payload: Record<string, unknown>): NewEvent => ({ kind: 'decide', item, payload });
  expect(said(decide({ verdict: 'reject', reason: 'trivial' }))).toBeUndefined(); // nothing stood
  const edit = decide({ verdict: 'accept', question: 'Why so?' });
  expect(said(edit)).toEqual({ status: 'rejected', reason: 'trivial', question: original });
  expect(said(decide({ verdict: 'accept', question: 'Why?' }))).toEqual({ status: 'edited', question: 'Why so?' });
  expect(said({ kind: 'tags', item, payload: { type: 'cause', difficulty: null } })).toBeUndefined();
  const tags: NewEvent = { kind: 'tags', item, payload: { type: 'fact', difficulty: 'hard' } };
  expect(said(tags)).toEqual({ type: 'cause' });
  expect(said({ kind: 'answer', item, payload: { answer: { start: 0, end: 3 } } })).toBeUndefined();
  expect(said({ kind: 'answer', item, payload: { answer: null } })).toEqual({ answer: { start: 0, end: 3 } });
  const { sentences } = project.passage(passageId);
  const cut = [
    { start: 0, end: 10 },
    { start: 11, end: 30 },
  ];
  const { round } = correctionScope;
  expect(said({ kind: 'sentences', item: passageId, payload: { sentences: cut } }, round)).toEqual({ sentences });
  const french: NewEvent = { kind: 'language', item: passageId, payload: { language: 'fr', sentences } };
  expect(said(french, round)).toEqual({ language: 'en', sentences: cut });
  project.close();
});

test('in a check only what the person said before is taken the place of', () => {
  const { project, round, items, people } = checkRound(join(folder, 'check.asklab'), 1, 2);
  const [item = ''] = items;
  const [one = '', two = ''] = people;
  const vote = (person: string, verdict: string): unknown => {
    project.history.append(person, [{ kind: 'decide', item, payload: { verdict, reason: 'trivial' } }], round);
    return project.history.of(item).at(-1)?.payload['old'];
  };
  expect(vote(one, 'reject')).toBeUndefined();
  expect(vote(two, 'accept')).toBeUndefined();
  expect(vote(two, 'reject')).toEqual({ verdict: 'accept', reason: 'trivial' });
  expect(vote(two, 'accept')).toEqual({ verdict: 'reject', reason: 'trivial' }); // no chain of what stood before that
  project.close();
});

test('corrections that came before their passage hold once it is imported', () => {
  const [one, other] = [make(), Project.create(join(folder, 'later.asklab'), { name: 'Copy', person: 'Ada' })];
  for (const kind of ['fr', 'cut']) correct(one.project, 'ada', one.items[0] ?? '', kind);
  other.history.merge(one.project.history.all());
  seed(other, 3);
  expect(stored(other)).toEqual(stored(one.project));
  for (const project of [one.project, other]) project.close();
});

test('undo and redo go back and forth without limit across reopening, for each person alone', () => {
  const { project, items } = make();
  const { path } = project;
  const item = items[0] ?? '';
  for (let round = 0; round < 6; round += 1) step(project, 'one', item, round % 2 === 0 ? 'accept' : 'reject');
  step(project, 'two', items[1] ?? '', 'accept');
  project.close();
  const again = Project.open(path);
  for (let round = 5; round >= 1; round -= 1) {
    step(again, 'one', item, 'undo');
    expect(again.candidate(item).status).toBe(round % 2 === 0 ? 'rejected' : 'accepted');
  }
  step(again, 'one', item, 'undo');
  expect(again.candidate(item).status).toBe('undecided');
  expect(again.candidate(items[1] ?? '').status).toBe('accepted');
  again.close();
  const third = Project.open(path);
  for (let round = 0; round < 6; round += 1) step(third, 'one', item, 'redo');
  expect(third.candidate(item).status).toBe('rejected');
  expect(third.history.redoable('one')).toBeNull();
  third.close();
});
