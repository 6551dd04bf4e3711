import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isProblem, type ImportOptions, type ReadPassage } from '../../../src-main/engine/io/readers/entry.ts';
import { detectFormat, read } from '../../../src-main/engine/io/readers/read.ts';
import { roleOf } from '../../../src-main/engine/io/readers/rows.ts';
import { openSource, type ImportSource } from '../../../src-main/engine/io/source.ts';
import type { Problem } from '../../../src-main/shared/contract/types.ts';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'asklab-read-'))));
afterAll(() => rmSync(folder, { recursive: true }));

interface Found {
  format: string;
  encoding: string;
  passages: ReadPassage[];
  problems: Problem[];
}

async function readAll(source: ImportSource, options: ImportOptions = {}): Promise<Found> {
  const opened = await openSource(source, options.encoding);
  const format = detectFormat(opened, options);
  const found: Found = { format, encoding: opened.encoding, passages: [], problems: [] };
  for await (const entry of read(opened, format, options))
    if (isProblem(entry)) found.problems.push(entry);
    else found.passages.push(entry);
  return found;
}

function file(name: string, content: string | Uint8Array): ImportSource {
  const path = join(folder, name);
  writeFileSync(path, content);
  return { path };
}

describe('text', () => {
  const text =
    'Title line\n\nThe first paragraph has two lines\nand ends here.\n\nThe second paragraph stands alone.\n';

  test('paragraphs by blank lines, with their line; short ones counted', async () => {
    const { format, passages, problems } = await readAll(file('a.txt', text));
    expect(format).toBe('text');
    expect(passages.map(({ line, text: part }) => [line, part])).toEqual([
      [3, 'The first paragraph has two lines\nand ends here.'],
      [6, 'The second paragraph stands alone.'],
    ]);
    expect(problems).toEqual([
      {
        file: 'a.txt',
        line: null,
        reason: 'Paragraphs shorter than 20 characters, left out: 1. Lower the minimum to keep them.',
        key: 'problem.short',
        values: { count: 1, minimum: 20 },
      },
    ]);
  });

  test('lines, or the whole', async () => {
    const splitter = { minimum: 0, maximum: 1000 };
    const lines = await readAll({ text, title: 'x' }, { format: 'text', splitter: { ...splitter, mode: 'line' } });
    expect(lines.passages).toHaveLength(4);
    const whole = await readAll({ text, title: 'x' }, { format: 'text', splitter: { ...splitter, mode: 'whole' } });
    expect(whole.passages.map((passage) => passage.text)).toEqual([text.trim()]);
  });

  test('a file that is no text is refused, with what would do', async () => {
    await expect(readAll(file('a.asklab', 'SQLite format 3\0\u0010'))).rejects.toMatchObject({
      code: 'format-unknown',
      message: expect.stringContaining('Choose a text') as string,
    });
  });

  test('a long paragraph is cut between sentences', async () => {
    const long = 'This sentence is exactly so long. '.repeat(10);
    const splitter = { mode: 'blank-line', minimum: 20, maximum: 80 } as const;
    const { passages, problems } = await readAll({ text: long, title: 'x.txt' }, { splitter });
    expect(problems).toEqual([]);
    expect(passages).toHaveLength(5);
    expect(passages.every((passage) => passage.text.length <= 80 && passage.text.endsWith('.'))).toBe(true);
  });

  test('markdown headings name what follows', async () => {
    const { format, passages } = await readAll(
      file('notes.md', '# Tides\nWater rises twice a day here.\n## Mills ##\nA mill keeps the water behind a dam.\n'),
    );
    expect(format).toBe('markdown');
    expect(passages.map(({ document, title, text: body }) => [document, title, body])).toEqual([
      ['notes', 'Tides', 'Water rises twice a day here.'],
      ['notes', 'Mills', 'A mill keeps the water behind a dam.'],
    ]);
  });
});

