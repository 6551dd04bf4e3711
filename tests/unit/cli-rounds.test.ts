/** A lead without a window: rounds of two people from the command line. */
import { copyFileSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPackage } from '../../src-main/engine/packages/open.ts';
import { writeReturn } from '../../src-main/engine/packages/returned.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { saveFilter } from '../../src-main/engine/store/saved-filters.ts';
import { checkRound } from '../store/round.ts';
import { asklab as run } from './cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-cli-rounds-'));
const path = join(folder, 'lead.asklab');
const questions = 6;
const slow = { timeout: 180_000 }; // each command is a process of its own

beforeAll(() => checkRound(path, questions, 2).project.close());
afterAll(() => rmSync(folder, { recursive: true }));

const asklab = (...words: string[]): ReturnType<typeof run> => run(folder, 'rounds', ...words);
const linesOf = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

/** Works through a package: `rejected` questions are rejected. */
function work(file: string, rejected: number): string {
  const project = openPackage(readFileSync(file), `${file}.asklab`);
  const person = project.person().id;
  const round = project.rounds.list()[0]?.id ?? '';
  const shown = project.rounds
    .assigned(round, person)
    .sort((left, right) => String(left.shown['question']).localeCompare(String(right.shown['question'])));
  shown.forEach(({ item }, index) => {
    const payload = index < rejected ? { verdict: 'reject', reason: 'unanswerable' } : { verdict: 'accept' };
    project.history.append(person, [{ kind: 'decide', item, payload, seconds: 20 }], round);
  });
  const returned = `${file}.asklab-return`;
  writeFileSync(returned, writeReturn(project));
  project.close();
  return returned;
}

