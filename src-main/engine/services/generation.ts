import { basename, dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { InferenceClient, type ClientPort } from '../../inference/client.ts';
import type { Handlers } from '../../shared/contract/define.ts';
import { generationSettings, type DeviceMeasure, type Generator } from '../../shared/contract/generation.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Job, Passage } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { failureOf, told } from '../../shared/told.ts';
import type { ModelInfo } from '../../shared/inference.ts';
import { why } from '../../shared/problems.ts';
import type { EngineContext } from '../context.ts';
import type { JobControl } from '../jobs/runner.ts';
import { askModel } from '../generate/ask.ts';
import { installBundle, listGenerators, refuseUnusable, removeBundle } from '../generate/generators.ts';
import { rulesVersion } from '../../shared/rules/generate.ts';
import { proposeByRules } from '../generate/rules.ts';
import { storeQuestions, type Run } from '../generate/store.ts';
import { evidenceOf } from '../store/sets.ts';

/** Passages handed to the model at once: enough for full batches, few enough to lose little. */
const chunk = 24;

export function createGeneration(context: EngineContext): Handlers<Contract>['generation'] {
  context.handle('generate', (job, control) => runGeneration(context, job, control));
  return {
    generators: () => generators(context),
    async addModel({ path: chosen }) {
      // A file dialog offers files: a bundle's folder is chosen by the manifest in it.
      const path = basename(chosen) === 'manifest.json' ? dirname(chosen) : chosen;
      refuseWhileRunning(context);
      const client = await connectInference(context);
      await client.call('load', { path, device: 'cpu' }).catch((error: unknown) => {
        const { code, message, details } = failureOf(error);
        throw new AsklabError('model-refused', message, { ...details, reason: code });
      });
      return installBundle(path, context.userData);
    },
    removeModel({ id }) {
      removeBundle(find(context, id));
      return {};
    },
    measure: ({ generator }, { signal }) => measure(context, find(context, generator), signal),
    start(settings) {
      const generator = find(context, settings.generator);
      const project = context.project();
      if (project.readOnly)
        throw new AsklabError('read-only', 'This project is read-only. Copy it to a place where you may write.');
      if (settings.passages.set !== undefined) evidenceOf(project, settings.passages.set); // it is there
      const job = project.jobs.create({ kind: 'generate', title: generator.name, total: null, settings });
      project.jobs.addItems(job.id, project.passageIds(settings.passages));
      return context.runner().start(job);
    },
    latest({ jobId, limit }) {
      return context.project().latestQuestions(jobId, limit);
    },
  };
}

/** The inference process holds one model: loading another would take it from the run at work. */
function refuseWhileRunning(context: EngineContext): void {
  if (context.busy()) throw told('error.invalid-input.job-running');
}

async function measure(context: EngineContext, { path }: Generator, signal: AbortSignal): Promise<DeviceMeasure[]> {
  if (path === null) return []; // the rules have no device
  refuseWhileRunning(context);
  const client = await connectInference(context);
  await client.call('load', { path, device: 'cpu' }, { signal });
  const { devices } = await client.call('info', {}, { signal });
  const measured: DeviceMeasure[] = [];
  for (const name of generationSettings.shape.device.unwrap().options)
    if (name !== 'cpu' && devices.includes(name))
      measured.push(await client.call('selfTest', { device: name }, { signal }));
  return measured;
}

function generators(context: EngineContext): Generator[] {
  return listGenerators(context.resources, context.userData);
}

function find(context: EngineContext, id: string): Generator {
  // A job of an earlier version of the rules goes on with today's.
  const known = id.startsWith('rules-') ? rulesVersion : id;
  const found = generators(context).find((generator) => generator.id === known);
  if (!found) throw told('error.not-found.generator', { name: id });
  refuseUnusable(found);
  return found;
}

/** Generates for a job's open passages; a stopped one goes on with those that are left. */
export async function runGeneration(
  context: EngineContext,
  job: Job,
  control: JobControl,
): Promise<Record<string, unknown>> {
  const settings = generationSettings.parse(job.settings);
  const generator = find(context, settings.generator);
  const run: Run = { jobId: job.id, generator, settings, provider: generator.kind === 'rules' ? 'CPU' : null };
  const counter = new Counter(context, job, control);
  if (generator.kind === 'rules') await byRules(context, run, control, counter);
  else await byModel(context, run, control, counter);
  return { questions: context.project().jobs.questions(job.id) };
}

/** Counts finished passages and tells the page. */
class Counter {
  private done: number;
  private readonly context: EngineContext;
  private readonly control: JobControl;

  constructor(context: EngineContext, job: Job, control: JobControl) {
    this.context = context;
    this.control = control;
    this.done = context.project().jobs.finished(job.id);
  }

  finished(passageId: string, provider: string | null): void {
    this.done += 1;
    this.control.progress({ done: this.done, provider });
    this.context.emit('changed', { counts: true, passages: [passageId] });
  }
}

async function byRules(context: EngineContext, run: Run, control: JobControl, counter: Counter): Promise<void> {
  const project = context.project();
  for (;;) {
    const ids = project.jobs.pendingItems(run.jobId, chunk);
    if (ids.length === 0) return;
    for (const id of ids) {
      const passage = project.passage(id);
      storeQuestions(project, passage, proposeByRules(passage, run.settings), run);
      counter.finished(id, 'CPU');
      await control.checkpoint();
    }
  }
}

async function byModel(context: EngineContext, run: Run, control: JobControl, counter: Counter): Promise<void> {
  const project = context.project();
  const crashes = new Map<string, number>();
  let info: ModelInfo | null = null;
  let client: InferenceClient | null = null;
  for (;;) {
    await control.checkpoint();
    // After a crash one passage at a time, so that the one that kills the process is known.
    const ids = project.jobs.pendingItems(run.jobId, crashes.size > 0 ? 1 : chunk);
    if (ids.length === 0) return;
    const passages = ids
      .map((id) => project.passage(id))
      .filter((passage) => speaks(run, passage, project, counter, control));
    if (passages.length === 0) continue;
    try {
      client ??= await connectInference(context);
      info ??= await client.call(
        'load',
        { path: run.generator.path ?? '', device: run.settings.device },
        { signal: control.signal },
      );
      run.provider = info.device;
      await askModel(client, passages, run.settings, control.signal, (passage, proposals) => {
        storeQuestions(project, passage, proposals, run);
        counter.finished(passage.id, run.provider);
      });
      for (const { id } of passages) crashes.delete(id); // The suspect came through: full batches again.
    } catch (error) {
      if ((error as { code?: string }).code !== 'inference-died') throw error;
      client = null;
      info = null;
      const suspect = project.jobs.pendingItems(run.jobId, 1)[0];
      if (suspect === undefined) return;
      const count = (crashes.get(suspect) ?? 0) + 1;
      crashes.set(suspect, count);
      if (count >= 2) {
        control.problem({
          file: suspect,
          line: null,
          ...why('problem.crashed'),
        });
        project.jobs.finishItem(run.jobId, suspect, 'crashed');
        counter.finished(suspect, run.provider);
        crashes.delete(suspect);
      }
      await wait(500 * 2 ** Math.min(count, 4), undefined, { signal: control.signal });
    }
  }
}

function speaks(
  run: Run,
  passage: Passage,
  project: ReturnType<EngineContext['project']>,
  counter: Counter,
  control: JobControl,
): boolean {
  if (run.generator.languages.some((entry) => entry.language === passage.language)) return true;
  control.problem({
    file: passage.id,
    line: null,
    ...why('problem.unknownLanguage', { language: passage.language }),
  });
  project.jobs.finishItem(run.jobId, passage.id, 'failed');
  counter.finished(passage.id, run.provider);
  return false;
}

async function connectInference(context: EngineContext): Promise<InferenceClient> {
  if (!context.inference) throw told('error.inference-died.none');
  return new InferenceClient((await context.inference()) as ClientPort);
}
