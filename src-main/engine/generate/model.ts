import type { Decoding, GenerationSettings } from '../../shared/contract/generation.ts';
import type { Passage, Span } from '../../shared/contract/types.ts';
import type { DecodingRequest, GenerationItem, GenerationResult, ModelInfo } from '../../shared/inference.ts';
import { draftAbout, ruleCandidates, type RuleCandidate } from '../../shared/rules/generate.ts';
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

type AskedSpan = { focus: Span; answer: Span; answerKind?: string; draft?: string };

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
  const { text, language } = passage;
  const sentences = passage.sentences.filter((sentence) => sentence.end > sentence.start);
  const limit = itemsWanted(settings.candidates);
  if (settings.focus === 'span')
    return numbered(
      markedSpans(passage).map((answer) => ({ answer, ...kindOf(passage, answer), ...draftOf(passage, answer) })),
    );
  const rules = ruleCandidates({ passage: text, language, sentences, limit });
  const spans = askedSpans(passage, sentences, rules, limit);
  const bare = sentences.filter((sentence) => spans.every(({ focus }) => focus.start !== sentence.start));
  return numbered([...spans, ...bare.map((focus) => ({ focus })), {}].slice(0, limit));
}

/** Spans to ask about, best first: those that the rules ask about, whose place in the clause they have checked, then all others. */
function askedSpans(
  { text, language }: Passage,
  sentences: readonly Span[],
  rules: readonly RuleCandidate[],
  limit: number,
): AskedSpan[] {
  const spans = rules.flatMap(({ focus, answer, rule, text: draft }): AskedSpan[] => {
    const answerKind = kindOfRule.get(rule.slice(rule.indexOf('.') + 1));
    if (!answer) return [];
    return [{ focus, answer, draft, ...(answerKind === undefined ? {} : { answerKind }) }];
  });
  for (const { start, end, sentence, kind } of proposeAnswers(text, language, sentences)) {
    if (spans.length >= limit) break;
    const focus = sentences[sentence];
    if (!focus || spans.some(({ answer }) => answer.start < end && start < answer.end)) continue;
    spans.push({ focus, answer: { start, end }, ...kindMark(kind) });
  }
  return spans;
}

/** A model without focus marks sees no sentence and no answer: it asks about the whole passage. */
export function askedOf(model: Pick<ModelInfo, 'focus'>, settings: GenerationSettings): GenerationSettings {
  return model.focus ? settings : { ...settings, focus: 'free' };
}

function draftOf({ text, language, sentences }: Passage, answer: Span): { draft?: string } {
  const draft = draftAbout(answer, { passage: text, language, sentences });
  return draft === null ? {} : { draft };
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
export function proposalsFrom(results: readonly GenerationResult[], items: readonly GenerationItem[]): Proposal[] {
  const byItem = new Map(results.map((result) => [result.id, result]));
  return items.flatMap(({ id, answer = null, draft }) =>
    (byItem.get(id)?.outputs ?? []).map((output, rank) => ({
      text: output.text,
      raw: output.raw,
      focus: output.focus,
      answer,
      ...(draft === undefined ? {} : { draft }),
      score: output.score,
      rank,
    })),
  );
}

/** The most beams that the runtime searches with. */
const mostBeams = 16;

/** What the runtime is asked: never more beams than it takes, and of diverse search as many in each group. */
export function decodingRequest(decoding: Decoding, settings: GenerationSettings): DecodingRequest {
  const method = { greedy: 'greedy', beam: 'beam', 'diverse-beam': 'diverse', sampling: 'sample' } as const;
  const wanted = settings.focus === 'free' ? Math.max(decoding.beams, settings.candidates) : decoding.beams;
  const groups = Math.min(decoding.groups, wanted);
  const inGroup = decoding.method === 'diverse-beam' ? groups : 1;
  const beams = Math.min(Math.ceil(wanted / inGroup), Math.floor(mostBeams / inGroup)) * inGroup;
  return {
    method: method[decoding.method],
    beams,
    outputs: decoding.method === 'greedy' ? 1 : Math.min(wanted, beams),
    groups,
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
