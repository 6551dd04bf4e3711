/** From text and spans to a model's source: lower-casing, tokens, window, segments (docs/model-bundle.md). */
import type { GenerationItem, TextSpan } from '../../shared/inference.ts';
import { draftSegment, type ModelBundle, type LanguageBundle } from '../bundle/bundle.ts';
import type { Source } from '../decode/step-model.ts';
import { InferenceError } from '../errors.ts';
import { lowerCased } from './lower-case.ts';

/** The sentence that holds `offset`, as the platform's segmenter cuts it, without spaces around it. */
export function sentenceAt(text: string, offset: number, language: string): TextSpan {
  const segment = new Intl.Segmenter(language, { granularity: 'sentence' }).segment(text).containing(offset);
  const raw = segment?.segment ?? text;
  const start = (segment?.index ?? 0) + (raw.length - raw.trimStart().length);
  return { start, end: Math.max(start + 1, start + raw.trim().length) };
}

/** Start of the window of `size` tokens out of `count` around the focus tokens [from, to). */
export function windowStart(count: number, size: number, focus: { from: number; to: number } | null): number {
  if (count <= size || focus === null) return 0;
  const centre = Math.floor((focus.from + focus.to) / 2) - Math.floor(size / 2);
  return Math.min(Math.max(centre, 0), count - size);
}

export interface PreparedItem {
  readonly item: GenerationItem;
  readonly source: Source;
  /** The focus that was used, in the item's text. */
  readonly focus: TextSpan | null;
}

function checkSpan(item: GenerationItem, span: TextSpan, name: string): void {
  if (span.end > item.text.length) {
    throw new InferenceError(
      'invalid-input',
      `The ${name} of item ${item.id} ends at ${span.end}, but its text has ${item.text.length} characters. Mark it again.`,
      { id: item.id },
    );
  }
}

/** Errors: 'unknown-language', 'invalid-input' (a span outside the text, or nothing to read). */
export function prepareItem(bundle: ModelBundle, item: GenerationItem): PreparedItem {
  const language: LanguageBundle | undefined = bundle.languages.get(item.language);
  if (!language)
    throw new InferenceError(
      'unknown-language',
      `This model does not know the language "${item.language}"; it knows ${[...bundle.languages.keys()].join(', ')}.`,
      { id: item.id, language: item.language },
    );
  const { architecture } = bundle.manifest;
  if (item.focus) checkSpan(item, item.focus, 'focus');
  if (item.answer) checkSpan(item, item.answer, 'answer');
  const focus = item.focus ?? (item.answer ? sentenceAt(item.text, item.answer.start, item.language) : null);
  const encode = (text: string): ReturnType<LanguageBundle['tokenizer']['encode']> =>
    language.tokenizer.encode(architecture.lowerCase ? lowerCased(text) : text);
  const { ids, starts, ends } = encode(item.text);
  if (ids.length === 0)
    throw new InferenceError('invalid-input', `The text of item ${item.id} has no words to read.`, { id: item.id });
  function overlaps(token: number, span: TextSpan): boolean {
    return (starts[token] ?? 0) < span.end && (ends[token] ?? 0) > span.start;
  }
  const centre = architecture.focus ? (item.answer ?? focus) : null;
  let from = -1;
  let to = 0;
  const segments = new Uint8Array(ids.length);
  const kind = item.answerKind === undefined ? -1 : architecture.answerKinds.indexOf(item.answerKind);
  for (let token = 0; token < ids.length; token++) {
    if (focus && overlaps(token, focus)) segments[token] = 1;
    if (item.answer && overlaps(token, item.answer)) segments[token] = 2;
    if (centre && overlaps(token, centre)) {
      if (from < 0) from = token;
      to = token + 1;
    }
  }
  const size = architecture.maximumSource;
  const start = windowStart(ids.length, size, from < 0 ? null : { from, to });
  const written =
    item.answer && item.draft !== undefined && architecture.maximumDraft > 0
      ? encode(item.draft).ids
      : new Int32Array(0);
  const draft = written.length > architecture.maximumDraft ? new Int32Array(0) : written;
  return {
    item,
    source: {
      tokens: Int32Array.of(...ids.slice(start, start + size), ...draft),
      segments: architecture.focus
        ? Uint8Array.of(...segments.slice(start, start + size), ...draft.map(() => draftSegment(architecture)))
        : new Uint8Array(Math.min(size, ids.length)),
      ...(architecture.focus && kind >= 0 ? { separatorSegment: 3 + kind } : {}),
    },
    focus,
  };
}
