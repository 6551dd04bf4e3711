/** A process that imports a file by the engine's own job and prints what it took: `node importer.ts FILE PROJECT USERDATA`. */
import { createEngine } from '../../../src-main/engine/engine.ts';
import { contract } from '../../../src-main/shared/contract/index.ts';
import { dispatch } from '../../../src-main/shared/ipc/server.ts';

const [file = '', path = '', userData = ''] = process.argv.slice(2);
const engine = createEngine({ userData, resources: 'resources', emit: () => undefined });
const call = (service: string, method: string, input: unknown): Promise<unknown> =>
  dispatch(contract, engine.handlers, service, method, input, new AbortController().signal);
await call('projects', 'create', { path, name: 'Bench', person: 'Bench' });
const started = performance.now();
const job = (await call('importing', 'start', {
  sources: [{ path: file }],
  options: { questionsAs: 'candidates' },
})) as {
  id: string;
};
const ended = await engine.runner()?.wait(job.id);
const seconds = (performance.now() - started) / 1000;
await engine.close();
const megabytes = process.resourceUsage().maxRSS / 1024;
console.log(JSON.stringify({ state: ended?.state, result: ended?.result, seconds, megabytes }));
