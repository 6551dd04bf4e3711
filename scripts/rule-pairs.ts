// Rule questions for training data: passages as JSONL on standard input, one pair a line on standard output.
// node scripts/rule-pairs.ts < passages.jsonl > pairs.jsonl
// In: {"id","lang","passage"}. Out: with "question", "draft" (the same: what a model with drafts is shown), "answer", "answerStart",
// "sentence":[start,end], "kind"; offsets count UTF-16 units. No question contains its answer.
import { createInterface } from 'node:readline';
import { ruleCandidates } from '../src-main/shared/rules/generate.ts';
import { languages, type Language } from '../src-main/shared/text/language.ts';
import { splitSentences } from '../src-main/shared/text/sentences.ts';

/** More than this from one passage repeats what was asked. */
const mostPerPassage = 12;

type PassageRow = { id: string; lang: Language; passage: string };

function readRow(line: string): PassageRow | null {
  let row: unknown;
  try {
    row = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof row !== 'object' || row === null || !('lang' in row) || !('passage' in row)) return null;
  const lang = languages.find((code) => code === row.lang);
  if (lang === undefined || typeof row.passage !== 'string') return null;
  return { id: 'id' in row ? String(row.id) : '', lang, passage: row.passage };
}

function pairLines({ id, lang, passage }: PassageRow): string[] {
  const sentences = splitSentences(passage, lang);
  const candidates = ruleCandidates({ passage, language: lang, sentences, limit: mostPerPassage });
  return candidates.flatMap(({ text, focus, answer, rule }) =>
    answer === null
      ? []
      : [
          JSON.stringify({
            id,
            lang,
            passage,
            question: text,
            draft: text,
            answer: passage.slice(answer.start, answer.end),
            answerStart: answer.start,
            sentence: [focus.start, focus.end],
            kind: rule.slice(rule.indexOf('.') + 1),
          }),
        ],
  );
}

async function write(lines: string[]): Promise<void> {
  if (lines.length === 0 || process.stdout.write(`${lines.join('\n')}\n`)) return;
  await new Promise((resolve) => process.stdout.once('drain', resolve));
}

let line = 0;
let refused = 0;
for await (const text of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  line += 1;
  if (text.trim() === '') continue;
  const row = readRow(text);
  if (row === null) {
    refused += 1;
    process.stderr.write(`Line ${line}: a row needs "lang" (${languages.join(', ')}) and "passage"; left out.\n`);
    continue;
  }
  await write(pairLines(row));
}
process.exitCode = refused === 0 ? 0 : 2;
