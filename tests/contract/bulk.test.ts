/** Deciding over a filter through the port: it tells how far it is, and a cancelled one leaves nothing decided. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MessageChannel } from 'node:worker_threads';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine } from '../../src-main/engine/engine.ts';
import { contract, type Contract } from '../../src-main/shared/contract/index.ts';
import { bulkProgress } from '../../src-main/shared/contract/types.ts';
import { connect } from '../../src-main/shared/ipc/client.ts';
import type { Port } from '../../src-main/shared/ipc/frames.ts';
import { serve } from '../../src-main/shared/ipc/server.ts';
import { seed } from '../store/seed.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-bulk-'));
const { port1, port2 } = new MessageChannel();
const portOf = (port: typeof port1): Port => ({
  postMessage: (frame) => port.postMessage(frame),
  onMessage: (listener) => void port.on('message', listener),
});
const questions = 1200;
const pages: ReturnType<typeof serve>[] = [];
const engine = createEngine({
  userData: folder,
  resources: 'resources',
  emit: (name, payload) => pages.forEach((page) => page.emit(name, payload)),
});
pages.push(serve(portOf(port1), contract, engine.handlers));
const { call, on } = connect<Contract>(portOf(port2));

beforeAll(async () => {
  await call.projects.create({ path: join(folder, 'bulk.asklab'), name: 'Bulk', person: 'Ada' });
  const project = engine.project();
  if (project) seed(project, questions);
});
afterAll(async () => {
  await engine.close();
  port1.close();
  rmSync(folder, { recursive: true });
});

const filter = { languages: ['en' as const] };

test('a bulk decision tells its progress, other calls are answered meanwhile, and one undo takes it back', async () => {
  const told: number[] = [];
  let between: number | null = null;
  const off = on('bulk', (payload) => {
    const { done, total } = bulkProgress.parse(payload);
    expect(total).toBe(questions);
    told.push(done);
    if (told.length === 1) void call.projects.counts({}).then(({ accepted }) => (between = accepted));
  });
  expect(await call.review.bulk({ filter, verdict: 'accept' })).toMatchObject({ changed: questions, left: 0 });
  off();
  expect(told.length).toBeGreaterThan(2);
  expect(told).toEqual([...told].sort((left, right) => left - right));
  expect(between).toBeGreaterThan(0);
  expect(between).toBeLessThan(questions);
  expect(await call.projects.counts({})).toMatchObject({ accepted: questions, undecided: 0 });
  await call.review.undo({});
  expect(await call.projects.counts({})).toMatchObject({ accepted: 0, undecided: questions });
});

test('a cancelled bulk decision is taken back, and its history stays', async () => {
  const stop = new AbortController();
  const off = on('bulk', () => stop.abort());
  const run = call.review.bulk({ filter, verdict: 'reject', reason: 'trivial' }, { signal: stop.signal });
  await expect(run).rejects.toMatchObject({ code: 'cancelled' });
  off();
  expect(await call.projects.counts({})).toMatchObject({ rejected: 0, undecided: questions });
  const { items } = await call.review.queue({ filter });
  const history = await call.review.history({ candidateId: items[0]?.candidates[0]?.id ?? '' });
  expect(history.map(({ kind }) => kind)).toContain('decide');
});

test('a large undo tells its progress; cancelled, everything stays; cut off by closing, it ends after the next open', async () => {
  await call.review.bulk({ filter, verdict: 'accept' });
  const stop = new AbortController();
  const told: number[] = [];
  let off = on('bulk', (payload) => {
    told.push(bulkProgress.parse(payload).done);
    stop.abort();
  });
  await expect(call.review.undo({}, { signal: stop.signal })).rejects.toMatchObject({ code: 'cancelled' });
  off();
  expect(told.length).toBeGreaterThan(0);
  expect(await call.projects.counts({})).toMatchObject({ accepted: questions, undecided: 0 });

  let closed: Promise<unknown> = Promise.resolve();
  off = on('bulk', () => {
    off();
    closed = call.projects.close({});
  });
  await call.review.undo({}).catch(() => undefined);
  await closed;
  const whole = new Promise<void>((resolve) => {
    const stopListening = on('changed', (payload) => {
      if ((payload as { project?: boolean }).project === true) return;
      stopListening();
      resolve();
    });
  });
  await call.projects.open({ path: join(folder, 'bulk.asklab') });
  await whole;
  expect(await call.projects.counts({})).toMatchObject({ accepted: 0, undecided: questions });
});

test('an undo that cannot be finished after an open is told, and finished after the next one', async () => {
  const path = join(folder, 'bulk.asklab');
  await call.review.bulk({ filter, verdict: 'accept' });
  let closed: Promise<unknown> = Promise.resolve();
  const off = on('bulk', () => {
    off();
    closed = call.projects.close({});
  });
  await call.review.undo({}).catch(() => undefined);
  await closed;
  const change = (sql: string): void => {
    const database = new Database(path);
    database.exec(sql);
    database.close();
  };
  change(`CREATE TRIGGER broken BEFORE UPDATE ON states BEGIN SELECT RAISE(ABORT, 'a broken disk'); END`);
  const told = new Promise((resolve) => on('failed', resolve));
  await call.projects.open({ path });
  expect(await told).toEqual({ code: 'internal', message: 'a broken disk', details: {} });
  await call.projects.close({});

  change('DROP TRIGGER broken');
  await call.projects.open({ path });
  await expect.poll(() => call.projects.counts({})).toMatchObject({ accepted: 0, undecided: questions });
});
