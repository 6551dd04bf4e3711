import type { Language } from '../../shared/contract/types.ts';
import type { Project } from '../store/project.ts';
import type { Vote } from '../store/round-derive.ts';
import { prepare } from '../store/statements.ts';
import { CampaignOutputs, findCampaign, hiddenOf, itemHidden, itemShown, systemNames } from './campaign.ts';
import { commentOf, scoresOf } from './queue.ts';
import type { ScoreRow } from './scores.ts';

interface Scored {
  person: string;
  position: number;
  item: string;
  passage: string;
  language: Language;
  title: string;
  words: number;
  shown: string;
  hidden: string;
  state: string;
}

/** Every score of a campaign under its systems, in the order of the sample, the systems, the criteria and the raters. */
export function campaignRows(project: Project, id: string): ScoreRow[] {
  const { name, shown } = findCampaign(project, id);
  const { settings, sample } = hiddenOf(project, id);
  const systems = systemNames(settings);
  const human = new Set(
    settings.systems.flatMap((system) => (system.source.kind === 'reference' ? [system.name] : [])),
  );
  const people = project.names();
  const raters = settings.raters.map((rater) => rater.name);
  const records = prepare(
    project.database,
    `SELECT a.person, a.position, i.item, p.id AS passage, p.language, p.title, p.words, i.shown, i.hidden, s.state
     FROM assignments a JOIN round_items i ON i.round_id = a.round_id AND i.item = a.item
       JOIN round_states s ON s.round_id = a.round_id AND s.item = a.item AND s.person = a.person
       JOIN passages p ON p.id = i.passage_id
     WHERE a.round_id = ?`,
  ).all(id) as Scored[];
  const rows = records.flatMap((record) => {
    const vote = JSON.parse(record.state) as Vote;
    const { systems: written, repeatOf } = itemHidden.parse(JSON.parse(record.hidden));
    const given = scoresOf(vote);
    return written.flatMap((system) =>
      shown.criteria.flatMap((criterion): ScoreRow[] => {
        const score = given[criterion.id];
        if (score === undefined) return [];
        return [
          {
            campaign: name,
            language: record.language,
            passage: record.passage,
            title: record.title,
            words: record.words,
            item: repeatOf ?? record.item,
            question: itemShown.parse(JSON.parse(record.shown)).question,
            system,
            human: human.has(system),
            criterion: criterion.name,
            rater: people.get(record.person) ?? record.person,
            position: record.position,
            repeat: repeatOf === undefined ? 0 : 1,
            score,
            seconds: Math.round(vote.seconds * 10) / 10,
            comment: commentOf(vote),
          },
        ];
      }),
    );
  });
  const place = (list: readonly string[]): ((value: string) => number) => {
    const places = new Map(list.map((value, at) => [value, at]));
    return (value) => places.get(value) ?? list.length;
  };
  const [ofPassage, ofSystem, ofRater] = [place(sample), place(systems), place(raters)];
  const ofCriterion = place(shown.criteria.map((criterion) => criterion.name));
  // A passage that has been scored, and a system with no question for it: said once per criterion, by nobody.
  const written = new Set(new CampaignOutputs(project, id).all().map(({ system, passage }) => `${passage} ${system}`));
  const missing = [...new Map(rows.map((row) => [row.passage, row])).values()].flatMap((row) =>
    systems
      .filter((system) => !written.has(`${row.passage} ${system}`))
      .flatMap((system) =>
        shown.criteria.map((criterion): ScoreRow => ({
          ...row,
          ...{ item: '', question: '', system, human: human.has(system), criterion: criterion.name },
          ...{ rater: '', position: 0, repeat: 0, score: 0, seconds: 0, comment: '' },
        })),
      ),
  );
  return [...rows, ...missing].sort(
    (left, right) =>
      ofPassage(left.passage) - ofPassage(right.passage) ||
      ofSystem(left.system) - ofSystem(right.system) ||
      ofCriterion(left.criterion) - ofCriterion(right.criterion) ||
      ofRater(left.rater) - ofRater(right.rater) ||
      left.repeat - right.repeat,
  );
}
