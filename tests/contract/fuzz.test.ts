import { createHash } from 'node:crypto';
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
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';
import { dispatch, serve } from '../../src-main/shared/ipc/server.ts';
import { spoilt } from '../spoil.ts';

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

/** What a call began is over, or never ends by itself. */
async function idle(): Promise<void> {
  while (engine.runner()?.busy === true) await new Promise((done) => setImmediate(done));
}

type Schema = z.core.JSONSchema.JSONSchema;

/** Values of places on disk: nothing is there, or nothing that fits. */
const nowhere = fc.constantFrom('nowhere', 'no/such/folder', 'user', '');

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
            Object.entries(schema.properties ?? {}).map(([key, value]) => [
              key,
              /path$|folder$/iu.test(key) ? nowhere : allowed(value as Schema, known),
            ]),
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

test(
  `${runs} malformed messages: each call is answered once, no refusal without its reason (seed ${seed})`,
  { timeout: 1_800_000 },
  async () => {
    const project = engine.project();
    if (!project) throw new Error('the sample did not open');
    const ids = (table: string): string[] =>
      project.database.prepare(`SELECT id FROM ${table} LIMIT 5`).pluck().all() as string[];
    const settings = { generator: rulesVersion, passages: { languages: ['en'] } };
    await dispatch(contract, engine.handlers, 'generation', 'start', settings, new AbortController().signal);
    await idle();
    const known = ['passages', 'candidates', 'people', 'jobs'].flatMap(ids).concat(['en', 'zh', rulesVersion]);
    // Those that close the project or open another: only what their schema refuses is sent.
    const closing = new Set(['create', 'open', 'openSample', 'close', 'repair', 'removeModel', 'openPackage']);
    const methods = Object.entries(contract as Services).flatMap(([service, calls]) =>
      Object.entries(calls).map(([method, { input }]) => {
        const schema = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any', reused: 'inline' });
        return { service, method, schema: input, input: allowed(schema as Schema, known) };
      }),
    );
    const odd = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withTypedArray: true }),
      fc.constantFrom(null, undefined, NaN, -1, 1e300, '', '__proto__', { __proto__: null }, [[[]]]),
    );
    const call = fc.constantFrom(...methods).chain(({ service, method, schema, input }) => {
      const wrong = fc
        .tuple(input, fc.array(fc.nat(9), { maxLength: 4 }), odd)
        .map(([value, path, by]) => spoilt(value, path, by));
      const given = fc.oneof(
        { weight: 5, arbitrary: wrong },
        { weight: 1, arbitrary: odd },
        { weight: 2, arbitrary: input },
      );
      const sent = closing.has(method) ? given.filter((value) => !schema.safeParse(value).success) : given;
      return fc.record({
        type: fc.constant('call'),
        ...{ service: fc.constant(service), method: fc.constant(method), input: sent },
        cancelled: fc.nat(9).map((chance) => chance === 0), // as soon as it is sent
      });
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
    /** Of every byte of the project. */
    const digest = (): string => createHash('sha256').update(project.database.serialize()).digest('hex');
    const written = project.database.prepare('SELECT total_changes()').pluck();
    let [id, refused, dump, rows] = [0, 0, digest(), written.get()];
    const refusing = new Set<string>();
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
        const cancelled = own && 'cancelled' in message && message.cancelled === true;
        if (cancelled) deliver({ type: 'cancel', id });
        for (const sent = Date.now(); own && answers.length === 0 && Date.now() - sent < 20_000;)
          await new Promise((done) => setImmediate(done));
        if (own) expect(answers.map((answer) => 'id' in answer && answer.id)).toEqual([id]);
        expect(answers.length).toBeLessThanOrEqual(1);
        for (const answer of answers) {
          if (answer.type !== 'error') continue;
          refused += 1;
          expect(errorCodes).toContain(answer.error.code);
          expect(answer.error.code).not.toBe('internal');
          expect(answer.error.message.length).toBeGreaterThan(5);
          if (own && 'method' in message) refusing.add(`${String(message.service)}.${String(message.method)}`);
        }
        expect(internal).toEqual([]);
        // A refused call leaves every byte as it was; one that was cancelled says itself what it leaves.
        await idle();
        if (written.get() !== rows) {
          const now = digest();
          if (!cancelled && answers[0]?.type === 'error') expect(now).toBe(dump);
          [dump, rows] = [now, written.get()];
        }
        expect(project.database.inTransaction).toBe(false);
      }),
      { numRuns: runs, seed },
    );
    expect(refused).toBeGreaterThan(runs / 3);
    if (runs >= 10_000)
      expect(methods.filter(({ service, method }) => !refusing.has(`${service}.${method}`))).toEqual([]);
    expect(engine.project()).toBe(project);
    await engine.runner()?.stop();
    expect(project.database.pragma('integrity_check', { simple: true })).toBe('ok');
    const states = (): unknown => project.database.prepare('SELECT * FROM states ORDER BY candidate_id').all();
    const before = states();
    project.history.rebuild();
    expect(states()).toEqual(before);
  },
);
