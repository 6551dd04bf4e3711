import type { Decoding, GenerationSettings } from '../../shared/contract/generation.ts';
import type { Passage, Span } from '../../shared/contract/types.ts';
import type { DecodingRequest, GenerationItem, GenerationResult } from '../../shared/inference.ts';
import { ruleCandidates } from '../../shared/rules/generate.ts';
import { proposeAnswers, type AnswerKind } from '../../shared/spans/propose.ts';
import type { Proposal } from './choose.ts';
import { markedSpans } from './rules.ts';

const separator = '#';
/** The model's kinds (docs/model-bundle.md, answerKinds) by the rules'; a name may be anybody's or anything's, so it tells none. */
const modelKind: Partial<Record<AnswerKind, string>> = {
  person: 'person',
  place: 'place',
  title: 'thing',
  time: 'time',
  number: 'number',
  thing: 'thing',
  reason: 'reason',
  manner: 'manner',
};
const kindMark = (kind: AnswerKind): { answerKind?: string } => {
  const answerKind = modelKind[kind];
  return answerKind === undefined ? {} : { answerKind };
};
/** Items for the candidates wanted: some turn out alike, and more to choose from means fewer broken ones shown. */
const itemsWanted = (candidates: number): number => Math.ceil(1.5 * (candidates + 2));

/** What the rules ask for, by their names without the language; the others may ask for several sorts. */
const rulesOfKind = {
  time: ['date', 'year', 'century', 'when'],
  number: ['count', 'few', 'percent', 'amount', 'howMany', 'money'],
  person: ['who', 'whom'],
  place: ['place', 'where', 'located'],
  reason: ['why'],
  manner: ['manner'],
  thing: ['what', 'object', 'definition', 'title', 'which', 'quoted'],
};
const kindOfRule = new Map(
  Object.entries(rulesOfKind).flatMap(([kind, rules]) => rules.map((rule) => [rule, kind] as const)),
);

type AskedSpan = { focus: Span; answer: Span; answerKind?: string };

/**
 * The inference process's items for one passage: one per marked span, or one for the whole passage, or spread over its
 * sentences. Spread asks about the answer-like spans of each sentence, since a marked span gives the most pointed
 * question; a sentence without one is asked about as a whole.
 */
export function itemsFor(passage: Passage, settings: GenerationSettings): GenerationItem[] {
  const base = { text: passage.text, language: passage.language };
  const numbered = (items: Omit<GenerationItem, 'id' | 'text' | 'language'>[]): GenerationItem[] =>
    items.map((item, index) => ({ ...base, ...item, id: `${passage.id}${separator}${index}` }));
  if (settings.focus === 'free') return numbered([{}]);
  if (settings.focus === 'span')
    return numbered(markedSpans(passage).map((answer) => ({ answer, ...kindOf(passage, answer) })));
  const sentences = passage.sentences.filter((sentence) => sentence.end > sentence.start);
  const limit = itemsWanted(settings.candidates);
  const spans = askedSpans(passage, sentences, limit);
  const bare = sentences.filter((sentence) => spans.every(({ focus }) => focus.start !== sentence.start));
  return numbered([...spans, ...bare.map((focus) => ({ focus })), {}].slice(0, limit));
}

/** Spans to ask about, best first: those that the rules ask about, whose place in the clause they have checked, then all others. */
function askedSpans(passage: Passage, sentences: readonly Span[], limit: number): AskedSpan[] {
  const { text, language } = passage;
  const spans = ruleCandidates({ passage: text, language, sentences, limit }).flatMap(
    ({ focus, answer, rule }): AskedSpan[] => {
      const answerKind = kindOfRule.get(rule.slice(rule.indexOf('.') + 1));
      return answer ? [{ focus, answer, ...(answerKind === undefined ? {} : { answerKind }) }] : [];
    },
  );
  for (const { start, end, sentence, kind } of proposeAnswers(text, language, sentences)) {
    if (spans.length >= limit) break;
    const focus = sentences[sentence];
    if (!focus || spans.some(({ answer }) => answer.start < end && start < answer.end)) continue;
    spans.push({ focus, answer: { start, end }, ...kindMark(kind) });
  }
  return spans;
}

/** The kind of a span that a person marked, where the rules see the same span. */
function kindOf(passage: Passage, answer: Span): { answerKind?: string } {
  const found = proposeAnswers(passage.text, passage.language, passage.sentences).find(
    ({ start, end }) => start < answer.end && answer.start < end,
  );
  return found ? kindMark(found.kind) : {};
}

export function passageOf(item: GenerationResult): string {
  return item.id.slice(0, item.id.lastIndexOf(separator));
}

/** Proposals in the items' order, then the beams'; a cut output keeps its place and is set aside later. */
export function proposalsFrom(
  passage: Passage,
  results: readonly GenerationResult[],
  items: readonly GenerationItem[],
): Proposal[] {
  const answers = new Map(items.map((item) => [item.id, item.answer ?? null]));
  const rules = ruleCandidates({
    passage: passage.text,
    language: passage.language,
    sentences: passage.sentences,
    limit: items.length,
  });
  const place = new Map(items.map((item, index) => [item.id, index]));
  const ordered = [...results].sort((left, right) => (place.get(left.id) ?? 0) - (place.get(right.id) ?? 0));
  return ordered.flatMap((result) => {
    const answer = answers.get(result.id) ?? null;
    const rule = rules.find((one) => one.answer?.start === answer?.start && one.answer?.end === answer?.end);
    const draft = answer && rule ? { draft: rule.text } : {};
    return result.outputs.map((output, rank) => ({
      text: output.text,
      raw: output.text,
      focus: output.focus,
      answer,
      ...draft,
      score: output.score,
      rank,
    }));
  });
}

export function decodingRequest(decoding: Decoding, settings: GenerationSettings): DecodingRequest {
  const method = { greedy: 'greedy', beam: 'beam', 'diverse-beam': 'diverse', sampling: 'sample' } as const;
  const outputs = settings.focus === 'free' ? Math.max(decoding.beams, settings.candidates) : decoding.beams;
  return {
    method: method[decoding.method],
    beams: outputs,
    outputs: decoding.method === 'greedy' ? 1 : Math.min(16, outputs),
    groups: Math.min(decoding.groups, decoding.beams),
    diversityPenalty: decoding.diversity,
    lengthPenalty: decoding.lengthPenalty,
    noRepeatNgram: decoding.noRepeatNgram,
    minimumLength: decoding.minimumLength,
    maximumLength: decoding.maximumLength,
    questionWord: true,
    temperature: decoding.temperature,
    topK: Math.min(128, decoding.topK),
    topP: decoding.topP,
    seed: settings.seed,
  };
}
