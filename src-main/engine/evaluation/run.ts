import { evaluationSettings, type EvaluationSettings, type ScoreTable } from '../../shared/contract/evaluation.ts';
import { generationSettings } from '../../shared/contract/generation.ts';
import type { Job, Language, Passage } from '../../shared/contract/types.ts';
import { systemCode, told } from '../../shared/told.ts';
import { why } from '../../shared/problems.ts';
import { ruleCandidates } from '../../shared/rules/generate.ts';
import type { EngineContext } from '../context.ts';
import { listGenerators } from '../generate/generators.ts';
import { askModel, scoredCandidates, shownQuestions } from '../generate/ask.ts';
import { loadModel } from '../generate/loaded.ts';
import type { JobControl } from '../jobs/runner.ts';
import { rulesBaselineName } from '../metrics/baselines.ts';
import { readOutputs, type FileProblem } from '../metrics/files.ts';
import type { EvaluationItem } from '../metrics/scorers.ts';
import { baselineSystems, scoreTable, type System } from '../metrics/systems.ts';
import type { Project } from '../store/project.ts';
import { EvaluationStore } from './store.ts';

const chunk = 24;
const ruleLimit = 6;

/**
 * An evaluation job: a question for each passage still open, then the tables. Safe to run again: questions that are
 * there stay.
 */
export async function evaluateJob(
  context: EngineContext,
  job: Job,
  control: JobControl,
): Promise<Record<string, unknown>> {
  const settings = evaluationSettings.parse(job.settings);
  const project = context.project();
  const store = new EvaluationStore(project.database);
  const { source } = settings;
  let done = job.done;
  const take = (passage: Passage, candidates: readonly string[] | null): void => {
    if (candidates !== null) {
      store.add(job.id, passage.language, {
        passageId: passage.id,
        output: candidates[0] ?? '',
        candidates: [...candidates],
      });
    }
    project.jobs.finishItem(job.id, passage.id, candidates === null ? 'failed' : 'done');
    control.progress({ done: (done += 1) });
  };
  if (source.kind === 'file') await fromFile(project, job.id, source.path, control, take);
  else if (source.generator.startsWith('rules')) await byRules(project, job.id, control, take);
  else await byModel(context, job, settings, control, take);
  let passages = 0;
  for (const language of store.languages(job.id)) {
    const table = await scoreLanguage(context, job, settings, language, control);
    passages += table.passages;
  }
  return { passages };
}

type Take = (passage: Passage, candidates: readonly string[] | null) => void;

async function* openPassages(project: Project, jobId: string, control: JobControl): AsyncGenerator<Passage[]> {
  for (;;) {
    await control.checkpoint();
    const ids = project.jobs.pendingItems(jobId, chunk);
    if (ids.length === 0) return;
    yield ids.map((id) => project.passage(id));
  }
}

async function byRules(project: Project, jobId: string, control: JobControl, take: Take): Promise<void> {
  for await (const passages of openPassages(project, jobId, control)) {
    for (const passage of passages) {
      const { text, language, sentences } = passage;
      take(
        passage,
        ruleCandidates({ passage: text, language, sentences, limit: ruleLimit }).map((found) => found.text),
      );
      await control.checkpoint();
    }
  }
}

async function fromFile(project: Project, jobId: string, path: string, control: JobControl, take: Take): Promise<void> {
  const problems: FileProblem[] = [];
  const outputs = await readOutputs(path, problems).catch((error: Error) => {
    throw told('error.file-unreadable.file', { path, why: systemCode(error) });
  });
  for (const problem of problems) control.problem(problem);
  let missing = 0;
  for await (const passages of openPassages(project, jobId, control)) {
    for (const passage of passages) {
      const found =
        outputs.get(passage.id) ??
        (passage.externalId === null ? undefined : outputs.get(passage.externalId)) ??
        outputs.get(passage.text);
      if (found === undefined) missing += 1;
      take(passage, found === undefined ? null : [...new Set([found.output, ...(found.candidates ?? [])])]);
    }
  }
  if (missing > 0)
    control.problem({
      file: path,
      line: null,
      ...why('problem.noOutput', { count: missing }),
    });
}

