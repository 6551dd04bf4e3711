import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, expect, test } from 'vitest';
import reasons from '../../../resources/locales/en.problems.json' with { type: 'json' };
import { importFile } from '../../../src-main/engine/io/import.ts';
import type { ImportFormat, ImportOptions } from '../../../src-main/engine/io/readers/entry.ts';
import type { Project } from '../../../src-main/engine/store/project.ts';
import type { Problem } from '../../../src-main/shared/contract/types.ts';
import { AsklabError, errorCodes } from '../../../src-main/shared/errors.ts';
import { spoilt } from '../../spoil.ts';
import { rows, workplace } from './project.ts';

/** A kind of file as values, so that its structure can be spoilt, and how it is written, so that its bytes can. */
interface Kind {
  format: ImportFormat;
  value: unknown;
  write(value: unknown): Uint8Array;
}

const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
const json = (value: unknown): string => JSON.stringify(value) ?? '';
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const plain = (value: unknown): string => (typeof value === 'string' ? value : json(value));
const asJson = (value: unknown): Uint8Array => bytes(json(value));
const asJsonLines = (value: unknown): Uint8Array => bytes(list(value).map(json).join('\n'));
const asLines =
  (between: string) =>
  (value: unknown): Uint8Array =>
    bytes(list(value).map(plain).join(between));
const asTable =
  (mark: string) =>
  (value: unknown): Uint8Array => {
    const cell = (entry: unknown): string => `"${plain(entry).replaceAll('"', '""')}"`;
    return bytes(
      list(value)
        .map((row) => list(row).map(cell).join(mark))
        .join('\n'),
    );
  };
/** Columns by name; values of a column that do not fit together are written as JSON texts. */
function asParquet(value: unknown): Uint8Array {
  const columns = Object.entries(typeof value === 'object' && value !== null ? value : { value });
  const longest = Math.max(1, ...columns.map(([, data]) => list(data).length));
  const filled = (data: unknown): unknown[] => Array.from({ length: longest }, (_, at) => list(data)[at] ?? null);
  const written = (all: boolean): Uint8Array =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: columns.map(([name, data]) =>
          all ? { name, data: filled(data).map(json), type: 'STRING' } : { name, data: filled(data) },
        ),
      }),
    );
  try {
    return written(false);
  } catch {
    return written(true);
  }
}

const table = [
  ['title', 'text', 'question', 'answer', 'answer_start'],
  ...rows.map(({ title, text, questions: [first] }) => [
    title,
    text,
    first?.question ?? '',
    first?.answer?.text ?? '',
    String(first?.answer?.start ?? ''),
  ]),
];

const squad = (second: boolean): unknown => ({
  version: second ? 'v2.0' : '1.1',
  data: rows.map(({ title, text, questions }) => ({
    title,
    paragraphs: [
      {
        context: text,
        qas: questions.map(({ question, answer }, index) => ({
          id: `${title}${index}`,
          question,
          answers: answer ? [{ text: answer.text, answer_start: answer.start }] : [],
          ...(second ? { is_impossible: !answer, plausible_answers: [] } : {}),
        })),
      },
    ],
  })),
});

/** Rows as the Hugging Face datasets have SQuAD. */
const dataset = rows.flatMap(({ title, text, questions }) =>
  questions.map(({ question, answer }, index) => ({
    id: `${title}${index}`,
    title,
    context: text,
    question,
    answers: { text: answer ? [answer.text] : [], answer_start: answer ? [answer.start] : [] },
  })),
);
const columnsOf = (entries: readonly Record<string, unknown>[]): Record<string, unknown[]> =>
  Object.fromEntries(Object.keys(entries[0] ?? {}).map((name) => [name, entries.map((entry) => entry[name])]));

const lab = rows.map(({ title, text, questions }) => ({
  title,
  content: text,
  questions: questions.map((entry) => entry.question),
}));

