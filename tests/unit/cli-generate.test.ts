/** `asklab generate`: passages in, questions out, without a project. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { asklab as run, interrupted, passage } from './cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const asklab = (...words: string[]): ReturnType<typeof run> => run(folder, ...words);

test('generate answers good rows in order, names the bad one and says so by its exit code', () => {
  const input = join(folder, 'passages.jsonl');
  const rows = [
    { id: 'a', passage: 'Ships 🚢🚢 saw it from afar. The first lens was lit at Cordouan in 1823.' },
    { id: 'b' },
    { id: 3, passage: '北京是中华人民共和国的首都。1949年，中央人民政府在北京成立。', lang: 'zh' },
  ];
  writeFileSync(input, rows.map((row) => JSON.stringify(row)).join('\n'));
  const { status, out, err } = asklab(
    'generate',
    '--input',
    input,
    '--output',
    '-',
    '--model',
    'rules',
    '--candidates',
    '2',
  );
  expect(status).toBe(2);
  expect(err).toContain(`${input}:2: passage: `);
  expect(err).toContain('1 row was not answered.');
  const answers = out
    .trim()
    .split('\n')
    .map(
      (line) =>
        JSON.parse(line) as { id: string; candidates: { text: string; focus: { start: number; end: number } }[] },
    );
  expect(answers.map((answer) => answer.id)).toEqual(['a', 3]);
  for (const { focus } of answers[0]?.candidates ?? []) {
    const sentence = Array.from(rows[0]?.passage ?? '')
      .slice(focus.start, focus.end)
      .join('');
    expect(sentence, 'places are code points').toMatch(/^(Ships|The) .*\.$/u);
  }
  for (const { candidates } of answers) {
    expect(candidates.length).toBeGreaterThan(0);
    expect(candidates.length).toBeLessThanOrEqual(2);
    expect(new Set(candidates.map((candidate) => candidate.text)).size).toBe(candidates.length);
  }
});

test('a pipe that is named as the output takes the rows and stays a pipe', () => {
  const input = join(folder, 'rows.jsonl');
  const pipe = join(folder, 'pipe');
  writeFileSync(input, JSON.stringify({ id: 'a', passage: 'The first lens was lit at Cordouan in 1823.' }));
  const words = `src-main/cli/main.ts generate --input ${input} --output ${pipe} --model rules`;
  const run = spawnSync('sh', ['-c', `mkfifo ${pipe} && (cat ${pipe} & "${process.execPath}" ${words}; wait)`], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(run.stdout).toContain('"id":"a"');
  expect(statSync(pipe).isFIFO()).toBe(true);
});

test('a reader that stops reading ends the command without a word', () => {
  const input = join(folder, 'rows.jsonl');
  const rows = Array.from({ length: 3000 }, (_, id) => JSON.stringify({ id, passage: 'The lens was lit in 1823.' }));
  writeFileSync(input, rows.join('\n'));
  const words = `src-main/cli/main.ts generate --input ${input} --output - --model rules`;
  const run = spawnSync('sh', ['-c', `"${process.execPath}" ${words} | head -1`], { encoding: 'utf8' });
  expect(run.stdout.split('\n')).toHaveLength(2);
  expect(run.stderr).toBe('');
});

describe('generate', () => {
  const rows = (count: number): string =>
    Array.from({ length: count }, (_, id) => JSON.stringify({ id, passage: passage(id), lang: 'en' })).join('\n');
  interface Answer {
    id: number;
    candidates: { text: string; focus: object | null; answer: object | null }[];
  }
  const answersOf = (path: string): Answer[] =>
    readFileSync(path, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Answer);

  test('--sample draws by its seed; what would mean nothing without it is refused', () => {
    const input = join(folder, 'in.jsonl');
    writeFileSync(input, rows(2));
    const drawn = (name: string, ...words: string[]): string => {
      const output = join(folder, name);
      const { status, err } = asklab('generate', '--input', input, '--output', output, '--device', 'cpu', ...words);
      expect({ status, err }).toEqual({ status: 0, err: '' });
      return readFileSync(output, 'utf8');
    };
    const hot = ['--sample', '--temperature', '1.5', '--top-k', '100', '--top-p', '1', '--beam', '2'];
    const one = drawn('a', ...hot, '--seed', '3');
    expect(drawn('b', ...hot, '--seed', '3')).toBe(one);
    expect(drawn('c', ...hot, '--seed', '4')).not.toBe(one);
    for (const idle of [
      ['--seed', '3'],
      ['--top-k', '5'],
    ]) {
      const { status, err } = asklab('generate', '--input', input, '--output', '-', ...idle);
      expect(status).toBe(64);
      expect(err).toContain(`${idle[0] ?? ''} means nothing without --sample`);
    }
  });

  test('--plain gives the beams about the whole passage as they come', () => {
    const [input, output] = [join(folder, 'in.jsonl'), join(folder, 'out.jsonl')];
    writeFileSync(input, rows(2));
    const words = ['generate', '--input', input, '--output', output, '--device', 'cpu', '--plain'];
    expect(asklab(...words, '--candidates', '3').status).toBe(0);
    for (const { candidates } of answersOf(output)) {
      expect(candidates.map(({ focus, answer }) => focus ?? answer)).toEqual([null, null, null]);
      expect(new Set(candidates.map(({ text }) => text)).size).toBe(3);
    }
    expect(asklab(...words, '--model', 'rules').err).toContain('--plain means nothing for the rules');
  });

  test('what an interrupted run left is never written over in silence; --resume goes on to the same file', () => {
    const [input, output] = [join(folder, 'in.jsonl'), join(folder, 'out.jsonl')];
    writeFileSync(input, `${rows(4)}\n{"id":9}\n`);
    const words = ['generate', '--input', input, '--output', output, '--model', 'rules'];
    asklab(...words);
    const whole = readFileSync(output, 'utf8');
    const [first = '', second = ''] = whole.split('\n');
    // As a kill leaves it: two whole rows and half of the third.
    writeFileSync(`${output}.part`, `${first}\n${second}\n{"id":2,"cand`);
    rmSync(output);
    const refused = asklab(...words);
    expect(refused.status).toBe(1);
    expect(refused.err).toContain('holds 2 answers of an interrupted run. Add --resume');
    expect(answersOf(`${output}.part`).map(({ id }) => id)).toEqual([0, 1]);
    const resumed = asklab(...words, '--resume', '--json');
    expect(resumed.status).toBe(2); // the bad row is named again
    expect(resumed.err).toContain(`${input}:5: passage`);
    expect(JSON.parse(resumed.out.trim().split('\n').at(-1) ?? '')).toMatchObject({
      answered: 2,
      refused: 1,
      over: true,
    });
    expect(readFileSync(output, 'utf8')).toBe(whole);
    expect(existsSync(`${output}.part`)).toBe(false);
    writeFileSync(`${output}.part`, '{"id":"other","candidates":[]}\n');
    expect(asklab(...words, '--resume').err).toContain('is not of this input');
    expect(asklab(...words, '--anew').status).toBe(2);
    expect(readFileSync(output, 'utf8')).toBe(whole);
  });
});

test('Ctrl+C in generate: whole answers under a name that does not look finished', { timeout: 60_000 }, async () => {
  const output = join(folder, 'questions.jsonl');
  const input = Array.from({ length: 3 }, (_, id) => `${JSON.stringify({ id, passage: passage(id), lang: 'en' })}\n`);
  const part = (): string => (existsSync(`${output}.part`) ? readFileSync(`${output}.part`, 'utf8') : '');
  const words = ['generate', '--input', '-', '--output', output, '--model', 'rules'];
  const { code, err } = await interrupted(folder, words, () => part().split('\n').length > 3, input.join(''));
  expect(code).toBe(130);
  expect(err).toBe(
    `asklab: interrupted after 3 rows. Their answers are in ${output}.part; with --resume the same command goes on.\n`,
  );
  expect(existsSync(output)).toBe(false);
  const ids = part()
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: number }).id);
  expect(ids).toEqual([0, 1, 2]);
});
