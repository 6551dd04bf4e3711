import type { Span } from '../../shared/contract/types.ts';

/** What a question's file says of it beyond its wording and first answer; all of it may be missing. */
export interface Given {
  id?: string; // its own, of a candidate: a reference has a column for it
  answers?: Span[]; // after the first, as often as the file has them
  impossible?: boolean; // the passage does not answer it
}

/** As it is stored: null when there is nothing. */
export function givenText({ id, answers, impossible }: Given): string | null {
  const given: Given = {
    ...(id === undefined ? {} : { id }),
    ...(answers && answers.length > 0 ? { answers } : {}),
    ...(impossible ? { impossible } : {}),
  };
  return Object.keys(given).length === 0 ? null : JSON.stringify(given);
}

export function readGiven(text: string | null): Given {
  return text === null ? {} : (JSON.parse(text) as Given);
}