describe('encodings', () => {
  const korean = '한지는 닥나무 껍질로 만든 종이이다. 천 년을 간다고 한다. 창호지로도 쓰였다.';
  const utf16 = (swap: boolean): Buffer => {
    const bytes = Buffer.from(`\uFEFF${korean}`, 'utf16le');
    return swap ? bytes.swap16() : bytes;
  };
  test.each([
    ['utf-8', Buffer.from(`\uFEFF${korean}`)],
    ['utf-16le', utf16(false)],
    ['utf-16be', utf16(true)],
  ])('%s with a byte order mark', async (encoding, bytes) => {
    const found = await readAll(file(`${encoding}.txt`, bytes));
    expect(found).toMatchObject({ encoding, passages: [{ text: korean }] });
  });

  test('windows-1252 is found by statistics, and a given encoding wins', async () => {
    const french = 'Le château a été bâti près de la forêt, où passait déjà la route à péage des évêques.';
    const source = file('latin.txt', Buffer.from(french, 'latin1'));
    expect((await readAll(source)).passages[0]?.text).toBe(french);
    expect((await readAll(source, { encoding: 'utf-8' })).passages[0]?.text).toContain('\uFFFD');
    await expect(readAll(source, { encoding: 'klingon' })).rejects.toMatchObject({ code: 'invalid-input' });
  });
});

describe('rows', () => {
  test('JSON lines: roles by usual names, Hugging Face answers, bad lines named', async () => {
    const rows = [
      {
        id: 'q1',
        title: 'T',
        context: 'A lamp burns.',
        question: 'What burns?',
        answers: { text: ['A lamp'], answer_start: [0] },
      },
      { passage: 'Une lampe.', lang: 'fr-FR', id: 7, questions: ['Quoi ?', { question: 'Où ?', answer: 'lampe' }] },
    ].map((row) => JSON.stringify(row));
    const { passages, problems } = await readAll(
      file('rows.jsonl', `${rows[0] ?? ''}\nnot json\n[1]\n\n{"other":1}\n{"text":" "}\n${rows[1] ?? ''}`),
    );
    expect(passages).toMatchObject([
      {
        title: 'T',
        document: 'T',
        line: 1,
        id: null,
        questions: [{ id: 'q1', answers: [{ text: 'A lamp', start: 0 }] }],
      },
      {
        language: 'fr',
        id: '7',
        line: 7,
        questions: [{ question: 'Quoi ?' }, { answers: [{ text: 'lampe', start: null }] }],
      },
    ]);
    expect(problems.map(({ line, key }) => [line, key])).toEqual([
      [2, 'problem.notJsonAt'],
      [3, 'problem.noObject'],
      [5, 'problem.noText'],
      [6, 'problem.empty'],
    ]);
  });

  test('a mapping wins over usual names', async () => {
    const columns = { body: 'text', text: 'ignore' } as const;
    const { passages } = await readAll(file('map.jsonl', '{"body":"Mine.","text":"Not mine."}'), { columns });
    expect(passages).toMatchObject([{ text: 'Mine.' }]);
    for (const name of ['constructor', 'toString']) expect(roleOf(name, { columns })).toBe('ignore');
  });

  test('CSV: semicolons, quotes, line breaks in cells, rows that do not fit the header', async () => {
    const { passages, problems } = await readAll(
      file('t.csv', '\uFEFFtext;question;answer\n"A ""lamp""\nburns.";What?;lamp\nonly one\n\nNext; Why? ;\n'),
    );
    expect(passages).toMatchObject([
      { text: 'A "lamp"\nburns.', line: 2, questions: [{ question: 'What?', answers: [{ text: 'lamp' }] }] },
      { text: 'Next', questions: [{ question: ' Why? ', answers: [] }] },
    ]);
    expect(problems).toMatchObject([{ line: 4 }]);
  });

  test('TSV and an open quote', async () => {
    const { format, passages, problems } = await readAll(file('t.tsv', 'text\tid\nGood.\t1\n"Open\t2\n'));
    expect(format).toBe('tsv');
    expect(passages).toMatchObject([{ text: 'Good.', id: '1' }]);
    expect(problems).toMatchObject([{ line: 3, key: 'problem.quotes' }]);
  });

  test('Parquet, and a cut one', async () => {
    const bytes = new Uint8Array(
      parquetWriteBuffer({ columnData: [{ name: 'context', data: ['A lamp.', 'A sea.'], type: 'STRING' }] }),
    );
    const { format, passages } = await readAll(file('t.parquet', bytes));
    expect(format).toBe('parquet');
    expect(passages).toMatchObject([{ text: 'A lamp.' }, { text: 'A sea.' }]);
    const cut = await readAll(file('cut.parquet', bytes.slice(0, 60)));
    expect(cut.problems).toHaveLength(1);
  });
});

