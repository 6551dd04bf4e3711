import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportProject } from '../../../src-main/engine/io/export.ts';
import type { Project } from '../../../src-main/engine/store/project.ts';
import { exportFormats, exportSettings, type ExportSettings } from '../../../src-main/shared/contract/exporting.ts';
import { items, rowLines, take, workplace } from './project.ts';

const place = workplace();
let project: Project;

beforeAll(async () => {
  project = place.project();
  const { imported, problems } = await take(project, place.file('rows.jsonl', rowLines));
  expect(problems).toEqual([]);
  expect(imported).toMatchObject({ passages: 5, references: 8 });
});
afterAll(() => place.close());

type Wanted = Partial<ExportSettings> & Pick<ExportSettings, 'format'>;

async function exported(wanted: Wanted, folder = join(place.folder, wanted.format), from = project): Promise<string[]> {
  const settings = exportSettings.parse({ folder, includeReferences: true, ...wanted });
  return (await exportProject(from, settings)).files;
}

async function dataOf(wanted: Wanted, folder?: string): Promise<string> {
  return readFileSync((await exported(wanted, folder))[0] ?? '', 'utf8');
}

function linesOf(text: string): unknown[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
}

describe('round trips', () => {
  test.each(['squad-v2', 'hf-parquet', 'hf-jsonl', 'csv', 'lab'] as const)('%s', async (format) => {
    const [file = ''] = await exported({ format });
    const other = place.project();
    const { problems } = await take(other, { path: file });
    expect(problems).toEqual([]);
    // LAB has no answers; SQuAD gives a passage without a title its document's.
    const expected = items(project).map((item) => ({
      ...item,
      answer: format === 'lab' ? null : item.answer,
      title: format === 'squad-v2' && item.title === '' ? 'Lamps' : item.title,
    }));
    expect(items(other)).toEqual(expected);
  });
});

describe('every format', () => {
  test.each(exportFormats.filter((format) => format !== 'preference'))(
    '%s: same bytes twice, manifest holds',
    async (format) => {
      const read = async (name: string): Promise<Map<string, Buffer>> => {
        const folder = join(place.folder, `${name}-${format}`);
        const files = await exported(
          { format, split: { by: 'passage', seed: 7, train: 0.6, dev: 0.2, test: 0.2 } },
          folder,
        );
        expect(readdirSync(folder).sort()).toEqual(files.map((file) => file.slice(folder.length + 1)).sort());
        return new Map(files.map((file) => [file.slice(folder.length + 1), readFileSync(file)]));
      };
      const once = await read('once');
      expect(await read('twice')).toEqual(once);
      const manifest = JSON.parse(once.get('manifest.json')?.toString() ?? '') as {
        files: { name: string; sha256: string; bytes: number }[];
        splits: { questions: number }[];
      };
      for (const { name, sha256, bytes } of manifest.files) {
        expect(
          createHash('sha256')
            .update(once.get(name) ?? '')
            .digest('hex'),
        ).toBe(sha256);
        expect(once.get(name)).toHaveLength(bytes);
      }
      const questions = manifest.splits.reduce((sum, split) => sum + split.questions, 0);
      expect(questions).toBe(format === 'squad-v1' ? 7 : 8);
      expect(JSON.stringify(manifest)).not.toContain(place.folder);
    },
  );

  test('SQuAD counts code points; v1.1 leaves out what has no answer', async () => {
    const file = JSON.parse(await dataOf({ format: 'squad-v1' })) as {
      version: string;
      data: { paragraphs: { context: string; qas: { answers: { text: string; answer_start: number }[] }[] }[] }[];
    };
    expect(file.version).toBe('1.1');
    let answers = 0;
    for (const { context, qas } of file.data.flatMap((article) => article.paragraphs))
      for (const { text, answer_start: start } of qas.flatMap((entry) => entry.answers)) {
        answers += 1;
        expect(
          Array.from(context)
            .slice(start, start + Array.from(text).length)
            .join(''),
        ).toBe(text);
      }
    expect(answers).toBe(7);
  });

  test('Parquet has the nested answers of the SQuAD data set, and a card', async () => {
    const [file = '', card = ''] = await exported({ format: 'hf-parquet' });
    const bytes = new Uint8Array(readFileSync(file)).buffer;
    expect(parquetSchema(parquetMetadata(bytes)).children.map((child) => child.element.name)).toEqual([
      'id',
      'title',
      'context',
      'question',
      'answers',
    ]);
    const rows = await parquetReadObjects({ file: bytes });
    expect(rows).toHaveLength(8);
    expect(rows[0]?.['answers']).toEqual({ text: ['A lamp'], answer_start: [2] });
    expect(rows[2]?.['answers']).toEqual({ text: [], answer_start: [] });
    expect(readFileSync(card, 'utf8')).toMatch(
      /^---\nlanguage:\n- en\n- fr\n- hi\n- ko\n- zh\n[^]*dataset_info:\n {2}features:\n[^]*answer_start\n {6}dtype: int32\n---\n/,
    );
  });

  test('formulas are neutralised on request only', async () => {
    expect(await dataOf({ format: 'csv' })).toContain(',=SUM(A1) or not?,');
    expect(await dataOf({ format: 'csv', neutraliseFormulas: true })).toContain(",'=SUM(A1) or not?,");
  });

  test('lmqg marks the answer and its sentence', async () => {
    const [row] = linesOf(await dataOf({ format: 'lmqg', languages: ['ko'] }));
    expect(row).toEqual({
      question: '온돌은 무엇을 데우는가?',
      paragraph: '온돌은 바닥을 데우는 난방이다. 아궁이에서 불을 땐다.',
      answer: '바닥',
      sentence: '온돌은 바닥을 데우는 난방이다.',
      paragraph_sentence: '<hl> 온돌은 바닥을 데우는 난방이다. <hl> 아궁이에서 불을 땐다.',
      paragraph_answer: '온돌은 <hl> 바닥 <hl> 을 데우는 난방이다. 아궁이에서 불을 땐다.',
      sentence_answer: '온돌은 <hl> 바닥 <hl> 을 데우는 난방이다.',
    });
  });

  test('Label Studio tasks name what their config names', async () => {
    const files = await exported({ format: 'label-studio' });
    const tasks = JSON.parse(readFileSync(files[0] ?? '', 'utf8')) as {
      data: Record<string, string>;
      predictions: { result: { from_name: string; to_name: string; value: { text: string[] } }[] }[];
    }[];
    const config = readFileSync(files[1] ?? '', 'utf8');
    const result = tasks[0]?.predictions[0]?.result[0];
    expect(config).toContain(`<TextArea name="${result?.from_name ?? ''}" toName="${result?.to_name ?? ''}"`);
    expect(config).toContain('value="$passage"');
    expect(result?.value.text).toEqual(['What burns oil?']);
  });

  test('rows for tuning: passage in, question out', async () => {
    const first = async (format: ExportSettings['format']) => linesOf(await dataOf({ format, languages: ['zh'] }))[0];
    const text = '赵州桥由李春设计。桥上有四个小拱，𠀀字刻在石上。';
    expect(await first('alpaca')).toMatchObject({ input: text, output: '谁设计了赵州桥？' });
    expect(await first('sharegpt')).toMatchObject({ conversations: [{ from: 'human' }, { from: 'gpt' }] });
    expect(await first('openai-chat')).toMatchObject({ messages: [{}, { content: text }, { role: 'assistant' }] });
    expect(await first('lalm')).toMatchObject({ lang: 'zh', passage: text, answer: { text: '李春', start: 4 } });
    expect(await first('lalm')).toHaveProperty('draft', '赵州桥由谁设计？'); // what the rules ask about 李春
    expect(await first('doccano')).toMatchObject({ text, label: ['谁设计了赵州桥？', '石上刻着什么字？'] });
    expect(await first('argilla')).toMatchObject({ context: text, agent: 'reference', score: null });
  });
});

