// What the text and question rules find in real data: node tests/bench/text-rules.ts FOLDER [--json FILE]
// FOLDER holds <language>.train.jsonl.gz and <language>.test.jsonl.gz with "passage" and "question".
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';
import { ruleCandidates } from '../../src-main/shared/rules/generate.ts';
import { proposeAnswers } from '../../src-main/shared/spans/propose.ts';
import { languages, type Language } from '../../src-main/shared/text/language.ts';
import { hasQuestionForm } from '../../src-main/shared/text/questionForms.ts';
import { splitSentences } from '../../src-main/shared/text/sentences.ts';

const row = z.object({ passage: z.string(), question: z.string(), answer: z.string().nullable() });
type Row = z.infer<typeof row>;

const { values, positionals } = parseArgs({ options: { json: { type: 'string' } }, allowPositionals: true });
const folder = positionals[0];
if (folder === undefined)
  throw new Error('Name the folder with <language>.train.jsonl.gz and <language>.test.jsonl.gz.');

function read(language: Language, split: string): Row[] {
  const text = gunzipSync(readFileSync(join(folder ?? '', `${language}.${split}.jsonl.gz`))).toString();
  return text
    .trim()
    .split('\n')
    .map((line) => row.parse(JSON.parse(line)));
}

/** The same `count` rows on every run. */
function sample<Item>(items: readonly Item[], count: number): Item[] {
  let state = 7;
  const order = items.map((item) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return { item, key: state };
  });
  return order
    .sort((left, right) => left.key - right.key)
    .slice(0, count)
    .map(({ item }) => item);
}

const share = (items: readonly unknown[], of: readonly unknown[]): number => items.length / Math.max(1, of.length);
const figures: Record<string, { value: number; target: number | null }> = {};
function figure(name: string, value: number, target: number | null): void {
  figures[name] = { value, target };
  console.log(`${name.padEnd(44)} ${value.toFixed(3)}${target === null ? '' : `  (target ${target})`}`);
}

for (const language of languages) {
  const train = read(language, 'train');
  const questions = sample(train, 1000).map((entry) => entry.question);
  figure(
    `${language} questions recognised`,
    share(
      questions.filter((question) => hasQuestionForm(question, language)),
      questions,
    ),
    0.98,
  );
  const passages = sample([...new Set(train.map((entry) => entry.passage))], 1500);
  const statements = sample(
    passages
      .flatMap((passage) => splitSentences(passage, language).map((span) => passage.slice(span.start, span.end)))
      .filter((sentence) => !/[?？]/u.test(sentence) && sentence.length > 15),
    1000,
  );
  figure(
    `${language} statements taken for questions`,
    share(
      statements.filter((statement) => hasQuestionForm(statement, language)),
      statements,
    ),
    0.02,
  );
  const marked = statements.map((statement) => `${statement.replace(/[.。।!\s]+$/u, '')}?`);
  figure(
    `${language} statements with ? taken for questions`,
    share(
      marked.filter((statement) => hasQuestionForm(statement, language)),
      marked,
    ),
    null,
  );

  const test = read(language, 'test');
  const tested = [...new Set(test.map((entry) => entry.passage))];
  const asked = tested.map((passage) =>
    ruleCandidates({ passage, language, sentences: splitSentences(passage, language), limit: 8 }),
  );
  figure(
    `${language} test passages with a rule question`,
    share(
      asked.filter((candidates) => candidates.length > 0),
      tested,
    ),
    null,
  );
  figure(`${language} rule questions a passage, at most 8`, share(asked.flat(), tested), null);

  const answered = test.filter((entry) => entry.answer !== null && entry.passage.includes(entry.answer));
  const near = answered.filter((entry) => {
    const start = entry.passage.indexOf(entry.answer ?? '');
    const end = start + (entry.answer?.length ?? 0);
    return proposeAnswers(entry.passage, language, splitSentences(entry.passage, language)).some((span) => {
      const common = Math.max(0, Math.min(end, span.end) - Math.max(start, span.start));
      return (2 * common) / (end - start + span.end - span.start) >= 0.5;
    });
  });
  figure(`${language} marked answers met by a proposed span`, share(near, answered), null);
}

if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
