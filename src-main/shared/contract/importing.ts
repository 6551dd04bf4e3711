import { z } from 'zod';
import { command, query } from './define.ts';
import { job, language, problem } from './types.ts';

export const importFormats = ['text', 'markdown', 'jsonl', 'csv', 'tsv', 'squad', 'parquet', 'lab', 'aligned'] as const;

export const columnRoles = [
  'text',
  'title',
  'document',
  'language',
  'id',
  'question',
  'answer',
  'answerStart',
  'impossible',
  'ignore',
] as const;

export const importOptions = z.object({
  format: z.enum(importFormats).optional(), // detected when absent
  encoding: z.string().optional(), // detected when absent
  language: language.optional(), // detected per passage when absent
  columns: z.record(z.string(), z.enum(columnRoles)).optional(),
  questionsAs: z.enum(['references', 'candidates', 'none']).default('references'),
  splitter: z
    .object({
      mode: z.enum(['blank-line', 'line', 'whole']),
      minimum: z.number().int().min(0),
      maximum: z.number().int().min(50),
    }) // characters
    .default({ mode: 'blank-line', minimum: 20, maximum: 4000 }),
  questionsPath: z.string().optional(), // aligned: the file of questions, line by line
});

/** A file on disk, or pasted text. */
export const importSource = z.union([
  z.object({ path: z.string() }),
  z.object({ text: z.string().max(5_000_000), title: z.string() }),
]);

export const importing = {
  /** Reads the head of a source; writes nothing. */
  inspect: query(
    z.object({ source: importSource, options: importOptions.prefault({}) }),
    z.object({
      format: z.enum(importFormats),
      encoding: z.string(),
      bytes: z.number(),
      columns: z.array(z.object({ name: z.string(), role: z.enum(columnRoles), examples: z.array(z.string()) })),
      preview: z.array(
        z.object({
          title: z.string(),
          text: z.string(),
          language: language.nullable(),
          questions: z.array(z.string()),
          line: z.number().nullable(),
        }),
      ),
      passages: z.number().nullable(), // counted when the file is small
      questions: z.number().nullable(),
      languages: z.array(z.object({ language: language.nullable(), passages: z.number() })), // of what was read; null: not clear
      /** Of the passages read: one number for each, the same in every file. Those that are in the project are `known`. */
      keys: z.array(z.number()),
      known: z.array(z.number()),
      problems: z.array(problem),
    }),
  ),
  start: command(z.object({ sources: z.array(importSource).min(1), options: importOptions.prefault({}) }), job),
};