describe('JSON files', () => {
  test('SQuAD of any version, other keys, a bad question left out', async () => {
    const good = {
      id: 3,
      question: 'What burns?',
      answers: [{ text: 'lamp', answer_start: 2 }],
      plausible_answers: [],
    };
    const data = [
      { title: 'T', extra: 1, paragraphs: [{ context: 'A lamp burns.', qas: [good, { id: 'x' }] }, { qas: [] }] },
      'no article',
    ];
    const { format, passages, problems } = await readAll(
      file('s.json', JSON.stringify({ version: 1.0, license: 'x', data }, null, 1)),
    );
    expect(format).toBe('squad');
    expect(passages).toMatchObject([
      { title: 'T', questions: [{ id: '3', question: 'What burns?', answers: [{ text: 'lamp', start: 2 }] }] },
    ]);
    expect(problems.map((problem) => problem.reason.split(':')[0])).toEqual([
      'data[0].paragraphs[0].qas[1].question',
      'data[0].paragraphs[1].context',
      'data[1]',
    ]);
  });

  test('SQuAD on one line is not JSON lines', async () => {
    expect((await readAll(file('one.json', '{"version":"1.1","data":[]}'))).format).toBe('squad');
    expect((await readAll(file('two.json', '{"text":"a"}\n{"text":"b"}'))).format).toBe('jsonl');
  });

  test('LAB lists', async () => {
    const list = [
      { title: '电桥', content: '四个电阻组成电桥。', questions: ['什么是电桥？', '几个电阻？'] },
      5,
      { title: 'x' },
    ];
    const { format, passages, problems } = await readAll(file('lab.json', JSON.stringify(list)));
    expect(format).toBe('lab');
    expect(passages).toMatchObject([
      { title: '电桥', questions: [{ question: '什么是电桥？' }, { question: '几个电阻？' }] },
    ]);
    expect(problems.map((problem) => problem.reason.slice(0, 8))).toEqual(['Entry 2:', 'Entry 3:']);
  });

  test('broken JSON is one problem', async () => {
    const { problems } = await readAll(file('b.json', '{"data": [{"title"'));
    expect(problems).toMatchObject([{ reason: expect.stringContaining('Not valid JSON') as string }]);
  });
});

test('aligned files: equal neighbours are one passage, missing lines are named', async () => {
  const questions = file('q.txt', 'Who?\nWhat?\nWhy?\nToo many?\nMore?\n');
  const passages = file('p.txt', 'A lamp.\nA lamp.\nA sea.\n\n');
  const options = { questionsPath: 'path' in questions ? questions.path : '' };
  const found = await readAll(passages, options);
  expect(found.format).toBe('aligned');
  expect(found.passages.map((passage) => passage.questions.map((entry) => entry.question))).toEqual([
    ['Who?', 'What?'],
    ['Why?'],
  ]);
  expect(found.problems.map((problem) => problem.line)).toEqual([4, 5]);
  expect((await readAll(passages, { format: 'aligned' })).problems).toHaveLength(1);
});

test('a file that is not there is refused with its reason', async () => {
  await expect(readAll({ path: join(folder, 'none.txt') })).rejects.toMatchObject({ code: 'file-unreadable' });
  await expect(readAll({ path: folder })).rejects.toMatchObject({ code: 'file-unreadable' });
});
