// Hindi training rows beside those of rule-pairs.ts: any answer-like span of a whole sentence, replaced where it stands.
// node scripts/in-place-pairs.ts < passages.jsonl > pairs.jsonl (the same input and output as rule-pairs.ts)
// The rules ask only where a question can be shown to a person; a model must also see the sentences they leave alone.
import { createInterface } from 'node:readline';
import { pointing } from '../src-main/shared/rules/hindi/words.ts';
import { proposeAnswers, type AnswerSpan } from '../src-main/shared/spans/propose.ts';
import { splitSentences } from '../src-main/shared/text/sentences.ts';

const mostPerPassage = 6;

/** The question word for a case marker; `place` and the rest are kinds of span. */
const asked: Record<string, (kind: AnswerSpan['kind']) => string> = {
  ने: () => 'किसने',
  को: () => 'किसे',
  से: (kind) => (kind === 'place' ? 'कहाँ से' : 'किससे'),
  में: (kind) => (kind === 'place' ? 'कहाँ' : kind === 'time' ? 'कब' : 'किसमें'),
  पर: (kind) => (kind === 'place' ? 'कहाँ' : 'किस पर'),
  द्वारा: () => 'किसके द्वारा',
};

function question(text: string, sentence: { start: number; end: number }, span: AnswerSpan): string | null {
  const whole = text.slice(sentence.start, sentence.end).replace(/[।|.!\s]+$/u, '');
  const before = text.slice(sentence.start, span.start);
  const after = whole.slice(span.end - sentence.start);
  const marker = /^\s(\p{L}[\p{L}\p{M}]*)(?=\s)/u.exec(after)?.[1] ?? '';
  const word = span.kind === 'number' ? 'कितने' : asked[marker]?.(span.kind);
  if (word === undefined || span.kind === 'reason' || span.kind === 'manner') return null;
  const rest = span.kind === 'number' ? after : after.slice(marker.length + 1);
  const written = `${before}${word}${rest}`
    .replace(/\([^()]*\)/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/\s+([,;:])/gu, '$1')
    .trim();
  const words = written.split(' ');
  if (words.length < 5 || words.length > 22 || pointing.has(words[0] ?? '')) return null;
  if (/["“”‘’'?!;:]|^[\d०-९]+ ?[.)]|^(?:और|या|तथा|एवं|लेकिन|परन्तु|किन्तु|इसलिए|अतः|पर|तो) /u.test(written)) return null;
  if (!/(?:है|हैं|था|थी|थे|थीं|गया|गई|गए|किया|की|दिया|दी|दिए|लिया|हुआ|हुई|हुए|होगा|होगी|होंगे|रहा|रही|रहे)$/u.test(written))
    return null;
  return `${written}?`;
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const { id, lang, passage } = JSON.parse(line) as { id: string; lang: string; passage: string };
  if (lang !== 'hi') continue;
  const sentences = splitSentences(passage, 'hi');
  let made = 0;
  for (const span of proposeAnswers(passage, 'hi', sentences)) {
    const sentence = sentences[span.sentence];
    const text = sentence && question(passage, sentence, span);
    if (!sentence || !text || made === mostPerPassage) continue;
    made += 1;
    const answer = passage.slice(span.start, span.end);
    const row = {
      id,
      lang,
      passage,
      question: text,
      draft: text,
      answer,
      answerStart: span.start,
      sentence: [sentence.start, sentence.end],
      kind: span.kind,
    };
    if (!text.includes(answer)) process.stdout.write(`${JSON.stringify(row)}\n`);
  }
}