const kinds: Record<string, Kind> = {
  text: { format: 'text', value: rows.map((row) => row.text), write: asLines('\n\n') },
  markdown: { format: 'markdown', value: rows.flatMap((row) => [`# ${row.title}`, row.text]), write: asLines('\n\n') },
  jsonl: { format: 'jsonl', value: rows, write: asJsonLines },
  'dataset as JSON lines': { format: 'jsonl', value: dataset, write: asJsonLines },
  csv: { format: 'csv', value: table, write: asTable(',') },
  tsv: { format: 'tsv', value: table, write: asTable('\t') },
  'SQuAD 1.1': { format: 'squad', value: squad(false), write: asJson },
  'SQuAD 2.0': { format: 'squad', value: squad(true), write: asJson },
  lab: { format: 'lab', value: lab, write: asJson },
  parquet: {
    format: 'parquet',
    value: columnsOf(rows.map(({ text, questions: [first] }) => ({ context: text, question: first?.question ?? '' }))),
    write: asParquet,
  },
  'dataset as Parquet': { format: 'parquet', value: columnsOf(dataset), write: asParquet },
  aligned: { format: 'aligned', value: rows.map((row) => row.text.replace('\n', ' ')), write: asLines('\n') },
};
/** The other file of aligned ones. */
const asked: Kind = {
  format: 'aligned',
  value: rows.map((row) => row.questions[0]?.question ?? ''),
  write: asLines('\n'),
};

/** Files in all, or of each kind. */
const ofEach = process.env['FUZZ_FILES'];
const runs = ofEach === undefined ? 10_000 : Number(ofEach) * Object.keys(kinds).length;
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const piece = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 8 }),
  fc
    .constantFrom(
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      '\n',
      '\r',
      '\t',
      '\u0000',
      '\uFEFF',
      '\\u',
      '\\ud83d',
      'null',
      '-1e999',
    )
    .map((text) => new Uint8Array(Buffer.from(text))),
);
const mutation = fc.oneof(
  fc.record({ kind: fc.constant('put' as const), place, piece }),
  fc.record({ kind: fc.constant('over' as const), place, piece }),
  fc.record({ kind: fc.constant('cut' as const), place, share: place }),
  fc.record({ kind: fc.constant('twice' as const), place, share: place }),
  fc.record({ kind: fc.constant('end' as const), place }),
);
/** What stands where something else should: other types, other scripts, nothing at all, too much. */
const odd = fc.oneof(
  fc.constantFrom<unknown[]>(
    ...[null, undefined, true, '', ' ', 0, -1, 2.5, 9e15, 'x', [], {}, [[]], [null], { text: 1 }, { text: ['x'] }],
    ...['\ud800', 'e\u0301', '😀', '#', '---', 'xx', '1e400', 'NaN', 'a\tb', '"', '\u0000', '\u2028'],
    'word '.repeat(2000),
    Array.from({ length: 50 }, () => 'again'),
  ),
  fc.anything({ maxDepth: 2 }),
);
const restructured = fc.record({ path: fc.array(fc.nat(9), { minLength: 1, maxLength: 7 }), by: odd });
/** What happens to one file: to its structure, then to its bytes. */
const spoiling = fc.record({
  structure: fc.array(restructured, { maxLength: 2 }),
  bytes: fc.array(mutation, { maxLength: 4 }),
});
type Spoiling = typeof spoiling extends fc.Arbitrary<infer Value> ? Value : never;

function spoiltFile({ value, write }: Kind, change: Spoiling): Uint8Array {
  const structure = change.structure.reduce((before, { path, by }) => spoilt(before, path, by), value);
  return change.bytes.reduce<Uint8Array>(mutated, write(structure));
}

type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never;

function mutated(file: Uint8Array, change: Mutation): Uint8Array {
  const at = Math.floor(change.place * file.length);
  const head = file.subarray(0, at);
  switch (change.kind) {
    case 'put':
      return Buffer.concat([head, change.piece, file.subarray(at)]);
    case 'over':
      return Buffer.concat([head, change.piece, file.subarray(at + change.piece.length)]);
    case 'cut':
      return Buffer.concat([head, file.subarray(at + Math.floor(change.share * 40))]);
    case 'twice':
      return Buffer.concat([head, file.subarray(at, at + Math.floor(change.share * 40)), file.subarray(at)]);
    case 'end':
      return head;
  }
}

