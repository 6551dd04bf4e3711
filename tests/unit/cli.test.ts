import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { progressLine } from '../../src-main/cli/project.ts';
import type { Evidence } from '../../src-main/shared/contract/sets.ts';
import type { Job } from '../../src-main/shared/contract/types.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { generationSettings } from '../../src-main/shared/contract/generation.ts';
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';
import { asklab as run, interrupted, passage } from './cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const asklab = (...words: string[]): ReturnType<typeof run> => run(folder, ...words);

test('choose keeps a set by name with its evidence, and export takes its passages only', () => {
  const project = join(folder, 'p.asklab');
  const source = join(folder, 'rows.jsonl');
  const kinds = ['lighthouse on the coast', 'steam engine in a mill', 'king of an old country'];
  const rows = Array.from({ length: 30 }, (_, index) => ({
    text: `The ${kinds[index % 3] ?? ''} number ${index} was seen in ${1800 + index}.`,
    question: `When was number ${index} seen?`,
    lang: 'en',
  }));
  writeFileSync(source, rows.map((row) => JSON.stringify(row)).join('\n'));
  expect(asklab('import', project, source)).toMatchObject({ status: 0 });
  const { status, out } = asklab('choose', project, '--number', '3', '--name', 'Three', '--language', 'en', '--json');
  expect(status).toBe(0);
  const last = JSON.parse(out.trim().split('\n').at(-1) ?? '') as { result: { evidence: Evidence } };
  expect(last).toMatchObject({ state: 'done', result: { passages: 3, evidence: { passages: 30, person: 'Me' } } });
  expect(last.result.evidence.settings).toMatchObject({ name: 'Three', number: 3, seed: 1 });
  expect(last.result.evidence.clusters).toMatchObject({ count: 3 });
  expect(asklab('choose', project, '--number', '3', '--name', 'Three').err).toContain('is already here');
  expect(asklab('choose', project, '--number', '0').status).toBe(64);

  const exported = join(folder, 'out');
  const arguments_ = ['export', project, exported, '--format', 'lab', '--references', '--set'];
  expect(asklab(...arguments_, 'Four')).toMatchObject({ status: 1, err: expect.stringContaining('“Four”') as string });
  expect(asklab(...arguments_, 'Three')).toMatchObject({ status: 0 });
  const manifest = JSON.parse(readFileSync(join(exported, 'manifest.json'), 'utf8')) as object;
  expect(manifest).toMatchObject({ settings: { set: 'Three' }, set: last.result.evidence, splits: [{ passages: 3 }] });
});

test('import, ask, export with references: the whole way without a window', () => {
  const project = join(folder, 'p.asklab');
  const source = join(folder, 'rows.jsonl');
  writeFileSync(
    source,
    JSON.stringify({
      text: 'Paris est la capitale de la France. La Seine traverse la ville.',
      question: 'Quelle est la capitale ?',
      answer: 'Paris',
      lang: 'fr',
    }),
  );
  expect(asklab('import', project, source)).toMatchObject({ status: 0 });
  expect(asklab('stats', project).out).toMatch(/^passages to review +0$/mu);
  expect(asklab('ask', project)).toMatchObject({ status: 0 });
  expect(asklab('export', project, join(folder, 'out'), '--references')).toMatchObject({ status: 0 });
  const squad = JSON.parse(readFileSync(join(folder, 'out', 'train.json'), 'utf8')) as {
    data: { paragraphs: { qas: { question: string }[] }[] }[];
  };
  expect(squad.data[0]?.paragraphs[0]?.qas).toMatchObject([
    { question: 'Quelle est la capitale ?', answers: [{ text: 'Paris', answer_start: 0 }] },
  ]);
  expect(asklab('export', join(folder, 'none.asklab'), folder)).toMatchObject({ status: 1 });
  expect(asklab('nonsense').status).toBe(64);
});

test('import takes the columns of a table as it is told, and says what came in', () => {
  const source = join(folder, 'odd.csv');
  writeFileSync(source, 'Zeile;Inhalt;Wonach\n1;The lamp burns oil all night.;What burns oil?\n');
  const project = join(folder, 'p.asklab');
  const refused = asklab('import', project, source);
  expect(refused.status).toBe(2);
  expect(refused.err).toContain('Columns here: Zeile, Inhalt, Wonach');
  const { status, out } = asklab('import', project, source, '--column', 'Inhalt=text', '--column', 'Wonach=question');
  expect(status).toBe(0);
  expect(out).toMatch(/^passages +1\nreferences +1$/mu);
});