test('preference pairs come from edits; accepted questions carry their lineage', async () => {
  const edited = place.project();
  await take(edited, place.file('rows.jsonl', rowLines), { questionsAs: 'candidates' });
  const [passage = ''] = edited.passageIds({});
  const [first, second] = edited.candidates(passage);
  const decide = (item: string, payload: object): void => {
    edited.history.append(edited.person().id, [{ kind: 'decide', item, payload: { verdict: 'accept', ...payload } }]);
  };
  decide(first?.id ?? '', { question: 'Which thing burns oil?' });
  decide(second?.id ?? '', {});
  const pair = readFileSync((await exported({ format: 'preference' }, join(place.folder, 'pairs'), edited))[0] ?? '');
  expect(linesOf(pair.toString())).toMatchObject([{ chosen: 'Which thing burns oil?', rejected: 'What burns oil?' }]);
  const rows = await exported({ format: 'hf-jsonl', lineage: true }, join(place.folder, 'lineage'), edited);
  expect(linesOf(readFileSync(rows[0] ?? '', 'utf8'))).toMatchObject([
    {
      original: 'What burns oil?',
      status: 'edited',
      decided_by: 'Ada',
      lineage: expect.stringContaining('"generator":"import:rows.jsonl"') as unknown,
    },
    { status: 'accepted' },
  ]);
});

test('a folder that cannot be written is refused, and what was there stays', async () => {
  const blocked = join(place.folder, 'blocked');
  writeFileSync(blocked, 'a file');
  await expect(exported({ format: 'csv' }, blocked)).rejects.toMatchObject({ code: 'write-failed' });
  expect(readFileSync(blocked, 'utf8')).toBe('a file');
  const folder = join(place.folder, 'stays');
  const [file = ''] = await exported({ format: 'csv' }, folder);
  const before = readFileSync(file);
  const settings = exportSettings.parse({ format: 'csv', folder, includeReferences: true, languages: ['en'] });
  const cancelled = exportProject(project, settings, {
    progress: () => {
      throw new Error('cancelled here');
    },
  });
  await expect(cancelled).rejects.toThrow('cancelled here');
  expect(readFileSync(file)).toEqual(before);
  expect(readdirSync(folder).sort()).toEqual(['manifest.json', 'train.csv']);
});

test('nothing to export is said', async () => {
  await expect(exported({ format: 'csv', languages: ['en'], includeReferences: false })).rejects.toMatchObject({
    code: 'invalid-input',
  });
});

test('what stops the renames leaves no manifest, so that old and new files never look like one export', async () => {
  const folder = join(place.folder, 'half');
  const wanted: Wanted = { format: 'hf-jsonl', split: { by: 'passage', seed: 7, train: 0.6, dev: 0.2, test: 0.2 } };
  const files = await exported(wanted, folder);
  const blocked = files.find((file) => file.endsWith('test.jsonl')) ?? '';
  rmSync(blocked);
  mkdirSync(join(blocked, 'in the way'), { recursive: true }); // a folder is not renamed over
  const other: Wanted = { ...wanted, split: { by: 'passage', seed: 8, train: 0.6, dev: 0.2, test: 0.2 } };
  await expect(exported(other, folder)).rejects.toMatchObject({ code: 'write-failed' });
  expect(readdirSync(folder)).not.toContain('manifest.json');
  expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  rmSync(blocked, { recursive: true });
  expect(readdirSync(folder)).not.toContain('manifest.json');
  await exported(other, folder);
  expect(readdirSync(folder)).toContain('manifest.json');
});
