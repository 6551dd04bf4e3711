/**
 * A process that uses a project as a person would, until it is killed: imports, generates by rules and by a model,
 * decides, undoes, exports. Each decision is named on standard output once it is acknowledged:
 * `node life.ts PROJECT CORPUS OUT RESOURCES SEED`.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { createEngine } from '../../src-main/engine/engine.ts';
import { spawnInference } from '../../src-main/inference/spawn.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import type { Job } from '../../src-main/shared/contract/types.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';

const [path = '', corpus = '', out = '', resources = '', seed = '0'] = process.argv.slice(2);
const engine = createEngine({
  userData: join(out, 'user'),
  resources,
  emit: () => undefined,
  inference: () => Promise.resolve(spawnInference().port),
});
function call<Answer>(service: string, method: string, input: unknown = {}): Promise<Answer> {
  return dispatch(contract, engine.handlers, service, method, input, new AbortController().signal) as Promise<Answer>;
}
function say(kind: string, value: unknown): void {
  writeSync(1, `${JSON.stringify([kind, value])}\n`);
}

const work = {
  import: () =>
    call<Job>('importing', 'start', { sources: [{ path: corpus }], options: { questionsAs: 'candidates' } }),
  rules: () => call<Job>('generation', 'start', { generator: 'rules-1', candidates: 3, passages: {} }),
  model: () =>
    call<Job>('generation', 'start', { generator: 'pointer', candidates: 2, passages: { languages: ['en'] } }),
  export: () =>
    call<Job>('exporting', 'start', {
      format: 'hf-jsonl',
      folder: join(out, 'export'),
      statuses: ['undecided', 'accepted', 'edited', 'rejected', 'aside'],
    }),
};
const order = Object.entries(work);

await call('projects', 'open', { path });
const acknowledged = engine.project()?.database.prepare('SELECT id FROM events ORDER BY rowid DESC LIMIT 1').pluck();
let step = 0;

async function decide(): Promise<void> {
  const { items } = await call<{ items: { candidates: { id: string }[] }[] }>('review', 'queue', {});
  const list = items[0]?.candidates ?? [];
  const candidate = list[step % Math.max(1, list.length)];
  step += 1;
  if (!candidate) return void (await new Promise((done) => setTimeout(done, 5)));
  const verdict = step % 3 === 0 ? { verdict: 'reject', reason: 'trivial' } : { verdict: 'accept' };
  if (step % 7 === 0) await call('review', 'undo');
  else await call('review', 'decide', { candidateId: candidate.id, ...verdict });
  const id = acknowledged?.get(); // none when there was nothing to undo
  if (id !== undefined) say('decided', id);
}

/** Reviews until the job is over. */
async function during(job: Job): Promise<void> {
  let over = false;
  const ended = engine.runner()?.wait(job.id);
  void ended?.then(() => (over = true));
  while (!over) await decide();
  say('ended', [job.kind, (await ended)?.state]);
}

const stopped = (await call<Job[]>('jobs', 'list')).filter((job) => job.state === 'stopped');
for (let turn = Number(seed); ; turn += 1) {
  const [name, start] = order[turn % order.length] ?? ['import', work.import];
  const job = await start().catch(() => null); // nothing to export yet
  say('started', name);
  if (job) await during(job);
  const left = stopped.pop();
  if (!left) continue;
  say('resumed', left.kind);
  await during(await call<Job>('jobs', 'resume', { id: left.id }));
}
