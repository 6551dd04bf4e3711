import type { z } from 'zod';
import type { importFormats, importOptions } from '../../../shared/contract/importing.ts';
import type { Language, Problem } from '../../../shared/contract/types.ts';
import type { Source } from '../source.ts';

export type ImportFormat = (typeof importFormats)[number];
export type ImportOptions = z.input<typeof importOptions>;

/** `start` as the file has it: code points by SQuAD's rule, UTF-16 units in some files. */
export interface ReadAnswer {
  text: string;
  start: number | null;
}

export interface ReadQuestion {
  question: string;
  answers: ReadAnswer[];
  impossible?: boolean; // said to have no answer in the passage
  id: string | null;
}

export interface ReadPassage {
  document: string;
  title: string;
  text: string;
  language: Language | null;
  id: string | null;
  line: number | null;
  place?: string; // where there are no lines, as a problem tells it
  questions: ReadQuestion[];
}

export type Read = ReadPassage | Problem;

/** Reads a source piece by piece: good rows and bad ones, in order. Only an unreadable file throws. */
export type Reader = (source: Source, options: ImportOptions) => AsyncIterable<Read>;

/** A row of a table or a list of objects, before its columns have roles. */
export interface Row {
  line: number | null;
  /** Where the row stands when there are no lines, from 1. */
  entry: number | null;
  values: Record<string, unknown>;
}

export function isProblem(read: object): read is Problem {
  return 'reason' in read;
}

/** The first character, from 1, where a text is no JSON, as the parser's error tells it. */
export function faultOf(error: unknown, text: string): number {
  const position = error instanceof SyntaxError ? /position (\d+)/u.exec(error.message)?.[1] : undefined;
  return Math.min(Number(position ?? text.length), text.length) + 1;
}

export function because(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/gu, ' ').slice(0, 200);
}
