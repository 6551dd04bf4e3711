import type { Decoding, GenerationSettings } from '../../shared/contract/generation.ts';
import type { Passage } from '../../shared/contract/types.ts';
import type { DecodingRequest, GenerationItem, GenerationResult } from '../../shared/inference.ts';
import type { Proposal } from './choose.ts';
import { markedSpans } from './rules.ts';

const separator = '#';

/** The inference process's items for one passage: one per sentence, per marked span, or one for the whole passage. */
export function itemsFor(passage: Passage, settings: GenerationSettings): GenerationItem[] {
  const base = { text: passage.text, language: passage.language };
  const whole: GenerationItem = { ...base, id: `${passage.id}${separator}free` };
  if (settings.focus === 'free') return [whole];
  if (settings.focus === 'span') {
    return markedSpans(passage).map((answer, index) => ({ ...base, id: `${passage.id}${separator}${index}`, answer }));
  }
  const sentences = passage.sentences.filter((sentence) => sentence.end > sentence.start);
  const items = sentences.map((focus, index) => ({ ...base, id: `${passage.id}${separator}${index}`, focus }));
  return items.length < settings.candidates ? [...items, whole] : items;
}

export function passageOf(item: GenerationResult): string {
  return item.id.slice(0, item.id.lastIndexOf(separator));
}

/** Proposals in the order the beams rank them; a cut output keeps its place and is set aside later. */
export function proposalsFrom(results: readonly GenerationResult[]): Proposal[] {
  return results.flatMap((result) =>
    result.outputs.map((output, rank) => ({
      text: output.text,
      raw: output.text,
      focus: output.focus,
      answer: null,
      score: output.score,
      rank,
    })),
  );
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
    temperature: decoding.temperature,
    topK: Math.min(128, decoding.topK),
    topP: decoding.topP,
    seed: settings.seed,
  };
}
