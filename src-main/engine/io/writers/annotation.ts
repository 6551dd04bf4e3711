import type { Settings } from '../items.ts';
import { generatorName, lineageOf, lines, list, type TextWriter } from './writer.ts';

/** Tasks with the questions as predictions; `from_name` and `to_name` are those of {@link labelStudioConfig}. */
export function labelStudio(settings: Settings): TextWriter {
  return list(({ passage, questions }) => ({
    data: { passage: passage.text, id: passage.id, title: passage.title, language: passage.language },
    predictions: questions.map((entry) => ({
      model_version: generatorName(entry),
      score: entry.candidate?.score ?? 0,
      result: [
        {
          id: entry.id,
          from_name: 'question',
          to_name: 'passage',
          type: 'textarea',
          value: { text: [entry.question] },
          ...(settings.lineage ? { meta: lineageOf(entry, settings) } : {}),
        },
      ],
    })),
  }));
}

export const labelStudioConfig = `<View>
  <Text name="passage" value="$passage"/>
  <TextArea name="question" toName="passage" editable="true" maxSubmissions="1"/>
</View>
`;

/** Flat records; map "question", "score" and "agent" to a question's suggestion. */
export function argilla(settings: Settings): TextWriter {
  return lines(
    ({ passage }, entry) => ({
      id: entry.id,
      context: passage.text,
      question: entry.question,
      score: entry.candidate?.score ?? null,
      agent: generatorName(entry),
      ...lineageOf(entry, settings),
    }),
    settings,
  );
}

/** A sequence-to-sequence project: one line a passage. */
export function doccano(): TextWriter {
  return {
    ...lines(() => ({})),
    item: ({ passage, questions }) =>
      `${JSON.stringify({ text: passage.text, label: questions.map((entry) => entry.question) })}\n`,
  };
}