const work = workplace();
/** A project takes so many files; a new one takes its place and stays small. */
const filesOfOne = 250;
let project: Project;
let dump = '';

function begin(): void {
  project = work.project();
  project.database.pragma('synchronous = OFF'); // nothing is killed here
  dump = digest();
}
afterAll(() => work.close());

/** Of every byte of the project. */
const digest = (): string => createHash('sha256').update(project.database.serialize()).digest('hex');

function count(table: string): number {
  return project.database.prepare(`SELECT count(*) FROM ${table}`).pluck().get() as number;
}

const totals = (): number[] => ['passages', 'references_', 'candidates'].map(count);

/** No row refers to what is not there, every row is found, every span stands in its text. */
function expectWhole(): void {
  expect(count('passage_search')).toBe(count('passages'));
  expect(count('candidate_search')).toBe(count('candidates'));
  expect(count('states')).toBe(count('candidates'));
  expect(project.database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(project.database.pragma('foreign_key_check')).toEqual([]);
  for (const id of project.passageIds({})) {
    const { text, sentences, references } = project.passage(id);
    const spans = [...sentences, ...references.flatMap(({ answer }) => answer ?? [])];
    expect(spans.every(({ start, end }) => start < end && end <= text.length)).toBe(true);
  }
}

test(
  `${runs} spoilt files: what can be read goes in whole, the rest is named (seed ${seed})`,
  { timeout: 1_200_000 + runs * 60 },
  async () => {
    const path = join(work.folder, 'spoilt');
    const questionsPath = join(work.folder, 'questions');
    const tally: Record<string, { files: number; refused: number; rows: number }> = {};
    let [files, kept] = [0, [0, 0, 0]];
    const file = fc.record({
      name: fc.constantFrom(...Object.keys(kinds)),
      change: spoiling,
      other: spoiling, // of the questions of aligned files
      named: fc.boolean(),
      questionsAs: fc.constantFrom('references', 'candidates', 'none'),
    });
    await fc.assert(
      fc.asyncProperty(file, async ({ name, change, other, named, questionsAs }) => {
        if (files % filesOfOne === 0) {
          if (files > 0) expectWhole();
          begin();
          kept = totals();
        }
        files += 1;
        const kind = kinds[name] ?? asked;
        const { format } = kind;
        writeFileSync(path, spoiltFile(kind, change));
        if (format === 'aligned') writeFileSync(questionsPath, spoiltFile(asked, other));
        const options: ImportOptions = {
          ...(named ? { format } : {}),
          ...(format === 'aligned' ? { questionsPath } : {}),
          questionsAs,
        };
        const of = (tally[name] ??= { files: 0, refused: 0, rows: 0 });
        of.files += 1;
        const problems: Problem[] = [];
        try {
          const imported = await importFile(project, { path }, options, (problem) => problems.push(problem));
          const { passages, references, candidates, duplicates } = imported;
          [passages, references, candidates].forEach((added, index) => (kept[index] = (kept[index] ?? 0) + added));
          if (passages + duplicates === 0) expect(problems.length).toBeGreaterThan(0);
          dump = digest();
        } catch (error) {
          expect(error).toBeInstanceOf(AsklabError);
          const { code, message } = error as AsklabError;
          expect(errorCodes).toContain(code);
          expect(['internal', 'cancelled']).not.toContain(code);
          expect(message.length).toBeGreaterThan(10);
          of.refused += 1;
          expect(digest()).toBe(dump);
        }
        of.rows += problems.length;
        for (const problem of problems) {
          expect(Object.keys(reasons)).toContain(problem.key);
          expect(problem.reason.length).toBeGreaterThan(10);
          expect(['spoilt', 'questions']).toContain(problem.file);
        }
        expect(project.database.inTransaction).toBe(false);
        expect(totals()).toEqual(kept);
      }),
      { numRuns: runs, seed },
    );
    expectWhole();
    console.table(tally);
    for (const name of Object.keys(kinds)) {
      const { files: of = 0, refused = 0, rows: named = 0 } = tally[name] ?? {};
      expect(of, name).toBeGreaterThan(runs / Object.keys(kinds).length / 2);
      expect(refused + named, name).toBeGreaterThan(of / 20);
    }
  },
);
