import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  campaignPractice,
  type CampaignPractice,
  type CampaignRow,
  type ScoringQueue,
} from '../../shared/contract/campaigns.ts';
import type { CallContext, Handlers } from '../../shared/contract/define.ts';
import type { Generator } from '../../shared/contract/generation.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Language } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { told } from '../../shared/told.ts';
import { findCampaign, hiddenOf, knowsSystems, listCampaigns, type Campaign } from '../campaigns/campaign.ts';
import { reportFiles } from '../campaigns/files.ts';
import { reportLatex } from '../campaigns/latex.ts';
import { changePractice, inspectSystems, prepareCampaign, startCampaign } from '../campaigns/prepare.ts';
import { Queue } from '../campaigns/queue.ts';
import { reportOf } from '../campaigns/report.ts';
import { campaignRows } from '../campaigns/rows.ts';
import { writeScores, type ScoreRow } from '../campaigns/scores.ts';
import { standings } from '../campaigns/standings.ts';
import type { EngineContext } from '../context.ts';
import { giveWay } from '../turn.ts';
import { listGenerators, refuseUnusable } from '../generate/generators.ts';
import { OutputFile, syncFolder } from '../io/output.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';

type Service = Handlers<Contract>['campaigns'];

export function createCampaigns(context: EngineContext): Service {
  function find(id: string): Generator {
    const found = listGenerators(context.resources, context.userData).find((generator) => generator.id === id);
    if (!found) throw new AsklabError('not-found', `There is no generator "${id}". Choose one from the list.`);
    refuseUnusable(found);
    return found;
  }
  context.handle('campaign', (job, control) => prepareCampaign(context, job, control, find));

  function queueOf(id: string): Queue {
    const project = context.project();
    return new Queue(project, findCampaign(project, id), project.person().id);
  }

  /** The scores and what they say. A rater with questions left would be told what they are scoring. */
  function rowsOf(id: string): ScoreRow[] {
    const { open } = queueOf(id);
    if (open > 0) throw told('error.invalid-input.still-to-score', { count: open });
    return campaignRows(context.project(), id);
  }

  function practiceOf(id: string): CampaignPractice {
    const project = context.project();
    const { shown } = findCampaign(project, id);
    // Parsed: the ids of its questions are the raters' affair.
    return campaignPractice.parse({ ...shown, ...project.rounds.practice(id), criteria: shown.criteria });
  }

  async function report(id: string, { signal }: CallContext): ReturnType<typeof reportOf> {
    return reportOf(rowsOf(id), () => giveWay(signal));
  }

  return {
    list: () => listCampaigns(context.project()).map((campaign) => rowOf(context.project(), campaign)),
    settings: ({ campaign }) => hiddenOf(context.project(), campaign).settings,
    practice: ({ campaign }) => practiceOf(campaign),
    setPractice({ campaign, practice }) {
      const project = context.project();
      changePractice(project, findCampaign(project, campaign).id, practice);
      context.emit('changed', { rounds: true });
      return practiceOf(campaign);
    },
    sources: () => sourcesOf(context),
    inspect({ systems, languages }) {
      const project = context.project();
      const { places, given } = inspectSystems(project, { systems, languages }, find);
      return {
        languages: languages.map((language) => ({
          language,
          passages: places.filter((place) => place.language === language).length,
        })),
        systems: systems.map(({ name }) => ({
          name,
          passages: given.get(name)?.questions.size ?? project.counts().passages,
          problems: (given.get(name)?.problems ?? []).slice(0, 100),
        })),
      };
    },
    create(settings) {
      const project = context.project();
      const { id, job } = startCampaign(project, settings, find);
      const started = context.runner().start(job);
      context.emit('changed', { jobs: true });
      return { campaign: rowOf(project, findCampaign(project, id)), job: started };
    },
    close({ campaign }) {
      const project = context.project();
      project.rounds.close(findCampaign(project, campaign).id);
      return rowOf(project, findCampaign(project, campaign));
    },
    queues() {
      const project = context.project();
      const person = project.person().id;
      return listCampaigns(project)
        .filter((campaign) => campaign.closedAt === null)
        .map((campaign) => new Queue(project, campaign, person))
        .flatMap((queue): ScoringQueue[] => (queue.empty ? [] : [queue.summary()]));
    },
    items({ campaign, at }) {
      const queue = queueOf(campaign);
      return { items: queue.page(at), queue: queue.summary(), undo: queue.undoable };
    },
    score({ campaign, item, scores, comment, seconds }) {
      if (findCampaign(context.project(), campaign).closedAt !== null)
        throw told('error.invalid-input.campaign-closed');
      queueOf(campaign).score(item, { scores, comment, seconds });
      return scored(queueOf(campaign), item);
    },
    undo({ campaign }) {
      const item = queueOf(campaign).undo();
      return item === null ? null : scored(queueOf(campaign), item);
    },
    report: ({ campaign }, call) => report(campaign, call),
    standings() {
      const project = context.project();
      return standings(project, listCampaigns(project), (campaign) => {
        const raters = ratersOf(project, campaign);
        const sum = (of: 'done' | 'total'): number => raters.reduce((all, rater) => all + rater[of], 0);
        const [done, total] = [sum('done'), sum('total')];
        const ended = campaign.closedAt !== null || (total > 0 && done === total);
        return { done, total, open: !ended || queueOf(campaign.id).open > 0 };
      });
    },
    async saveReport({ campaign, folder }, call) {
      const files = { 'scores.csv': writeScores(rowsOf(campaign)), ...reportFiles(await report(campaign, call)) };
      return { folder, files: save(folder, files) };
    },
    latex: async ({ campaign }, call) => ({ text: reportLatex(await report(campaign, call)) }),
  };
}

