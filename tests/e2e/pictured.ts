/** Projects for the pictures of a round, a scoring campaign and an evaluation, made from the sample by the engine itself. */
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '../../src-main/engine/engine.ts';
import { spawnInference, type SpawnedInference } from '../../src-main/inference/spawn.ts';
import type { CampaignRow, ScoringItem, ScoringQueue } from '../../src-main/shared/contract/campaigns.ts';
import type { BlindItem, RoundSummary } from '../../src-main/shared/contract/rounds.ts';
import type { Job, ProjectInfo } from '../../src-main/shared/contract/types.ts';
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';
import words from '../../resources/locales/en.campaigns.json' with { type: 'json' };
import { caller } from '../store/campaign.ts';

const bundle = 'lalm-five-languages';
const languages = ['en', 'zh', 'ko', 'fr', 'hi'];
const reasons = ['trivial', 'ungrammatical', 'unanswerable', 'duplicate'];

/** The criteria that the app proposes, in its own words. */
const criteria = (['fluency', 'answerable', 'significance'] as const).map((id) => ({
  id,
  name: words[`campaigns.criterion.${id}`],
  question: words[`campaigns.criterion.${id}.question`],
  anchors: ([0, 1, 2] as const).map((value) => words[`campaigns.criterion.${id}.${value}`]),
}));

export interface Pictured {
  round: string; // the lead's project with a round, some agreement, a dispute and a question sent back
  check: string; // a package to check
  study: string; // a project with a scored campaign and two evaluation runs
  score: string; // a package to score
}

