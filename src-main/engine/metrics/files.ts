import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { EvaluationItem } from './scorers.ts';

/** A row that could not be used, and why. */
export type FileProblem = { file: string; line: number; reason: string };

/** A passage's reference questions. */
export type Reference = { id: string; passage?: string; questions: string[] };

const identity = z.union([z.string(), z.number()]).transform(String).optional();
const referenceRow = z
  .object({
    id: identity,
    passage: z.string().optional(),
    question: z.string().optional(),
    references: z.array(z.string()).optional(),
  })
  .refine((row) => row.id !== undefined || row.passage !== undefined, 'it needs "id" or "passage"')
  .refine((row) => row.question !== undefined || row.references !== undefined, 'it needs "question" or "references"');
const candidate = z.union([z.string(), z.object({ text: z.string() }).transform((value) => value.text)]);
const outputRow = z
  .object({
    id: identity,
    passage: z.string().optional(),
    output: z.string().optional(),
    question: z.string().optional(),
    text: z.string().optional(),
    candidates: z.array(candidate).optional(),
  })
  .refine((row) => row.id !== undefined || row.passage !== undefined, 'it needs "id" or "passage"');

async function* rows<Row>(file: string, schema: z.ZodType<Row>, problems: FileProblem[]): AsyncGenerator<Row> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line += 1;
    if (text.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(line === 1 ? text.replace(/^\ufeff/u, '') : text);
    } catch {
      problems.push({ file, line, reason: 'it is not JSON' });
      continue;
    }
    const parsed = schema.safeParse(value);
    if (parsed.success) yield parsed.data;
    else problems.push({ file, line, reason: parsed.error.issues.map((issue) => issue.message).join('; ') });
  }
}

/**
 * References from JSON lines `{"id"?, "passage"?, "question"}` or `{"id"?, "passage"?, "references": […]}`: every question
 * of a passage counts; rows go together by passage, else by id. Rows that cannot be used are added to `problems`.
 */
export async function readReferences(file: string, problems: FileProblem[]): Promise<Reference[]> {
  const known = new Map<string, Reference>();
  for await (const row of rows(file, referenceRow, problems)) {
    const key = row.passage ?? row.id ?? '';
    const entry = known.get(key) ?? {
      id: row.id ?? key,
      questions: [],
      ...(row.passage === undefined ? {} : { passage: row.passage }),
    };
    entry.questions.push(...(row.references ?? []), ...(row.question === undefined ? [] : [row.question]));
    known.set(key, entry);
  }
  return [...known.values()].filter((reference) => reference.questions.length > 0);
}

/** A system's outputs by id and by passage; the first row of a passage counts. */
export type Outputs = ReadonlyMap<string, { output: string; candidates?: readonly string[] }>;

/**
 * Outputs from JSON lines `{"id" or "passage", "output"}`, `"question"` or `"text"` for `"output"`, or what
 * `asklab generate` writes, of which the first candidate is the output.
 */
export async function readOutputs(file: string, problems: FileProblem[]): Promise<Outputs> {
  const outputs = new Map<string, { output: string; candidates?: readonly string[] }>();
  for await (const row of rows(file, outputRow, problems)) {
    const output = row.output ?? row.question ?? row.text ?? row.candidates?.[0] ?? '';
    const entry = { output, ...(row.candidates === undefined ? {} : { candidates: row.candidates }) };
    for (const key of [row.id, row.passage]) if (key !== undefined && !outputs.has(key)) outputs.set(key, entry);
  }
  return outputs;
}

/** The references that every system answers, with one list of items per system in the same order. */
export function pairItems(
  references: readonly Reference[],
  systems: readonly Outputs[],
): { items: EvaluationItem[][]; missing: number } {
  const items: EvaluationItem[][] = systems.map(() => []);
  let missing = 0;
  for (const { id, passage, questions } of references) {
    const answers = systems.map(
      (outputs) => outputs.get(id) ?? (passage === undefined ? undefined : outputs.get(passage)),
    );
    if (answers.includes(undefined)) {
      missing += 1;
      continue;
    }
    answers.forEach((answer, at) => {
      if (answer !== undefined)
        items[at]?.push({ id, references: questions, ...answer, ...(passage === undefined ? {} : { passage }) });
    });
  }
  return { items, missing };
}
