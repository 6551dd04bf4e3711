import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { SystemSource } from '../../shared/contract/campaigns.ts';
import type { Problem } from '../../shared/contract/types.ts';
import { systemCode, told } from '../../shared/told.ts';
import { why, type ProblemKey } from '../../shared/problems.ts';
import { decoderFor, detectEncoding } from '../io/encoding.ts';
import { delimiterOf } from '../io/readers/table.ts';
import { seededRandom } from '../statistics/random.ts';
import type { Project } from '../store/project.ts';

/** Questions a system has already written, one per passage id. */
export interface Given {
  questions: Map<string, string>;
  problems: Problem[];
}

/** What a system has for each passage of the project; null for one that generates when the campaign is made. */
export function givenQuestions(project: Project, source: SystemSource, seed: number): Given | null {
  switch (source.kind) {
    case 'generator':
      return null;
    case 'project':
      return { questions: projectQuestions(project, source.generator), problems: [] };
    case 'reference':
      return { questions: referenceQuestions(project, seed), problems: [] };
    case 'file':
      return fileQuestions(project, source.path);
  }
}

/** The generator's best question of each passage as it wrote it, before any person's edit. */
function projectQuestions(project: Project, generator: string): Map<string, string> {
  const rows = project.database
    .prepare(
      `SELECT passage_id AS passage, original AS question FROM candidates WHERE generator = ?
       ORDER BY passage_id, coalesce(lineage ->> '$.rank', 1e9), row`,
    )
    .all(generator) as { passage: string; question: string }[];
  const questions = new Map<string, string>();
  for (const { passage, question } of rows) if (!questions.has(passage)) questions.set(passage, question);
  return questions;
}

/** One of the questions that people wrote for each passage, drawn by the seed. */
function referenceQuestions(project: Project, seed: number): Map<string, string> {
  const rows = project.database
    .prepare('SELECT passage_id AS passage, question FROM references_ ORDER BY passage_id, id')
    .all() as { passage: string; question: string }[];
  const all = new Map<string, string[]>();
  for (const { passage, question } of rows) {
    const list = all.get(passage);
    if (list) list.push(question);
    else all.set(passage, [question]);
  }
  const random = seededRandom(seed);
  return new Map(
    [...all].map(([passage, list]) => [passage, list[Math.floor(random() * list.length)] ?? list[0] ?? '']),
  );
}

const identity = z.union([z.string(), z.number()]).transform(String).optional();
const text = z.union([z.string(), z.object({ text: z.string() }).transform((value) => value.text)]);
/** What `asklab generate` writes, and the names other tools use. */
const outputRow = z.object({
  id: identity,
  passage: z.string().optional(),
  output: z.string().optional(),
  question: z.string().optional(),
  text: z.string().optional(),
  candidates: z.array(text).optional(),
});

function fileQuestions(project: Project, path: string): Given {
  const known = passageKeys(project);
  const file = basename(path);
  const questions = new Map<string, string>();
  const problems: Problem[] = [];
  const refuse = (line: number, key: ProblemKey): void => void problems.push({ file, line, ...why(key) });
  for (const { line, value } of rowsOf(path)) {
    const parsed = outputRow.safeParse(value);
    if (!parsed.success) {
      refuse(line, 'problem.noOutputRow');
      continue;
    }
    const row = parsed.data;
    const question = (row.output ?? row.question ?? row.text ?? row.candidates?.[0] ?? '').trim();
    const passage = known.get(row.id ?? '') ?? known.get(row.passage?.trim() ?? '');
    if (passage === undefined) refuse(line, 'problem.noPassage');
    else if (question === '') refuse(line, 'problem.emptyOutput');
    else if (!questions.has(passage)) questions.set(passage, question);
  }
  return { questions, problems };
}

/** Passages by everything a row of outputs may name them with: id, own id, the id of one of their questions, text. */
function passageKeys(project: Project): Map<string, string> {
  const known = new Map<string, string>();
  const note = (key: string | null, id: string): void => {
    if (key !== null && !known.has(key)) known.set(key, id);
  };
  const passages = project.database
    .prepare('SELECT id, external_id AS externalId, text FROM passages ORDER BY row')
    .iterate() as Iterable<{ id: string; externalId: string | null; text: string }>;
  for (const { id, externalId, text: passage } of passages)
    for (const key of [id, externalId, passage.trim()]) note(key, id);
  const questions = project.database
    .prepare('SELECT passage_id AS id, external_id AS externalId FROM references_ WHERE external_id IS NOT NULL')
    .iterate() as Iterable<{ id: string; externalId: string }>;
  for (const { id, externalId } of questions) note(externalId, id);
  return known;
}

function* rowsOf(path: string): Generator<{ line: number; value: unknown }> {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    throw told('error.file-unreadable.file', { path, why: systemCode(error) });
  }
  const content = decoderFor(detectEncoding(bytes))
    .decode(bytes)
    .replace(/^\uFEFF/u, '');
  if (/\.(csv|tsv)$/iu.test(path)) {
    const delimiter = delimiterOf(content.slice(0, 4096), path.toLowerCase().endsWith('.tsv') ? '\t' : ',');
    const records = parse(content, {
      columns: true,
      delimiter,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
    }) as unknown as { record: Record<string, string>; info: { lines: number } }[];
    for (const { record, info } of records) yield { line: info.lines, value: filled(record) };
    return;
  }
  for (const [index, line] of content.split(/\r?\n/u).entries()) {
    if (line.trim() === '') continue;
    let value: unknown = null;
    try {
      value = JSON.parse(line);
    } catch {
      // Stays null and is named as a bad row.
    }
    yield { line: index + 1, value };
  }
}

/** An empty cell says nothing. */
function filled(record: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).filter(([, cell]) => cell.trim() !== ''));
}
