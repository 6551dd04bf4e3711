import { Project } from '../../src-main/engine/store/project.ts';
import { addPerson } from '../../src-main/engine/store/people.ts';
import { seed } from './seed.ts';

export interface RoundFixture {
  project: Project;
  round: string;
  items: string[];
  people: string[];
}

/** A project whose lead accepted `count` questions and gave all of them to `people` in one check round. */
export function checkRound(path: string, count: number, people: number): RoundFixture {
  const project = Project.create(path, { name: 'Lighthouses', person: 'Lead Lovelace' });
  const items = seed(project, count);
  project.history.append(
    project.person().id,
    items.map((item) => ({ kind: 'decide', item, payload: { verdict: 'accept' } })),
  );
  const ids = Array.from({ length: people }, (_, index) =>
    addPerson(project.database, { name: `Checker ${index}`, role: 'checker' }),
  );
  const round = project.rounds.add({ kind: 'check', name: 'Second check', overlap: people, shown: {}, hidden: {} }).id;
  project.rounds.setGuideline(round, 'en', '# Keep what the passage answers');
  project.rounds.addItems(
    round,
    items.map((item) => {
      const { passageId, question } = project.candidate(item);
      const first = { person: project.person().id, verdict: 'accept', reason: null };
      return { item, passageId, shown: { question, sentence: 0 }, hidden: { first } };
    }),
  );
  for (const person of ids)
    project.rounds.assign(
      round,
      items.map((item, position) => ({ person, position, item })),
    );
  return { project, round, items, people: ids };
}
