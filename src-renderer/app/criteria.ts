import type { Criterion } from '../../src-main/shared/contract/campaigns.ts';
import type { Language } from '../../src-main/shared/contract/types.ts';
import { message } from './messages.ts';
import { languages } from '../ui/languages.ts';

const standard = ['fluency', 'answerable', 'significance'] as const;

function criterionIn(language: Language, id: (typeof standard)[number]): Criterion {
  const anchor = (score: 0 | 1 | 2): string => message(language, `campaigns.criterion.${id}.${score}`);
  return {
    id,
    name: message(language, `campaigns.criterion.${id}`),
    question: message(language, `campaigns.criterion.${id}.question`),
    anchors: [anchor(0), anchor(1), anchor(2)],
  };
}

/** The criteria of the paper's study, in a language. */
export function standardCriteria(language: Language): Criterion[] {
  return standard.map((id) => criterionIn(language, id));
}

const words = ({ name, question, anchors }: Criterion): string => JSON.stringify([name, question, anchors]);

/** Criteria as a rater reads them: those left in the app's own words, of whichever language, are in the rater's. */
export function criteriaFor(language: Language, criteria: readonly Criterion[]): Criterion[] {
  return criteria.map((criterion) => {
    const id = standard.find((one) => languages.some((other) => words(criterionIn(other, one)) === words(criterion)));
    return id === undefined ? criterion : { ...criterionIn(language, id), id: criterion.id };
  });
}
