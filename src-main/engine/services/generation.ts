import { basename, dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { InferenceError } from '../../inference/client.ts';
import type { Handlers } from '../../shared/contract/define.ts';
import {
  generationSettings,
  goesBeside,
  isAwaited,
  type DeviceMeasure,
  type Generator,
} from '../../shared/contract/generation.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Job, Passage } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { failureOf, told } from '../../shared/told.ts';
import { why } from '../../shared/problems.ts';
import type { EngineContext } from '../context.ts';
import type { JobControl } from '../jobs/runner.ts';
import { askModel } from '../generate/ask.ts';
import { installBundle, listGenerators, refuseUnusable, removeBundle } from '../generate/generators.ts';
import { connectInference, LoadedModel, loadModel, type Loaded } from '../generate/loaded.ts';
import { rulesVersion } from '../../shared/rules/generate.ts';
import { proposeByRules } from '../generate/rules.ts';
import { storeQuestions, type Run } from '../generate/store.ts';
import { evidenceOf } from '../store/sets.ts';
import { compareQuestions } from '../io/near-questions.ts';

/** Passages handed to the model at once: enough for full batches, few enough to lose little. */
const chunk = 24;

export function createGeneration(context: EngineContext): Handlers<Contract>['generation'] {
  const model = new LoadedModel(context);
  context.handle('generate', (job, control) => runGeneration(context, model, job, control));
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
      const runner = context.runner();
      const open = runner.open().map((id) => project.jobs.get(id));
      const beside = goesBeside({ ...settings, generator }, open);
      const job = project.jobs.create({ kind: 'generate', title: generator.name, total: null, settings });
      project.jobs.addItems(job.id, project.passageIds(settings.passages));
      return runner.start(job, { beside });
    },
    retry({ jobId }) {
      const { jobs } = context.project();
      const { state, kind } = jobs.get(jobId);
      if (kind !== 'generate' || !ended.includes(state)) throw told('error.invalid-input.job-running');
      return jobs.reopen(jobId) === 0 ? jobs.get(jobId) : context.runner().start(jobs.get(jobId));
    },
    latest({ jobId, limit }) {
      return context.project().latestQuestions(jobId, limit);
    },
  };
}

const ended: readonly Job['state'][] = ['done', 'done-with-problems', 'cancelled', 'failed'];

/** The inference process holds one model: loading another would take it from the run at work. */
function refuseWhileRunning(context: EngineContext): void {
  if (context.busy()) throw told('error.invalid-input.job-running');
}

