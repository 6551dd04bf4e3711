import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { importFile } from '../../../src-main/engine/io/import.ts';
import type { ImportFormat, ImportOptions } from '../../../src-main/engine/io/readers/entry.ts';
import type { Project } from '../../../src-main/engine/store/project.ts';
import { AsklabError } from '../../../src-main/shared/errors.ts';
import { rows, rowLines, workplace } from './project.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 10_000);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);

const table = (mark: string): string =>
  ['title', 'text', 'question', 'answer', 'answer_start']
    .join(mark)
    .concat('\n')
    .concat(
      rows
        .map(({ title, text, questions: [first] }) =>
          [title, text, first?.question ?? '', first?.answer?.text ?? '', String(first?.answer?.start ?? '')]
            .map((cell) => `"${cell.replaceAll('"', '""')}"`)
            .join(mark),
        )
        .join('\n'),
    );

const squad = JSON.stringify({
  version: '1.1',
  data: rows.map(({ title, text, questions }) => ({
    title,
    paragraphs: [
      {
        context: text,
        qas: questions.map(({ question, answer }, index) => ({
          id: `${title}${index}`,
          question,
          answers: answer ? [{ text: answer.text, answer_start: answer.start }] : [],
        })),
      },
    ],
  })),
});

/** A whole file of each format; what is changed in it is up to the runs. */
const files: Record<ImportFormat, Uint8Array> = {
  text: Buffer.from(rows.map((row) => row.text).join('\n\n')),
  markdown: Buffer.from(rows.map((row) => `# ${row.title}\n\n${row.text}`).join('\n\n')),
  jsonl: Buffer.from(rowLines),
  csv: Buffer.from(table(',')),
  tsv: Buffer.from(table('\t')),
  squad: Buffer.from(squad),
  lab: Buffer.from(
    JSON.stringify(
      rows.map(({ title, text, questions }) => ({
        title,
        content: text,
        questions: questions.map((entry) => entry.question),
      })),
    ),
  ),
  parquet: new Uint8Array(
    parquetWriteBuffer({
      columnData: [
        { name: 'context', data: rows.map((row) => row.text), type: 'STRING' },
        { name: 'question', data: rows.map((row) => row.questions[0]?.question ?? ''), type: 'STRING' },
      ],
    }),
  ),
  aligned: Buffer.from(rows.map((row) => row.text.replace('\n', ' ')).join('\n')),
};

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
type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never;

function mutated(bytes: Uint8Array, change: Mutation): Uint8Array {
  const at = Math.floor(change.place * bytes.length);
  const head = bytes.subarray(0, at);
  switch (change.kind) {
    case 'put':
      return Buffer.concat([head, change.piece, bytes.subarray(at)]);
    case 'over':
      return Buffer.concat([head, change.piece, bytes.subarray(at + change.piece.length)]);
    case 'cut':
      return Buffer.concat([head, bytes.subarray(at + Math.floor(change.share * 40))]);
    case 'twice':
      return Buffer.concat([head, bytes.subarray(at, at + Math.floor(change.share * 40)), bytes.subarray(at)]);
    case 'end':
      return head;
  }
}

const work = workplace();
let project: Project;

beforeAll(() => {
  project = work.project();
  project.database.pragma('synchronous = OFF'); // nothing is killed here
});
afterAll(() => work.close());

function count(tableName: string): number {
  return project.database.prepare(`SELECT count(*) FROM ${tableName}`).pluck().get() as number;
}

function totals(): number[] {
  return ['passages', 'references_', 'candidates'].map(count);
}

test(
  `${runs} spoilt files: what can be read goes in whole, the rest is named (seed ${seed})`,
  { timeout: 600_000 },
  async () => {
    const questions = join(work.folder, 'questions.txt');
    writeFileSync(questions, rows.map((row) => row.questions[0]?.question ?? '').join('\n'));
    const path = join(work.folder, 'spoilt');
    const kept = totals();
    let refused = 0;
    const file = fc.record({
      format: fc.constantFrom(...(Object.keys(files) as ImportFormat[])),
      changes: fc.array(mutation, { minLength: 1, maxLength: 4 }),
      named: fc.boolean(),
      questionsAs: fc.constantFrom('references', 'candidates', 'none'),
    });
    await fc.assert(
      fc.asyncProperty(file, async ({ format, changes, named, questionsAs }) => {
        writeFileSync(path, changes.reduce(mutated, files[format]));
        const options: ImportOptions = {
          ...(named ? { format } : {}),
          ...(format === 'aligned' ? { questionsPath: questions } : {}),
          questionsAs,
        };
        const reasons: string[] = [];
        try {
          const imported = await importFile(project, { path }, options, ({ reason }) => reasons.push(reason));
          [imported.passages, imported.references, imported.candidates].forEach(
            (added, index) => (kept[index] = (kept[index] ?? 0) + added),
          );
          if (imported.passages + imported.duplicates === 0) expect(reasons.length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(AsklabError);
          reasons.push((error as AsklabError).message);
        }
        refused += reasons.length;
        for (const reason of reasons) expect(reason.length).toBeGreaterThan(10);
        expect(project.database.inTransaction).toBe(false);
        expect(totals()).toEqual(kept);
      }),
      { numRuns: runs, seed },
    );
    expect(refused).toBeGreaterThan(runs / 10);
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
  },
);