async function byModel(
  context: EngineContext,
  { id: jobId, settings: { hash } }: Job,
  settings: EvaluationSettings,
  control: JobControl,
  take: Take,
): Promise<void> {
  const { source } = settings;
  if (source.kind !== 'generator') return;
  const generator = listGenerators(context.resources, context.userData).find(({ id }) => id === source.generator);
  if (generator === undefined || generator.path === null)
    throw told('error.not-found.generator', { name: source.generator });
  if (generator.hash !== hash) throw told('error.not-found.model-replaced');
  const { signal } = control;
  const loaded = await loadModel(context, generator.path, source.device, signal);
  control.progress({ done: context.project().jobs.get(jobId).done, provider: loaded.info.device });
  const request = generationSettings.parse({ ...source, candidates: scoredCandidates });
  const known = new Set(generator.languages.map(({ language }) => language));
  for await (const passages of openPassages(context.project(), jobId, control)) {
    const byId = new Map(passages.map((passage) => [passage.id, passage]));
    for (const passage of passages) {
      if (known.has(passage.language)) continue;
      control.problem({
        file: passage.id,
        line: null,
        ...why('problem.unknownLanguage', { language: passage.language }),
      });
      take(passage, null);
      byId.delete(passage.id);
    }
    if (byId.size === 0) continue;
    await askModel(loaded, [...byId.values()], request, { signal }, (passage, proposals) =>
      take(passage, shownQuestions(passage, proposals)),
    );
  }
}

async function scoreLanguage(
  context: EngineContext,
  job: Job,
  settings: EvaluationSettings,
  language: Language,
  control: JobControl,
): Promise<ScoreTable> {
  const project = context.project();
  const store = new EvaluationStore(project.database);
  const runs = [job, ...settings.against.map((id) => project.jobs.get(id))];
  const answers = runs.map(
    ({ id }) => new Map(store.outputs(id, language, 0).map((output) => [output.passageId, output] as const)),
  );
  const shared = [...(answers[0]?.keys() ?? [])].filter((id) => answers.every((outputs) => outputs.has(id)));
  const passages = shared.map((id) => project.passage(id));
  const items = answers.map((outputs) =>
    passages.map((passage): EvaluationItem => {
      const { output = '', candidates = [] } = outputs.get(passage.id) ?? {};
      return {
        id: passage.id,
        passage: passage.text,
        references: passage.references.map(({ question }) => question),
        output,
        candidates,
      };
    }),
  );
  const { source } = settings;
  const own = source.kind === 'generator' && source.generator.startsWith('rules') ? rulesBaselineName : job.title;
  const systems: System[] = [
    ...items.map((list, at) => ({ name: at === 0 ? own : (runs[at]?.title ?? ''), baseline: false, items: list })),
    ...baselineSystems(items[0] ?? [], language).filter(({ name }) => name !== own),
  ];
  const scored = await scoreTable(systems, {
    language,
    profile: settings.profile,
    resources: context.resources,
    signal: control.signal,
    ...(settings.meteorFolder === null ? {} : { meteorFolder: settings.meteorFolder }),
  });
  const table: ScoreTable = {
    language,
    passages: passages.length,
    systems: scored.systems.map(({ name, baseline, unanswered, values }) => ({ name, baseline, unanswered, values })),
    comparisons: scored.comparisons.map(({ other, metrics }) => ({
      other,
      metrics: metrics.map(({ metric, difference }) => ({ metric, difference })),
    })),
  };
  store.finish(
    job.id,
    table,
    scored.systems.map(({ items: each }, system) =>
      each.map(({ id, scores }, at) => {
        const item = systems[system]?.items[at];
        return { passageId: id, output: item?.output ?? '', candidates: [...(item?.candidates ?? [])], scores };
      }),
    ),
  );
  return table;
}