test('list, package, merge, agreement; a refused file is named, and the good ones stay merged', slow, () => {
  expect(asklab('list', path)).toMatchObject({
    status: 0,
    out: expect.stringMatching(
      /^Second check \(check\) \S+\n {2}6 questions: 6 open\n {2}Checker 0: 0 of 6\n/,
    ) as string,
  });
  const packages = linesOf(asklab('package', path, join(folder, 'out'), '--json').out) as { path: string }[];
  expect(packages).toMatchObject([
    { name: 'Checker 0', items: questions },
    { name: 'Checker 1', items: questions },
  ]);
  expect(readdirSync(join(folder, 'out'))).toHaveLength(2);
  const [first = '', second = ''] = packages.map((file, index) => work(file.path, index * 2));

  const altered = join(folder, 'altered.asklab-return');
  const entries = unzipSync(readFileSync(second));
  const events = Buffer.from(entries['events.jsonl'] ?? []).toString();
  writeFileSync(altered, zipSync({ ...entries, 'events.jsonl': Buffer.from(events.replace('reject', 'accept')) }));
  const merged = asklab('merge', path, first, altered);
  expect(merged).toMatchObject({ status: 2, out: 'Checker 0, Second check: 6 new events, 0 known\n' });
  expect(merged.err).toContain(`${altered}: This file was changed after Asklab wrote it.`);
  expect(linesOf(asklab('merge', path, second, first, '--json').out)).toMatchObject([
    { person: 'Checker 1', added: 6, known: 0, refused: null },
    { person: 'Checker 0', added: 0, known: 6, refused: null },
  ]);
  expect(linesOf(asklab('list', path, '--json').out)).toMatchObject([{ byStatus: { agreed: 4, disputed: 2 } }]);

  const [found] = linesOf(asklab('agreement', path, '--samples', '50', '--json').out);
  // Lead and first checker kept all six; the second rejected two: 14 of 18 pairs of judgements are equal.
  expect(found).toMatchObject({ tables: [{ items: questions, observed: { value: 14 / 18 } }] });
  const { status, out } = asklab('agreement', path, '--round', 'Second check');
  expect(status).toBe(0);
  expect(out).toContain('all languages: 6 questions judged by two or more\n  observed 0.778 [');
  expect(out).toContain('Checker 0 and Checker 1: 6 questions, observed 0.667 [');
  expect(out).toMatch(/\nunanswerable: named 2 times\n {2}observed 0\.778 \[.+\], alpha nominal .+, Fleiss' kappa /);
});

test('a round that is not there, and several without a name, are errors that list what there is', () => {
  const several = join(folder, 'several.asklab');
  copyFileSync(path, several);
  expect(asklab('package', several, folder, '--round', 'Third check')).toMatchObject({
    status: 1,
    err: expect.stringContaining('Name one round with --round: "Second check"') as string,
  });
  const project = Project.open(several);
  project.rounds.add({ kind: 'check', name: 'Later check', overlap: 1, shown: {}, hidden: {} });
  project.close();
  expect(asklab('package', several, folder)).toMatchObject({
    status: 1,
    err: expect.stringMatching(/Name one round with --round: "Later check" .*, "Second check"/) as string,
  });
});

test(
  'make: people by name, new ones added when asked to, guidelines from files; what is unknown makes nothing',
  slow,
  () => {
    const fresh = join(folder, 'make.asklab');
    copyFileSync(path, fresh);
    const guide = join(folder, 'guide.md');
    writeFileSync(guide, '# Keep what can be answered');
    const named = ['--people', 'Checker 0, Newcomer', '--overlap', '2'];
    expect(asklab('make', fresh, '--name', 'Third', ...named)).toMatchObject({
      status: 1,
      err: expect.stringMatching(
        /nobody named "Newcomer"\. It has Lead Lovelace, Checker 0, Checker 1\. .*--add-people/u,
      ) as string,
    });
    const people = [...named, '--add-people'];
    const wrong = asklab('make', fresh, '--name', 'Third', ...people, '--guidelines', `xx=${guide}`);
    expect(wrong).toMatchObject({ status: 1, err: expect.stringContaining('names no language') as string });
    expect(linesOf(asklab('list', fresh, '--json').out)).toHaveLength(1);
    const made = asklab('make', fresh, '--name', 'Third', ...people, '--count', '2', '--guidelines', `en=${guide}`);
    // The round that is there holds every question already.
    expect(made).toMatchObject({ status: 1, err: expect.stringContaining('No question matches') as string });
    const project = Project.open(fresh);
    const round = project.rounds.list()[0]?.id;
    project.database.prepare('DELETE FROM round_states').run();
    project.database.prepare('DELETE FROM assignments').run();
    project.database.prepare('DELETE FROM round_items WHERE round_id = ?').run(round);
    project.close();
    const [again] = linesOf(
      asklab('make', fresh, '--name', 'Third', ...people, '--count', '2', '--guidelines', `en=${guide}`, '--json').out,
    );
    expect(again).toMatchObject({
      name: 'Third',
      items: 2,
      overlap: 2,
      people: [
        { name: 'Checker 0', assigned: 2 },
        { name: 'Newcomer', assigned: 2 },
      ],
      guidelines: [{ language: 'en', version: 1, text: '# Keep what can be answered' }],
    });
  },
);

test('make: to review, by new annotators; nothing to adjudicate is an error', slow, () => {
  const open = join(folder, 'review.asklab');
  const { project, round } = checkRound(open, 4, 1, 'review');
  project.rounds.close(round);
  project.close();
  const [made] = linesOf(
    asklab('make', open, '--kind', 'review', '--name', 'First', '--people', 'Ana', '--add-people', '--json').out,
  );
  expect(made).toMatchObject({ kind: 'review', items: 4, people: [{ name: 'Ana', assigned: 4 }] });
  const reopened = Project.open(open);
  expect(reopened.people().at(-1)).toMatchObject({ name: 'Ana', role: 'annotator' });
  reopened.close();
  expect(asklab('make', open, '--kind', 'adjudicate', '--name', 'Last', '--people', 'Ana')).toMatchObject({
    status: 1,
    err: expect.stringContaining('No question matches') as string,
  });
});

test('make: a saved filter, languages, balance by language and difficulty, what another round holds', slow, () => {
  const drawn = join(folder, 'drawn.asklab');
  const { project, items, round } = checkRound(drawn, 12, 1);
  const { database } = project;
  // Nine English questions, of which one is easy, and three French ones.
  for (const table of ['passages', 'candidates'])
    database.prepare(`UPDATE ${table} SET language = 'fr' WHERE row > 9`).run();
  project.history.append(project.person().id, [
    { kind: 'tags', item: items[0] ?? '', payload: { type: null, difficulty: 'easy' } },
  ]);
  database.prepare('DELETE FROM assignments').run();
  database.prepare('DELETE FROM round_items WHERE round_id = ?').run(round);
  saveFilter(project, 'review', { name: 'Only French', filter: { languages: ['fr'] } });
  project.close();

  const make = (...words: string[]): ReturnType<typeof asklab> =>
    asklab('make', drawn, '--name', words.join(' '), '--people', 'Checker 0', ...words);
  /** How many English and French ones, and whether the easy one is there. */
  const made = (...words: string[]): { en: number; fr: number; easy: boolean } => {
    const [summary] = linesOf(make(...words, '--also-checked', '--json').out) as { id: string }[];
    const opened = Project.open(drawn);
    const chosen = opened.rounds.assigned(summary?.id ?? '', opened.people()[1]?.id ?? '');
    const languages = chosen.map(({ passageId }) => opened.passage(passageId).language);
    opened.close();
    const fr = languages.filter((language) => language === 'fr').length;
    return { en: languages.length - fr, fr, easy: chosen.some(({ item }) => item === items[0]) };
  };
  expect(made('--count', '6')).toMatchObject({ en: 3, fr: 3 });
  const balanced = ['--count', '4', '--languages', 'en', '--balance-difficulties'];
  const seeds = [1, 2, 3].map(String);
  expect(seeds.map((seed) => made(...balanced, '--seed', seed).easy)).toEqual([true, true, true]);
  expect(made('--filter', 'Only French')).toMatchObject({ en: 0, fr: 3 });
  expect(make('--filter', 'Only Korean')).toMatchObject({
    status: 1,
    err: expect.stringContaining('There are "Only French".') as string,
  });
  expect(make('--languages', 'fr,xx').err).toContain('Give some of en, zh, ko, fr, hi');
  // Without balance the draw follows the seed alone: six of twelve are not always three and three.
  const free = seeds.map((seed) => made('--count', '6', '--no-balance-languages', '--seed', seed).fr);
  expect(free).not.toEqual([3, 3, 3]);
  // Those rounds hold all three French questions.
  expect(make('--languages', 'fr')).toMatchObject({
    status: 1,
    err: expect.stringContaining('No question matches') as string,
  });
});
