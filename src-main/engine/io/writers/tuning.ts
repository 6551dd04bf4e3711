import { draftAbout } from '../../../shared/rules/generate.ts';
import { utf16ToCodePoint } from '../../../shared/text/offsets.ts';
import type { Settings } from '../items.ts';
import { lines, type TextWriter } from './writer.ts';

/** The direction is question generation: passage in, question out. */
const instruction = 'Ask one question that the passage answers.';

export function alpaca(): TextWriter {
  return lines(({ passage }, { question }) => ({ instruction, input: passage.text, output: question, system: '' }));
}

export function shareGpt(): TextWriter {
  return lines(({ passage }, { question }) => ({
    conversations: [
      { from: 'human', value: `${instruction}\n\n${passage.text}` },
      { from: 'gpt', value: question },
    ],
  }));
}

export function openAiChat(): TextWriter {
  return lines(({ passage }, { question }) => ({
    messages: [
      { role: 'system', content: instruction },
      { role: 'user', content: passage.text },
      { role: 'assistant', content: question },
    ],
  }));
}

/** What a person made of a question, over what the generator wrote. */
export function preference(): TextWriter {
  return lines(({ passage }, { question, candidate }) => ({
    instruction,
    input: passage.text,
    chosen: question,
    rejected: candidate?.original ?? '',
  }));
}

/**
 * Rows that train the app's own model and that `asklab generate` reads; offsets in code points, absent when unknown. The
 * draft is what the rules ask about the same answer, where they do: what a model that reads drafts will be shown.
 */
export function lalm(settings: Settings): TextWriter {
  return lines(({ passage }, { id, question, answer, candidate }) => {
    const focus = candidate?.focus;
    const { text, language, sentences } = passage;
    const asked = answer ? { start: answer.utf16, end: answer.utf16 + answer.text.length } : null;
    const draft = asked && draftAbout(asked, { passage: text, language, sentences });
    const point = (offset: number): number => utf16ToCodePoint(text, offset);
    return {
      id,
      lang: language,
      passage: text,
      question,
      ...(draft === null ? {} : { draft }),
      ...(answer ? { answer: { text: answer.text, start: answer.start } } : {}),
      ...(focus ? { focus: { start: point(focus.start), end: point(focus.end) } } : {}),
      source: candidate?.generator ?? 'reference',
    };
  }, settings);
}

const dataInfo = {
  alpaca: { columns: { prompt: 'instruction', query: 'input', response: 'output', system: 'system' } },
  sharegpt: { formatting: 'sharegpt', columns: { messages: 'conversations' } },
  'openai-chat': {
    formatting: 'sharegpt',
    columns: { messages: 'messages' },
    tags: {
      role_tag: 'role',
      content_tag: 'content',
      user_tag: 'user',
      assistant_tag: 'assistant',
      system_tag: 'system',
    },
  },
  preference: {
    ranking: true,
    columns: { prompt: 'instruction', query: 'input', chosen: 'chosen', rejected: 'rejected' },
  },
};

/** LLaMA-Factory's `dataset_info.json`: one data set a split. */
export function datasetInfo(format: keyof typeof dataInfo, splits: readonly { name: string }[]): string {
  const sets = splits.map(({ name }) => [`asklab_${name}`, { file_name: `${name}.jsonl`, ...dataInfo[format] }]);
  return `${JSON.stringify(Object.fromEntries(sets), null, 2)}\n`;
}
