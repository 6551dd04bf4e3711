import { campaignSettings, criterion, practice, type CampaignSettings } from '../../shared/contract/campaigns.ts';
import { z } from 'zod';
import { AsklabError } from '../../shared/errors.ts';
import type { Project } from '../store/project.ts';
import type { Round } from '../store/round-store.ts';
import { prepare } from '../store/statements.ts';

/** What raters are shown; goes into their packages. */
export const campaignShown = z.object({
  layout: campaignSettings.shape.layout,
  criteria: z.array(criterion),
  practice: z.array(practice.extend({ id: z.string() })),
});
export type CampaignShown = z.infer<typeof campaignShown>;

/** What stays with the lead. */
export const campaignHidden = z.object({
  settings: campaignSettings,
  sample: z.array(z.string()), // passage ids, a language at a time
  jobId: z.string(),
  generators: z.record(z.string(), z.string()).default({}), // of each system that is one: its bundle's hash, else its id
});
export type CampaignHidden = z.infer<typeof campaignHidden>;

export const itemShown = z.object({ question: z.string() });
/** `systems`: all that wrote this question. `repeatOf`: shown a second time. */
export const itemHidden = z.object({ systems: z.array(z.string()), repeatOf: z.string().optional() });

/** A scoring campaign is a round of kind 'score': people, packages and merging are those of every round. */
export interface Campaign {
  id: string;
  name: string;
  createdAt: number;
  closedAt: number | null;
  shown: CampaignShown;
}

/** Error: 'not-found'. */
export function findCampaign(project: Project, id: string): Campaign {
  const round = project.rounds.get(id);
  if (round.kind !== 'score') throw new AsklabError('not-found', 'This is not a scoring campaign.', { id });
  return toCampaign(round);
}

export function listCampaigns(project: Project): Campaign[] {
  return project.rounds
    .list()
    .filter((round) => round.kind === 'score')
    .map(toCampaign);
}

/** Only in the lead's project. Error: 'not-found' in a rater's. */
export function hiddenOf(project: Project, id: string): CampaignHidden {
  const hidden = campaignHidden.safeParse(project.rounds.get(id).hidden);
  if (!hidden.success)
    throw new AsklabError('not-found', 'Only the project that made this campaign knows its systems.', { id });
  return hidden.data;
}

export function knowsSystems(project: Project, id: string): boolean {
  return campaignHidden.safeParse(project.rounds.get(id).hidden).success;
}

function toCampaign({ id, name, createdAt, closedAt, shown }: Round): Campaign {
  return { id, name, createdAt, closedAt, shown: campaignShown.parse(shown) };
}

/** Systems in the order of every table: those of machines as given, people last. */
export function systemNames(settings: CampaignSettings): string[] {
  const human = (kind: string): number => Number(kind === 'reference');
  return [...settings.systems]
    .sort((left, right) => human(left.source.kind) - human(right.source.kind))
    .map((system) => system.name);
}

/** The questions that the systems wrote for the campaign, kept with the lead. */
export class CampaignOutputs {
  private readonly project: Project;
  private readonly id: string;

  constructor(project: Project, id: string) {
    this.project = project;
    this.id = id;
  }

  add(system: string, questions: ReadonlyMap<string, string>): void {
    const insert = prepare(this.project.database, 'INSERT OR REPLACE INTO campaign_outputs VALUES (?, ?, ?, ?)');
    for (const [passage, question] of questions) insert.run(this.id, system, passage, question);
  }

  all(): { system: string; passage: string; question: string }[] {
    return prepare(
      this.project.database,
      'SELECT system, passage_id AS passage, question FROM campaign_outputs WHERE round_id = ? ORDER BY passage_id, system',
    ).all(this.id) as ReturnType<CampaignOutputs['all']>;
  }
}
