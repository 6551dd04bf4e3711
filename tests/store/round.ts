import { Project } from '../../src-main/engine/store/project.ts';
import { addPerson } from '../../src-main/engine/store/people.ts';
import { seed } from './seed.ts';

export interface RoundFixture {
  project: Project;
  round: string;
  items: string[];
  people: string[];
}

/** A project whose lead accepted `count` questions (to review: left them open) and gave all to `people` in one round. */
export function checkRound(
  path: string,
  count: number,
  people: number,
  kind: 'check' | 'review' = 'check',
): RoundFixture {
  const project = Project.create(path, { name: 'Lighthouses', person: 'Lead Lovelace' });
  const items = seed(project, count);
  project.history.append(
    project.person().id,
    (kind === 'check' ? items : []).map((item) => ({ kind: 'decide', item, payload: { verdict: 'accept' } })),
  );
  const ids = Array.from({ length: people }, (_, index) =>
    addPerson(project.database, { name: `Checker ${index}`, role: 'checker' }),
  );
  const round = project.rounds.add({ kind, name: 'Second check', overlap: people, shown: {}, hidden: {} }).id;
  project.rounds.setGuideline(round, 'en', '# Keep what the passage answers');
  project.rounds.addItems(
    round,
    items.map((item) => {
      const { passageId, question } = project.candidate(item);
      const first = { person: project.person().id, verdict: 'accept', reason: null };
      return { item, passageId, shown: { question, sentence: 0 }, hidden: kind === 'check' ? { first } : {} };
    }),
  );
  for (const person of ids)
    project.rounds.assign(
      round,
      items.map((item, position) => ({ person, position, item })),
    );
  return { project, round, items, people: ids };
}
