/** Nothing of systems, first verdicts and other people leaves the lead's project, nor lies in the file of who works. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { strFromU8, unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { App } from '../contract/apps.ts';
import { BlindStudy, foundIn, people } from './blind.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-blind-'));
const study = new BlindStudy(folder);
const kinds = ['check', 'review', 'adjudicate', 'score'] as const;
type Kind = (typeof kinds)[number];
const worker: Record<Kind, string> = {
  check: people.checker,
  review: people.checker,
  adjudicate: people.judge,
  score: people.checker,
};
/** What a package to score has no word for. */
const words = ['generator', 'lineage', 'system', 'repeat', 'reference', 'hidden', 'verdict'];
const rounds = {} as Record<Kind, string>;

beforeAll(async () => {
  await study.fill();
  rounds.review = await study.round('review', [people.checker, people.other]);
  rounds.check = await study.round('check', [people.checker, people.other]);
  rounds.score = await study.campaign();
  // The checkers accept everything: what the first person rejected is disputed.
  for (const name of [people.checker, people.other]) {
    const app = await opened('check', name);
    await workThrough(app, 'check');
    const { path } = await app.call.checking.writeReturn({ folder });
    await study.lead.call.rounds.mergeReturns({ paths: [path] });
  }
  rounds.adjudicate = await study.round('adjudicate', [people.judge]);
});
afterAll(async () => {
  await study.close();
  rmSync(folder, { recursive: true });
});

async function packaged(kind: Kind, name = worker[kind]): Promise<string> {
  const target = { roundId: rounds[kind], folder: join(folder, kind), people: [study.personId(name)] };
  const [file] = await study.lead.call.rounds.writePackages(target);
  return file?.path ?? '';
}

let machines = 0;
/** The package of a person in an app of its own. */
async function opened(kind: Kind, name = worker[kind]): Promise<App> {
  const app = study.apps.start(`machine ${(machines += 1)}`);
  await app.call.checking.openPackage({ path: await packaged(kind, name) });
  return app;
}

/** Accepts all, or scores all: what one has said oneself is no secret. */
async function workThrough({ call, engine }: App, kind: Kind): Promise<void> {
  const roundId = (await call.checking.queues({})).sealed?.roundId ?? '';
  if (kind === 'adjudicate') {
    for (;;) {
      const { dispute } = await call.settling.queue({});
      if (!dispute) break;
      await call.settling.settle({ roundId, item: dispute.item, verdict: 'accept', note: 'good', seconds: 3 });
    }
    await call.settling.undo({});
    await call.settling.redo({});
  } else if (kind === 'score') {
    for (;;) {
      const { items, queue } = await call.campaigns.items({ campaign: roundId });
      if (queue.done === queue.total) break;
      const scores = { fluency: 2, answerable: 1, significance: 0 } as const;
      for (const { id: item } of items)
        await call.campaigns.score({ campaign: roundId, item, scores, comment: 'good', seconds: 3 });
    }
    await call.campaigns.undo({ campaign: roundId });
  } else {
    const items = engine.project()?.rounds.assigned(roundId, engine.project()?.person().id ?? '') ?? [];
    for (const { item } of items)
      await call.checking.decide({ roundId, item, verdict: 'accept', note: 'good', seconds: 3 });
    await call.checking.setFlag({ roundId, item: items[0]?.item ?? '', flag: 'mine' });
    await call.checking.undo({ roundId });
    await call.checking.redo({ roundId });
  }
}

/** Each file of an app's folder, and of each database what every row of every table says, whatever pages it lies on. */
function* kept(app: string): Generator<[name: string, bytes: Uint8Array]> {
  const copy = join(folder, `${app} copy`);
  cpSync(join(folder, app), copy, { recursive: true });
  const names = readdirSync(copy, { recursive: true, encoding: 'utf8' }).filter((name) => /\.[a-z-]+$/.test(name));
  for (const name of names) yield [name, readFileSync(join(copy, name))];
  for (const name of names.filter((one) => one.endsWith('.asklab'))) {
    const database = new Database(join(copy, name));
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
    for (const table of tables)
      for (const row of database.prepare(`SELECT * FROM "${table}"`).raw().iterate() as Iterable<unknown[]>)
        yield [
          `${name} ${table}`,
          Buffer.concat(row.map((value) => (value instanceof Uint8Array ? value : Buffer.from(String(value))))),
        ];
    database.close();
  }
  rmSync(copy, { recursive: true });
}