/** The same number for the same words: people in a picture judge at will, but always alike. */
function chance(...words: (string | number)[]): number {
  let state = 7;
  for (const character of words.join(' ')) state = (Math.imul(state, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return (Math.imul(state ^ (state >>> 15), 2246822519) >>> 0) / 2 ** 32;
}

export async function preparePictured(folder: string): Promise<Pictured> {
  for (const name of ['user', 'packages', 'returned', 'lab']) mkdirSync(join(folder, name), { recursive: true });
  const inference: SpawnedInference[] = []; // one for each job that asked for it
  const engine = createEngine({
    userData: join(folder, 'user'),
    resources: 'resources',
    emit: () => undefined,
    inference: () => {
      const started = spawnInference();
      inference.push(started);
      return Promise.resolve(started.port);
    },
  });
  const call = caller(engine);
  const ended = async (job: Job): Promise<void> => {
    const { state, message } = (await engine.runner()?.wait(job.id)) ?? {};
    if (state !== 'done') throw new Error(`${job.title}: ${state ?? 'gone'} ${message ?? ''}`);
  };
  const only = (place: string, part: string): string => {
    const name = readdirSync(join(folder, place)).find((one) => one.includes(part)) ?? '';
    return join(folder, place, name);
  };

  // The lead decides everything, asks two people, gets their work back.
  const opened = await call<ProjectInfo>('projects', 'openSample', { folder });
  const round = opened.path;
  await decideAll(call);
  for (const name of ['Jonas Weber', '林雨']) await call('projects', 'addPerson', { name });
  const lead = opened.person.id;
  const info = await call<ProjectInfo>('people', 'change', { id: lead, name: 'Lena Okafor' });
  const people = info.people.filter(({ id }) => id !== lead).map(({ id }) => id);
  const guidelines = [
    { language: 'en', text: '# Keep what the passage answers\n\nReject what needs other knowledge.' },
  ];
  const made = await call<RoundSummary>('rounds', 'create', {
    ...{ name: 'Second check', overlap: 2, people, guidelines },
  });
  await call('rounds', 'writePackages', { roundId: made.id, folder: join(folder, 'packages') });
  for (const name of ['Jonas Weber', '林雨']) {
    await call('checking', 'openPackage', { path: only('packages', name), folder: join(folder, 'user', name) });
    await checkAll(call, name);
    await call('checking', 'writeReturn', { folder: join(folder, 'returned') });
  }
  await call('projects', 'open', { path: round });
  const paths = readdirSync(join(folder, 'returned')).map((name) => join(folder, 'returned', name));
  await call('rounds', 'mergeReturns', { paths });
  const { dispute } = await call<{ dispute: { roundId: string; item: string } | null }>('settling', 'queue');
  if (dispute !== null) await call('settling', 'sendBack', { ...dispute, note: 'Which one does it mean?' });

  // What the lead accepted becomes the references of a study, where three people score three systems.
  await ended(await call<Job>('exporting', 'start', { format: 'lab', folder: join(folder, 'lab') }));
  const study = join(folder, 'study.asklab');
  await call('projects', 'create', { path: study, name: 'Water and fire, study', person: 'Lena Okafor' });
  await ended(await call<Job>('importing', 'start', { sources: [{ path: join(folder, 'lab', 'train.json') }] }));
  for (const [name, generator] of [
    ['LALM, five languages', bundle],
    ['Rules', rulesVersion],
  ]) {
    const source = { kind: 'generator', generator, device: 'cpu' };
    await ended(await call<Job>('evaluation', 'start', { name, source }));
  }
  const generator = (name: string, id: string): object => ({ name, source: { kind: 'generator', generator: id } });
  const created = await call<{ campaign: CampaignRow; job: Job }>('campaigns', 'create', {
    name: 'Autumn study',
    systems: [
      { name: 'People', source: { kind: 'reference' } },
      generator('LALM', bundle),
      generator('Rules', rulesVersion),
    ],
    ...{ languages, perLanguage: 3, seed: 11, criteria, guidelines: [], practice: [], repeats: 2, layout: 'question' },
    raters: ['Ana', 'Bo', 'Chen', 'Didi'].map((name) => ({ name, languages })),
  });
  await ended(created.job);
  const roundId = created.campaign.id;
  await call('rounds', 'writePackages', { roundId, folder: join(folder, 'packages') });
  for (const name of ['Ana', 'Bo', 'Chen']) {
    await call('checking', 'openPackage', { path: only('packages', name), folder: join(folder, 'user', name) });
    await scoreAll(call, name);
    await call('checking', 'writeReturn', { folder: join(folder, 'returned') });
  }
  await call('projects', 'open', { path: study });
  const scored = ['Ana', 'Bo', 'Chen'].map((name) => only('returned', `${name} `));
  await call('rounds', 'mergeReturns', { paths: scored });
  await engine.close();
  for (const started of inference) started.kill();
  return { round, check: only('packages', 'Jonas'), study, score: only('packages', 'Didi') };
}

type Call = ReturnType<typeof caller>;

async function decideAll(call: Call): Promise<void> {
  interface Queue {
    items: { candidates: { id: string; question: string; status: string }[] }[];
  }
  for (;;) {
    const { items } = await call<Queue>('review', 'queue', { filter: { statuses: ['undecided'] } });
    const open = items.flatMap(({ candidates }) => candidates).filter(({ status }) => status === 'undecided');
    if (open.length === 0) return;
    for (const { id, question } of open) {
      const rejected = chance(question) < 0.2;
      const reason = reasons[Math.floor(chance(question, 'why') * reasons.length)];
      const decision = rejected ? { verdict: 'reject', reason } : { verdict: 'accept' };
      await call('review', 'decide', { candidateId: id, ...decision, seconds: 4 + (question.length % 7) });
    }
  }
}

async function checkAll(call: Call, person: string): Promise<void> {
  const { rounds } = await call<{ rounds: { id: string; total: number; decided: number }[] }>('checking', 'queues');
  const roundId = rounds[0]?.id ?? '';
  for (let around: string | null = null; ;) {
    const step = around === null ? 'here' : 'next';
    const answer: { items: BlindItem[] } = await call('checking', 'queue', { roundId, around, step });
    const item: BlindItem | undefined = answer.items[0];
    if (item === undefined) return;
    for (const { item: id, question } of item.questions) {
      const rejects = chance(question) < 0.2 ? chance(question, person) < 0.8 : chance(question, person) < 0.1;
      const decision = rejects ? { verdict: 'reject', reason: 'trivial' } : { verdict: 'accept' };
      await call('checking', 'decide', { roundId, item: id, ...decision, seconds: 3 + (question.length % 9) });
    }
    around = item.passage.id;
  }
}

async function scoreAll(call: Call, person: string): Promise<void> {
  const [queue] = await call<ScoringQueue[]>('campaigns', 'queues');
  const { campaign = '', total = 0 } = queue ?? {};
  for (let at = 0; at < total; at += 1) {
    const { items } = await call<{ items: ScoringItem[] }>('campaigns', 'items', { campaign, at });
    const [item] = items;
    if (item === undefined) throw new Error(`no question at ${at}`);
    const scores = Object.fromEntries(
      criteria.map(({ id }) => {
        const felt =
          1.3 * chance(item.question) + 1.3 * chance(item.question, id) + 0.6 * chance(item.question, id, person);
        return [id, Math.min(2, Math.floor(felt))];
      }),
    );
    await call('campaigns', 'score', { campaign, item: item.id, scores, seconds: 5 + (item.question.length % 11) });
  }
}
