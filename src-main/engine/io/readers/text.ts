import { importOptions } from '../../../shared/contract/importing.ts';
import { why } from '../../../shared/problems.ts';
import { detectLanguage } from '../../../shared/text/language.ts';
import { splitSentences } from '../../../shared/text/sentences.ts';
import type { Source } from '../source.ts';
import type { Read, Reader } from './entry.ts';

interface Paragraph {
  line: number;
  title: string;
  text: string;
}

/** Plain text or Markdown cut into passages; a Markdown heading gives its title to what follows. */
export function readText(markdown: boolean): Reader {
  return async function* (source, options) {
    const splitter = options.splitter ?? importOptions.parse({}).splitter;
    const document = source.name.replace(/\.[^.]*$/u, '') || source.name;
    let short = 0;
    for await (const { line, title, text } of paragraphs(source, splitter.mode, markdown ? document : null)) {
      if (text.length < splitter.minimum) {
        short += 1;
        continue;
      }
      for (const piece of pieces(text, splitter.maximum)) {
        if (piece.length <= splitter.maximum) yield passage(document, title ?? document, piece, line);
        else yield tooLong(source.name, line, piece.length, splitter.maximum);
      }
    }
    if (short > 0)
      yield { file: source.name, line: null, ...why('problem.short', { count: short, minimum: splitter.minimum }) };
  };
}

function passage(document: string, title: string, text: string, line: number): Read {
  return { document, title, text: text.toWellFormed(), language: null, id: null, line, questions: [] };
}

function tooLong(file: string, line: number, length: number, maximum: number): Read {
  return { file, line, ...why('problem.long', { length, maximum }) };
}

async function* paragraphs(
  source: Source,
  mode: 'blank-line' | 'line' | 'whole',
  markdownTitle: string | null,
): AsyncGenerator<Paragraph> {
  let title = markdownTitle ?? source.name.replace(/\.[^.]*$/u, '');
  let parts: string[] = [];
  let line = 1;
  const take = function* (): Generator<Paragraph> {
    const text = parts.join('\n').trim();
    parts = [];
    if (text !== '') yield { line, title, text };
  };
  for await (const { number, text } of source.lines()) {
    const content = number === 1 ? text.replace(/^\uFEFF/, '') : text;
    const heading = markdownTitle === null ? null : /^ {0,3}#{1,6}\s+(.+?)\s*#*$/u.exec(content);
    if (heading) {
      if (mode !== 'whole') yield* take();
      title = heading[1] ?? title;
      continue;
    }
    if (content.trim() === '' && mode === 'blank-line') {
      yield* take();
      continue;
    }
    if (parts.length === 0) line = number;
    parts.push(content);
    if (mode === 'line') yield* take();
  }
  yield* take();
}

/** A long paragraph in pieces of whole sentences, each as long as allowed. */
function pieces(text: string, maximum: number): string[] {
  if (text.length <= maximum) return [text];
  const found: string[] = [];
  let start = 0;
  let end = 0;
  for (const sentence of splitSentences(text, detectLanguage(text).language ?? 'en')) {
    if (sentence.end - start > maximum && end > start) {
      found.push(text.slice(start, end));
      start = sentence.start;
    }
    end = sentence.end;
  }
  found.push(text.slice(start));
  return found.map((piece) => piece.trim()).filter((piece) => piece !== '');
}
