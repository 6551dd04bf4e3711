import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import type { Services } from '../../src-main/shared/contract/define.ts';
import { errorCodes } from '../../src-main/shared/errors.ts';
import type { Frame } from '../../src-main/shared/ipc/frames.ts';
import { dispatch, serve } from '../../src-main/shared/ipc/server.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 10_000);
const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 2 ** 31);
const start = process.cwd();
const folder = mkdtempSync(join(tmpdir(), 'asklab-fuzz-'));
let engine: Engine;

beforeAll(async () => {
  const resources = resolve('resources');
  process.chdir(folder); // a path made up by chance lands here
  engine = createEngine({ userData: join(folder, 'user'), resources, emit: () => undefined });
  await dispatch(contract, engine.handlers, 'projects', 'openSample', {}, new AbortController().signal);
  engine.project()?.database.pragma('synchronous = OFF'); // nothing is killed here
});
afterAll(async () => {
  await engine.close();
  process.chdir(start);
  rmSync(folder, { recursive: true });
});

type Schema = z.core.JSONSchema.JSONSchema;

/** Values that a method's schema allows, with ids of real rows where there are some. */
function allowed(schema: Schema, known: readonly string[]): fc.Arbitrary<unknown> {
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return fc.oneof(...options.map((option) => allowed(option as Schema, known)));
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'string':
      return fc.oneof(fc.constantFrom(...known), fc.string({ maxLength: 12 }));
    case 'number':
    case 'integer':
      return fc.integer({
        min: Math.ceil(Math.max(-5, schema.minimum ?? -5)),
        max: Math.floor(Math.min(50, schema.maximum ?? 50)),
      });
    case 'boolean':
      return fc.boolean();
    case 'array':
      return fc.array(allowed((schema.items ?? {}) as Schema, known), { maxLength: 3 });
    case 'object': {
      const required = new Set(schema.required);
      return fc
        .record(
          Object.fromEntries(
            Object.entries(schema.properties ?? {}).map(([key, value]) => [key, allowed(value as Schema, known)]),
          ),
          { requiredKeys: [...required].filter((key) => key in (schema.properties ?? {})) },
        )
        .map((value) => ({ ...value }));
    }
    case 'null':
      return fc.constant(null);
    default:
      return fc.anything();
  }
}

/** The same value with one place somewhere inside it replaced, taken away or added. */
function spoilt(value: unknown, path: readonly number[], by: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined || typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  const key = keys[first % (keys.length + 1)] ?? 'extra';
  const inner = spoilt((value as Record<string, unknown>)[key], rest, by);
  return Array.isArray(value)
    ? value.map((entry: unknown, index) => (String(index) === key ? inner : entry))
    : { ...value, [key]: inner };
}

test(
  `${runs} malformed messages: each call is answered once, no refusal without its reason (seed ${seed})`,
  { timeout: 600_000 },
  async () => {
    const project = engine.project();
    if (!project) throw new Error('the sample did not open');
    const ids = (table: string): string[] =>
      project.database.prepare(`SELECT id FROM ${table} LIMIT 5`).pluck().all() as string[];
    const known = [...ids('passages'), ...ids('candidates'), ...ids('people'), 'en', 'zh'];
    // Those that close the project or open another, or write bundles and files, are sent spoilt only.
    const closing = new Set([
      'create',
      'open',
      'openSample',
      'close',
      'repair',
      'addModel',
      'removeModel',
      'start',
      'openPackage',
    ]);
    const methods = Object.entries(contract as Services).flatMap(([service, calls]) =>
      Object.entries(calls).map(([method, { input }]) => {
        const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any', reused: 'inline' });
        return { service, method, input: allowed(schema as Schema, known) };
      }),
    );
    const odd = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }),
      fc.constantFrom(null, undefined, NaN, -1, 1e300, '', '__proto__', { __proto__: null }, [[[]]]),
    );
    const nothing = fc.oneof(fc.string(), fc.integer(), fc.array(fc.anything()), fc.constant(null));
    const call = fc.nat(methods.length - 1).chain((index) => {
      const { service, method, input } = methods[index] ?? { service: '', method: '', input: fc.constant(null) };
      const wrong = fc
        .tuple(input, fc.array(fc.nat(9), { maxLength: 3 }), odd)
        .map(([value, path, by]) => spoilt(value, path, by));
      const given = closing.has(method)
        ? nothing
        : fc.oneof({ weight: 3, arbitrary: wrong }, { weight: 1, arbitrary: input });
      return given.map((value) => ({ type: 'call', service, method, input: value }));
    });
    const frame = fc.oneof(
      { weight: 6, arbitrary: call },
      { weight: 1, arbitrary: fc.record({ type: odd, id: odd, service: odd, method: odd, input: odd }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('cancel'), id: odd }) },
      { weight: 1, arbitrary: odd },
    );

    const answers: Frame[] = [];
    const internal: unknown[] = [];
    let deliver: (message: unknown) => void = () => undefined;
    serve(
      { postMessage: (answer) => answers.push(answer), onMessage: (listener) => (deliver = listener) },
      contract,
      engine.handlers,
      (error) => internal.push(error),
    );
    let id = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(frame, async (message) => {
        const own =
          typeof message === 'object' &&
          message !== null &&
          'service' in message &&
          'type' in message &&
          message.type === 'call';
        answers.length = 0;
        deliver(own ? { ...message, id: (id += 1) } : message);
        for (const sent = Date.now(); own && answers.length === 0 && Date.now() - sent < 20_000;)
          await new Promise((done) => setImmediate(done));
        if (own) expect(answers.map((answer) => 'id' in answer && answer.id)).toEqual([id]);
        expect(answers.length).toBeLessThanOrEqual(1);
        for (const answer of answers) {
          if (answer.type !== 'error') continue;
          refused += 1;
          expect(errorCodes).toContain(answer.error.code);
          expect(answer.error.message.length).toBeGreaterThan(5);
        }
        expect(internal).toEqual([]);
        expect(project.database.inTransaction).toBe(false);
      }),
      { numRuns: runs, seed },
    );
    expect(refused).toBeGreaterThan(runs / 3);
    expect(engine.project()).toBe(project);
    await engine.runner()?.stop();
    expect(project.database.pragma('integrity_check', { simple: true })).toBe('ok');
    const states = (): unknown => project.database.prepare('SELECT * FROM states ORDER BY candidate_id').all();
    const before = states();
    project.history.rebuild();
    expect(states()).toEqual(before);
  },
);
