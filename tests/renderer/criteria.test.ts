import { expect, test } from 'vitest';
import { criteriaFor, standardCriteria } from '../../src-renderer/app/criteria.ts';
import { languages } from '../../src-renderer/ui/languages.ts';

test('criteria in the app’s own words are read in the rater’s language, whatever the lead’s was', () => {
  for (const lead of languages)
    for (const rater of languages)
      expect(criteriaFor(rater, standardCriteria(lead)), `${lead} ${rater}`).toEqual(standardCriteria(rater));
});

test('a criterion keeps its id, which its scores are stored by', () => {
  const [first] = standardCriteria('ko');
  if (!first) throw new Error('no criterion');
  const renamed = { ...first, id: 'c1' };
  expect(criteriaFor('fr', [renamed])).toEqual([{ ...standardCriteria('fr')[0], id: 'c1' }]);
});

test('a criterion that the lead changed anything of is read as it was written', () => {
  const [first] = standardCriteria('en');
  if (!first) throw new Error('no criterion');
  const [low, middle, high] = first.anchors;
  const changed = [
    { ...first, name: 'Flow' },
    { ...first, question: 'Does it flow?' },
    { ...first, anchors: [low, middle, `${high} indeed`] as [string, string, string] },
  ];
  expect(criteriaFor('hi', changed)).toEqual(changed);
});