test('import takes questions from a file of their own, line by line, in the encoding it is told', () => {
  const [passages, questions, project] = ['hi.src', 'hi.tgt', 'p.asklab'].map((name) => join(folder, name));
  writeFileSync(
    passages ?? '',
    'La lampe brûle à l’huile toute la nuit.\nLe phare est bâti sur un rocher.\n',
    'utf16le',
  );
  writeFileSync(questions ?? '', 'Que brûle la lampe ?\nSur quoi le phare est-il bâti ?\n', 'utf16le');
  const words = [
    '--aligned',
    questions ?? '',
    '--encoding',
    'UTF-16LE',
    '--language',
    'fr',
    '--questions',
    'candidates',
  ];
  const { status, out } = asklab('import', project ?? '', passages ?? '', ...words);
  expect(out).toMatch(/^passages +2\nreferences +0\ncandidates +2$/mu);
  expect(status).toBe(0);
  const exported = asklab('export', project ?? '', join(folder, 'out'), '--format', 'lab', '--status', 'undecided');
  expect(exported.status).toBe(0);
  const rows = JSON.parse(readFileSync(join(folder, 'out', 'train.json'), 'utf8')) as { questions: string[] }[];
  expect(rows.map((row) => row.questions)).toEqual([['Que brûle la lampe ?'], ['Sur quoi le phare est-il bâti ?']]);
});

test('a text is parted as it is told', () => {
  const [source, project] = [join(folder, 'lines.txt'), join(folder, 'p.asklab')];
  writeFileSync(source, 'The first lamp was lit in 1823.\nThe second lamp was lit in 1850.\nShort.\n');
  const { out } = asklab('import', project, source, '--passages', 'line', '--shortest', '3');
  expect(out).toMatch(/^passages +3$/mu);
});

test('on a terminal the progress says how fast it goes and how long it takes', () => {
  const job = { state: 'running', done: 1200, total: 4000, rate: 311.4, secondsLeft: 9.2 } as Job;
  expect(progressLine(job)).toBe('running 1200 of 4000, 311 a second, 0:09 left');
  expect(progressLine({ ...job, total: null, rate: null, secondsLeft: null })).toBe('running 1200');
});

test('questions lists what a filter holds, in its order', () => {
  const path = join(folder, 'p.asklab');
  const source = join(folder, 'rows.jsonl');
  const asked = [
    'What burns?',
    'What did the lamp of Cordouan burn all night?',
    'What did the lamp of Cordouan burn at night?',
  ];
  writeFileSync(source, asked.map((question) => JSON.stringify({ text: passage(1), question, lang: 'en' })).join('\n'));
  asklab('import', path, source, '--questions', 'candidates');
  const listed = (...words: string[]): string[] =>
    asklab('questions', path, ...words)
      .out.split('\n')
      .filter((line) => line !== '');
  expect(listed()).toEqual(asked.map((question, at) => `\t${[2, 9, 9][at] ?? 0}\t${question}`));
  expect(listed('--order', 'long', '--most', '1').map((line) => line.split('\t')[1])).toEqual(['9']);
  expect(listed('--length-to', '5')).toEqual(['\t2\tWhat burns?']);
  const [near, ...others] = listed('--signal', 'near', '--json').map(
    (line) => JSON.parse(line) as { question: string },
  );
  expect({ question: near?.question, others }).toEqual({ question: asked[2], others: [] });
  expect(listed('--score-to', '-1')).toEqual([]);
});

test('ask goes on with a stopped run only as it was begun', () => {
  const path = join(folder, 'p.asklab');
  const source = join(folder, 'rows.jsonl');
  writeFileSync(source, JSON.stringify({ text: passage(1), lang: 'en' }));
  asklab('import', path, source);
  const project = Project.open(path);
  const settings = generationSettings.parse({ generator: rulesVersion, candidates: 3 });
  const { id } = project.jobs.create({ kind: 'generate', title: 'Rules', total: null, settings });
  project.jobs.addItems(id, project.passageIds({}));
  project.jobs.update(id, { state: 'stopped' });
  project.close();
  const refused = asklab('ask', path, '--candidates', '5');
  expect(refused).toMatchObject({ status: 1 });
  expect(refused.err).toContain('began with --candidates 3. Give the same to go on with it, or --anew');
  expect(asklab('ask', path, '--candidates', '3')).toMatchObject({ status: 0 });
  const after = Project.open(path);
  expect(after.jobs.get(id).state).toBe('done');
  after.close();
});

const commands: string[][] = [
  ['generate'],
  ['questions'],
  ['choose'],
  ['import'],
  ['ask'],
  ['export'],
  ['stats'],
  ['metrics'],
  ['campaign', 'report'],
  ['model', 'check'],
  ['model', 'zip'],
  ['model', 'add-language'],
  ['rounds', 'list'],
  ['rounds', 'make'],
  ['rounds', 'package'],
  ['rounds', 'merge'],
  ['rounds', 'agreement'],
];

describe('every command', () => {
  test('the list here is the one that --help gives', () => {
    const { status, out } = asklab('--help');
    expect(status).toBe(0);
    const named = [...out.matchAll(/^ {2}([a-z]+) /gmu)].map((match) => match[1]);
    expect(new Set(named)).toEqual(new Set([...commands.map(([name]) => name), 'help']));
  });

  test.each(commands.map((words) => [words]))('%j --help', (words) => {
    const { status, out, err } = asklab(...words, '--help');
    expect({ status, err }).toEqual({ status: 0, err: '' });
    expect(out).toContain(`Usage: asklab ${words.join(' ')}`);
  });

  test.each(commands.map((words) => [words]))(
    '%j: an unknown option and a missing argument are wrong usage, with the help',
    (words) => {
      for (const rest of [['--no-such-option'], []]) {
        const { status, out, err } = asklab(...words, ...rest);
        expect({ status, out }).toEqual({ status: 64, out: '' });
        expect(err).toMatch(/^error: /u);
        expect(err).toContain(`Usage: asklab ${words.join(' ')}`);
      }
    },
  );
});