function scored(queue: Queue, item: string): Awaited<ReturnType<Service['score']>> {
  return { item: queue.find(item), queue: queue.summary(), savedAt: Date.now(), undo: queue.undoable };
}

/** All files or none; nothing that is there is written over. */
function save(folder: string, files: Record<string, string>): string[] {
  mkdirSync(folder, { recursive: true });
  const names = Object.keys(files);
  const there = names.filter((name) => existsSync(join(folder, name)));
  if (there.length > 0)
    throw told('error.write-failed.there', { path: there.map((name) => join(folder, name)).join(', ') });
  const written = names.map((name) => new OutputFile(folder, name));
  try {
    for (const file of written) {
      file.write(files[file.name] ?? '');
      file.close();
    }
    for (const file of written) file.settle();
  } catch (error) {
    for (const file of written) file.discard();
    throw error;
  }
  syncFolder(folder);
  return names;
}

function rowOf(project: Project, campaign: Campaign): CampaignRow {
  const lead = knowsSystems(project, campaign.id);
  const hidden = lead ? hiddenOf(project, campaign.id) : null;
  const raters = ratersOf(project, campaign);
  const count = (column: string): number =>
    prepare(project.database, `SELECT count(DISTINCT ${column}) FROM round_items WHERE round_id = ?`)
      .pluck()
      .get(campaign.id) as number;
  return {
    id: campaign.id,
    name: campaign.name,
    state: campaign.closedAt !== null ? 'closed' : raters.length === 0 ? 'preparing' : 'open',
    createdAt: campaign.createdAt,
    languages: hidden?.settings.languages ?? [...new Set(raters.flatMap((rater) => rater.languages))],
    systems: hidden?.settings.systems.length ?? 0,
    passages: hidden?.sample.length ?? count('passage_id'),
    questions: count('item'),
    raters,
    jobId: hidden?.jobId ?? null,
  };
}

function ratersOf(project: Project, { id, shown }: Campaign): CampaignRow['raters'] {
  const rows = prepare(
    project.database,
    `SELECT a.person, p.language, s.state ->> '$.payload.scores' AS scores, s.seconds, s.at
     FROM assignments a JOIN round_items i ON i.round_id = a.round_id AND i.item = a.item JOIN passages p ON p.id = i.passage_id
       LEFT JOIN round_states s ON s.round_id = a.round_id AND s.item = a.item AND s.person = a.person
     WHERE a.round_id = ? ORDER BY a.person, a.position`,
  ).all(id) as {
    person: string;
    language: Language;
    scores: string | null;
    seconds: number | null;
    at: number | null;
  }[];
  const byPerson = Map.groupBy(rows, (row) => row.person);
  return project.people().flatMap(({ id: person, name }) => {
    const own = byPerson.get(person);
    if (!own) return [];
    const done = own.filter((row) => {
      const scores = JSON.parse(row.scores ?? '{}') as Record<string, number>;
      return shown.criteria.every((criterion) => scores[criterion.id] !== undefined);
    });
    const seconds = done
      .map((row) => row.seconds ?? 0)
      .filter((value) => value > 0)
      .sort((left, right) => left - right);
    return {
      person,
      name,
      languages: [...new Set(own.map((row) => row.language))],
      done: done.length,
      total: own.length,
      seconds: seconds[Math.floor(seconds.length / 2)] ?? null,
      lastAt: done.length === 0 ? null : Math.max(...done.map((row) => row.at ?? 0)),
    };
  });
}

/** The rules and bundles that can generate now, then what the project holds by generator, then the references. */
function sourcesOf(context: EngineContext): Awaited<ReturnType<Service['sources']>> {
  const { database } = context.project();
  const usable = listGenerators(context.resources, context.userData).filter((generator) => generator.problem === null);
  const held = database
    .prepare(
      `SELECT generator, lineage ->> 'generatorName' AS name, group_concat(DISTINCT language) AS languages
       FROM candidates WHERE generator <> 'person' GROUP BY generator ORDER BY generator`,
    )
    .all() as { generator: string; name: string; languages: string }[];
  const references = database
    .prepare('SELECT DISTINCT p.language FROM references_ r JOIN passages p ON p.id = r.passage_id')
    .pluck()
    .all() as Language[];
  return [
    ...usable.map(({ id, name, languages }) => ({
      name,
      source: { kind: 'generator' as const, generator: id },
      languages: languages.map((entry) => entry.language),
    })),
    ...held.map(({ generator, name, languages }) => ({
      name,
      source: { kind: 'project' as const, generator },
      languages: languages.split(',') as Language[],
    })),
    ...(references.length === 0
      ? []
      : [{ name: 'People', source: { kind: 'reference' as const }, languages: references }]),
  ];
}
