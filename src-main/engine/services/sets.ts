import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import { chooseSettings } from '../../shared/contract/sets.ts';
import type { Job } from '../../shared/contract/types.ts';
import type { EngineContext } from '../context.ts';
import { chooseSet } from '../diverse/choose.ts';
import type { JobControl } from '../jobs/runner.ts';
import { keepSet, listSets, needFreeName, evidenceOf, removeSet, setOfJob, setsOf } from '../store/sets.ts';

export function createSets(context: EngineContext): Handlers<Contract>['sets'] {
  context.handle('choose', (job, control) => runChoose(context, job, control));
  return {
    list: () => listSets(context.project()),
    choose(settings) {
      const project = context.project();
      needFreeName(project, settings.name);
      if (settings.passages.set !== undefined) evidenceOf(project, settings.passages.set); // it is there
      const job = project.jobs.create({ kind: 'choose', title: settings.name, total: null, settings });
      return context.runner().start(job);
    },
    remove({ name }) {
      removeSet(context.project(), name);
      context.emit('changed', { passages: true, sets: true });
      return listSets(context.project());
    },
    of: ({ passageId }) => setsOf(context.project(), passageId),
  };
}

/** Chooses a job's set. A stopped one begins anew, unless its set was kept just before it was stopped. */
export async function runChoose(
  context: EngineContext,
  job: Job,
  control: JobControl,
): Promise<Record<string, unknown>> {
  const project = context.project();
  const settings = chooseSettings.parse(job.settings);
  const kept = setOfJob(project, job.id);
  if (kept !== null) return { passages: kept.passages, evidence: kept.evidence };
  needFreeName(project, settings.name);
  const person = project.person().name;
  const { members, computed } = await chooseSet(project, settings, control);
  await control.checkpoint();
  const evidence = { ...computed, settings, person, madeAt: Date.now() };
  keepSet(project, job.id, evidence, members);
  control.progress({ done: computed.passages, total: computed.passages });
  context.emit('changed', { sets: true });
  return { passages: members.length, evidence };
}