test.each([
  [['generate', '--input', '-', '--output', '-', '--candidates', '0'], 'a whole number from 1 to 40'],
  [['generate', '--input', '-', '--output', '-', '--beam', 'many'], 'a whole number from 1 to 16'],
  [['generate', '--input', '-', '--output', '-', '--device', 'abacus'], 'Allowed choices are auto, cpu, webgpu'],
  [['import', 'p.asklab', 'f.txt', '--language', 'xx'], 'Allowed choices are'],
  [['import', 'p.asklab', 'f.txt', '--questions', 'all'], 'references, candidates, none'],
  [['import', 'p.asklab', 'f.csv', '--column', 'Body=passage'], 'as in Body=text: text, title'],
  [['ask', 'p.asklab', '--candidates', '1.5'], 'a whole number from 1 to 40'],
  [['export', 'p.asklab', 'out', '--format', 'docx'], 'squad-v1, squad-v2'],
  [['export', 'p.asklab', 'out', '--split', '0.8,0.2'], 'Give three numbers'],
  [['metrics', '--lang', 'xx', '--references', 'r', '--outputs', 'o'], 'Allowed choices are'],
  [['metrics', '--lang', 'en', '--references', 'r', '--outputs', 'o', '--samples', '1'], 'from 10 to 100000'],
])('%j is refused with what would do', (words, remedy) => {
  const { status, err } = asklab(...words);
  expect(status).toBe(64);
  expect(err).toContain(remedy);
});

test('what is not there is named, with a remedy, and nothing is made', () => {
  const project = join(folder, 'p.asklab');
  const missing = join(folder, 'missing.jsonl');
  for (const words of [
    ['import', project, missing],
    ['generate', '--input', missing, '--output', join(folder, 'out.jsonl')],
    ['metrics', '--lang', 'en', '--references', missing, '--outputs', missing],
    ['stats', project],
    ['campaign', 'report', missing],
    ['model', 'check', missing],
    ['rounds', 'list', project],
    ['rounds', 'merge', project, missing],
  ]) {
    const { status, err } = asklab(...words);
    expect({ words, status }).toEqual({ words, status: 1 });
    expect(err).toMatch(/^asklab: .*(p\.asklab|missing\.jsonl).*\. .*\.\n$/u);
  }
  expect(existsSync(project)).toBe(false);
  expect(existsSync(join(folder, 'out.jsonl'))).toBe(false);
});

test('--json: each line is JSON, the last one says how it ended', () => {
  const project = join(folder, 'p.asklab');
  const source = join(folder, 'rows.jsonl');
  writeFileSync(
    source,
    `${JSON.stringify({ text: 'The lamp burns oil.', question: 'What burns oil?', lang: 'en' })}\nno row`,
  );
  const linesOf = (...words: string[]): unknown[] => {
    const { out } = asklab(...words, '--json');
    return out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
  };
  expect(linesOf('import', project, source).at(-1)).toMatchObject({
    state: 'done-with-problems',
    result: { passages: 1 },
  });
  expect(linesOf('ask', project).at(-1)).toMatchObject({ state: 'done', done: 1, total: 1 });
  expect(linesOf('export', project, join(folder, 'out'), '--references').at(-1)).toMatchObject({ state: 'done' });
  expect(linesOf('stats', project)).toMatchObject([{ passages: 1 }]);
});

test(
  'Ctrl+C in an import: whole rows only, and the same command goes on to the same end',
  { timeout: 120_000 },
  async () => {
    const path = join(folder, 'p.asklab');
    const source = join(folder, 'rows.jsonl');
    const count = 20_000;
    const rows = Array.from({ length: count }, (_, index) =>
      JSON.stringify({ text: passage(index), question: `Who built number ${index}?`, lang: 'en' }),
    );
    writeFileSync(source, rows.join('\n'));
    const begun = (): boolean => existsSync(`${path}-wal`) && statSync(`${path}-wal`).size > 2_000_000;
    const { code, err } = await interrupted(folder, ['import', path, source], begun);
    expect({ code, err }).toEqual({ code: 130, err: expect.stringContaining('interrupted') });
    const project = Project.open(path);
    const stopped = project.counts().passages;
    expect(stopped).toBeGreaterThan(0);
    expect(stopped).toBeLessThan(count);
    expect(project.database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(project.database.prepare('SELECT count(*) FROM references_').pluck().get()).toBe(stopped);
    expect(project.jobs.list().map((job) => job.state)).toEqual(['stopped']);
    project.close();
    expect(asklab('import', path, source)).toMatchObject({ status: 0 });
    const whole = Project.open(path);
    expect(whole.counts()).toMatchObject({ passages: count });
    expect(whole.jobs.list().map((job) => job.state)).toEqual(['done']);
    whole.close();
  },
);