async function measure(context: EngineContext, { path }: Generator, signal: AbortSignal): Promise<DeviceMeasure[]> {
  if (path === null) return []; // the rules have no device
  refuseWhileRunning(context);
  const { client } = await loadModel(context, path, 'cpu', signal);
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
async function runGeneration(
  context: EngineContext,
  model: LoadedModel,
  job: Job,
  control: JobControl,
): Promise<Record<string, unknown>> {
  const settings = generationSettings.parse(job.settings);
  const generator = find(context, settings.generator);
  const run: Run = {
    jobId: job.id,
    generator,
    settings,
    provider: generator.kind === 'rules' ? 'CPU' : null,
    precision: null,
  };
  const counter = new Counter(context, job, control);
  await compareQuestions(context.project(), () => control.checkpoint());
  if (generator.kind === 'rules') await byRules(context, run, control, counter);
  else await model.during(() => byModel(context, model, run, control, counter));
  return { questions: context.project().jobs.questions(job.id) };
}

/** Counts finished passages and tells the page; names those that could not be asked about. */
class Counter {
  private done: number;
  private readonly questions: number; // of its runs before
  private added = 0; // of this one
  private readonly started = Date.now();
  private readonly context: EngineContext;
  private readonly control: JobControl;
  private readonly jobId: string;

  constructor(context: EngineContext, job: Job, control: JobControl) {
    this.context = context;
    this.control = control;
    this.jobId = job.id;
    this.done = context.project().jobs.finished(job.id);
    this.questions = context.project().jobs.questions(job.id);
  }

  finished(passageId: string, provider: string | null, added = 0): void {
    this.done += 1;
    this.added += added;
    const aSecond = (this.added * 1000) / Math.max(1, Date.now() - this.started);
    const result = { questions: this.questions + this.added, aSecond };
    this.control.progress({ done: this.done, provider, result });
    this.context.emit('changed', { counts: true, passages: [passageId] });
  }

  /** Finishes a passage by `work`, which gives how many questions it added. An error without a code comes from the passage, not from the file or the process. */
  attempt(passageId: string, run: Run, work: () => number): void {
    let added: number;
    try {
      added = work();
    } catch (error) {
      if (!(error instanceof Error) || 'code' in error) throw error;
      this.failed(passageId, 'failed', why('problem.failed', { message: error.message }), run);
      return;
    }
    this.finished(passageId, run.provider, added);
  }

  failed(passageId: string, state: 'failed' | 'crashed', reason: ReturnType<typeof why>, run: Run): void {
    this.control.problem({ file: passageId, line: null, ...reason });
    this.context.project().jobs.finishItem(this.jobId, passageId, state);
    this.finished(passageId, run.provider);
  }
}

async function byRules(context: EngineContext, run: Run, control: JobControl, counter: Counter): Promise<void> {
  const project = context.project();
  for (;;) {
    const ids = project.jobs.pendingItems(run.jobId, chunk);
    if (ids.length === 0) return;
    for (const id of ids) {
      await control.checkpoint();
      const passage = project.passage(id);
      counter.attempt(id, run, () => storeQuestions(project, passage, proposeByRules(passage, run.settings), run));
    }
  }
}

/** As often as this the process may end in a row and once more load the model: that is no passage's doing. */
const loads = 3;

async function byModel(
  context: EngineContext,
  model: LoadedModel,
  run: Run,
  control: JobControl,
  counter: Counter,
): Promise<void> {
  const project = context.project();
  const { generator, settings } = run;
  const priority = isAwaited(settings) ? 'interactive' : 'bulk';
  const suspects = new Map<string, number>(); // of a request that failed, and how often each ended the process alone
  let deaths = 0; // since a passage was finished, or the model loaded first
  let held: Loaded | null = null;
  for (;;) {
    await control.checkpoint();
    // After a failure one passage at a time, so that the one that caused it is known; then full batches again.
    const ids = project.jobs.pendingItems(run.jobId, suspects.size > 0 ? 1 : chunk);
    if (ids.length === 0) return;
    const asked = ids.map((id) => project.passage(id)).filter((passage) => speaks(run, passage, counter));
    const [first] = asked;
    if (first === undefined) continue;
    const paused = control.held;
    const give = (state: 'failed' | 'crashed', reason: ReturnType<typeof why>): void => {
      counter.failed(first.id, state, reason, run);
      suspects.delete(first.id);
    };
    try {
      held ??= await model.take(generator.path ?? '', settings.device, control.signal);
      run.provider = held.info.device;
      run.precision = held.info.arithmetic;
      const signal = AbortSignal.any([control.signal, paused]);
      await askModel(held, asked, settings, { signal, priority }, (passage, proposals) => {
        counter.attempt(passage.id, run, () => storeQuestions(project, passage, proposals, run));
        suspects.delete(passage.id);
        deaths = 0;
      });
    } catch (error) {
      const died = (error as { code?: string }).code === 'inference-died';
      if (control.signal.aborted) throw error;
      if (paused.aborted && !died) continue; // paused: what was not finished is asked again
      if (!(error instanceof Error) || (held === null && !died)) throw error;
      if ('code' in error && !(error instanceof InferenceError)) throw error; // of the file, not of a passage
      if (held !== null) {
        if (asked.length > 1) {
          for (const id of project.jobs.pendingItems(run.jobId, chunk)) if (ids.includes(id)) suspects.set(id, 0);
        } else if (!died) give('failed', why('problem.failed', { message: error.message }));
        else suspects.set(first.id, (suspects.get(first.id) ?? 0) + 1);
        if ((suspects.get(first.id) ?? 0) >= 2) give('crashed', why('problem.crashed'));
      }
      if (!died) continue;
      if ((deaths += 1) >= loads && held === null) throw error;
      if (held !== null) await model.drop(held);
      held = null;
      await wait(500 * 2 ** Math.min(deaths, 4), undefined, { signal: control.signal });
    }
  }
}

function speaks(run: Run, { id, language }: Passage, counter: Counter): boolean {
  if (run.generator.languages.some((entry) => entry.language === language)) return true;
  counter.failed(id, 'failed', why('problem.unknownLanguage', { language }), run);
  return false;
}