test('the search finds a secret that is there, in each encoding', () => {
  const [id, name] = ['018f3a6c-9a4b-7cde-8f01-23456789abcd', 'Perpetua Ocelot'];
  const hidden = (secret: string): Uint8Array[] => [
    Buffer.from(`x${secret.toUpperCase()}y`),
    ...['', 'x', 'xy'].map((before) => Buffer.from(Buffer.from(`${before}${secret}z`).toString('base64'))),
    Buffer.from(Buffer.from(secret).toString('hex').toUpperCase()),
    Buffer.from(secret, 'utf16le'),
    Buffer.from(secret, 'utf16le').swap16(),
  ];
  for (const bytes of [...hidden(name), ...hidden(id)]) expect(foundIn(bytes, [id, name])).toHaveLength(1);
  expect(foundIn(Buffer.from(id.replaceAll('-', ''), 'hex'), [id, name])).toEqual([id]);
  expect(foundIn(Buffer.from('nothing of it'), [id, name])).toEqual([]);
});

test.each(kinds)(
  'a package to %s, its entries, the file it is worked in and what comes back name no system, verdict or other person',
  async (kind) => {
    const name = worker[kind];
    const secrets = study.secrets(name, kind);
    expect(secrets.length).toBeGreaterThan(100);
    const clean = (where: string, bytes: Uint8Array): void =>
      expect([where, foundIn(bytes, secrets)]).toEqual([where, []]);
    const archive = (path: string): void => {
      const bytes = readFileSync(path);
      clean('the archive', bytes);
      for (const [entry, content] of Object.entries(unzipSync(bytes))) {
        clean(entry, Buffer.from(entry));
        clean(entry, content);
        if (kind === 'score') expect([entry, foundIn(content, words)]).toEqual([entry, []]);
      }
    };
    archive(await packaged(kind));

    const app = await opened(kind);
    const machine = `machine ${machines}`;
    const look = (when: string, wanted: readonly RegExp[]): void => {
      const seen: string[] = [];
      for (const [where, bytes] of kept(machine)) {
        clean(`${where}, ${when}`, bytes);
        seen.push(where);
      }
      for (const one of wanted) expect(seen.filter((where) => one.test(where))).not.toEqual([]);
    };
    look('as opened', [/\.asklab$/, /\.asklab-wal$/, /asklab round_items$/]);
    await workThrough(app, kind);
    look('as worked in', [/\.asklab$/, /\.asklab-wal$/, /asklab events$/]);
    archive((await app.call.checking.writeReturn({ folder })).path);
    await app.engine.close();
    look('as closed', [/\.asklab$/]);
  },
  120_000,
);

test('an adjudicator reads verdicts, reasons and notes, by people who are letters, but not who wrote a question', async () => {
  const items = strFromU8(unzipSync(readFileSync(await packaged('adjudicate')))['items.jsonl'] ?? new Uint8Array());
  for (const told of ['reject', 'off-topic', 'bandicoot', '"person":"A"']) expect(items).toContain(told);
  expect(items).toContain('Where does the bell hang?');
  for (const telling of ['"write"', 'generator', 'lineage']) expect(items).not.toContain(telling);
});

interface Packed {
  round: string;
  guidelines: string;
  shown: string[];
}
/** A package but for ids and order, which are new in each. */
function packed(path: string): Packed {
  const entries = unzipSync(readFileSync(path));
  const text = (name: string): string => strFromU8(entries[name] ?? new Uint8Array());
  const shown = text('items.jsonl')
    .trim()
    .split('\n')
    .map((line) => JSON.stringify((JSON.parse(line) as { shown: object }).shown));
  return { round: text('round.json'), guidelines: text('guidelines.jsonl'), shown: shown.sort() };
}

test('a package to check is the same whatever the first person decided', async () => {
  const before = packed(await packaged('check'));
  expect(before.shown.length).toBeGreaterThan(20);
  for (const line of before.shown) expect(Object.keys(JSON.parse(line) as object)).toEqual(['question', 'sentence']);
  // Every verdict the other way round; a wording stays what it was.
  const { database } = study.project;
  const swapped = `CASE json_extract(hidden, '$.first.verdict') WHEN 'accept' THEN 'reject' ELSE 'accept' END`;
  const note = `json_object('person', NULL, 'verdict', ${swapped}, 'reason', 'trivial', 'note', 'the other way')`;
  const change = database.prepare(
    `UPDATE round_items SET hidden = json_set(hidden, '$.first', ${note}) WHERE round_id = ?`,
  );
  expect(change.run(rounds.check).changes).toBe(before.shown.length);
  expect(packed(await packaged('check'))).toEqual(before);
});
