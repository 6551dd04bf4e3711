import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createEngine } from '../../src-main/engine/engine.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import type { Services } from '../../src-main/shared/contract/define.ts';
import { AsklabError } from '../../src-main/shared/errors.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-contract-'));
const engine = createEngine({ userData: folder, resources: 'resources', emit: () => undefined });
const services: Services = contract;
const methods = Object.entries(services).flatMap(([service, calls]) =>
  Object.keys(calls).map((method) => [service, method] as const),
);

function call(service: string, method: string, input: unknown): Promise<unknown> {
  return dispatch(contract, engine.handlers, service, method, input, new AbortController().signal);
}

afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

test('every method has exactly one handler, and no handler is without a method', () => {
  const handled = Object.entries(engine.handlers).flatMap(([service, calls]) =>
    Object.keys(calls).map((method) => `${service}.${method}`),
  );
  expect(handled.sort()).toEqual(methods.map(([service, method]) => `${service}.${method}`).sort());
});

test('input that is not of the contract is refused as invalid, for every method', async () => {
  for (const [service, method] of methods) {
    await expect(call(service, method, 7), `${service}.${method}`).rejects.toMatchObject({ code: 'invalid-input' });
  }
});

test('malformed names and inputs never reach a handler', async () => {
  const name = fc.oneof(fc.string(), fc.constantFrom('constructor', '__proto__', 'review', 'decide', 'toString'));
  const input = fc.oneof(fc.string(), fc.integer(), fc.array(fc.anything()), fc.constant(null));
  await fc.assert(
    fc.asyncProperty(name, name, input, async (service, method, value) => {
      const error: unknown = await call(service, method, value).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AsklabError);
      expect(['invalid-input', 'unknown-method']).toContain((error as AsklabError).code);
    }),
    { numRuns: 1000 },
  );
});

test('without a project calls say so; in a read-only one commands are refused', async () => {
  await expect(call('passages', 'list', {})).rejects.toMatchObject({ code: 'no-project' });
  await call('projects', 'create', { path: join(folder, 'p.asklab'), name: 'P', person: 'Ada' });
  const project = engine.project();
  if (!project) throw new Error('the project did not open');
  Object.defineProperty(project, 'readOnly', { value: true, configurable: true });
  await expect(call('review', 'undo', {})).rejects.toMatchObject({ code: 'read-only' });
  await expect(call('projects', 'addPerson', { name: 'Bo' })).rejects.toMatchObject({ code: 'read-only' });
  expect(await call('passages', 'list', {})).toEqual({ rows: [], next: null });
  Object.defineProperty(project, 'readOnly', { value: false });
  await expect(call('passages', 'list', { cursor: 'x' })).rejects.toMatchObject({ code: 'invalid-input' });
});
