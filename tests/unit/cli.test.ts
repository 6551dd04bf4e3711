import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from 'vitest';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function asklab(...commandArguments: string[]): { status: number | null; out: string; err: string } {
  const run = spawnSync(process.execPath, ['src-main/cli/main.ts', ...commandArguments], {
    encoding: 'utf8',
    env: { ...process.env, HOME: folder, NODE_NO_WARNINGS: '1' },
  });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

test('generate answers good rows in order, names the bad one and says so by its exit code', () => {
  const input = join(folder, 'passages.jsonl');
  const rows = [
    { id: 'a', passage: 'The first lens was lit at Cordouan in 1823. Ships saw it from thirty kilometres away.' },
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
  expect(err).toContain(`${input}:2:`);
  const answers = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { id: string; candidates: { text: string }[] });
  expect(answers.map((answer) => answer.id)).toEqual(['a', '3']);
  for (const { candidates } of answers) {
    expect(candidates.length).toBeGreaterThan(0);
    expect(candidates.length).toBeLessThanOrEqual(2);
    expect(new Set(candidates.map((candidate) => candidate.text)).size).toBe(candidates.length);
  }
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
