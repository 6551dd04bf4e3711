import { hash } from 'node:crypto';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { unpack } from '../../src-main/engine/packages/archive.ts';
import { openPackage } from '../../src-main/engine/packages/open.ts';
import { mergeReturn, writeReturn } from '../../src-main/engine/packages/returned.ts';
import { writePackage } from '../../src-main/engine/packages/write.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { checkRound, type RoundFixture } from './round.ts';

let folder: string;
let lead: RoundFixture;
const open: Project[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-packages-'));
  lead = checkRound(join(folder, 'lead.asklab'), 6, 2);
  open.push(lead.project);
});
afterEach(() => {
  for (const project of open.splice(0)) project.close();
  rmSync(folder, { recursive: true });
});

function work(person: number, name = `work-${person}`): Project {
  const bytes = writePackage(lead.project, lead.round, lead.people[person] ?? '');
  const project = openPackage(bytes, join(folder, `${name}.asklab`));
  open.push(project);
  return project;
}

function decide(project: Project, verdicts: readonly string[]): void {
  const round = project.rounds.list()[0]?.id ?? '';
  const { id } = project.person();
  const assigned = project.rounds.assigned(round, id);
  verdicts.forEach((verdict, index) => {
    const item = assigned[index]?.item ?? '';
    const payload = verdict === 'reject' ? { verdict, reason: 'unanswerable' } : { verdict };
    project.history.append(id, [{ kind: 'decide', item, payload, seconds: 3 }], round);
  });
}

function state(project: Project): unknown {
  return {
    events: project.history.all().map((event) => event.id),
    votes: project.database.prepare('SELECT * FROM round_states ORDER BY round_id, item, person').all(),
    items: project.database
      .prepare('SELECT item, status FROM round_items JOIN item_states USING (row) ORDER BY item')
      .all(),
  };
}

function reason(work_: () => unknown): unknown {
  try {
    work_();
  } catch (error) {
    return (error as { details?: { reason?: string } }).details?.reason ?? error;
  }
  return 'accepted';
}

test('two people work in their own projects; what they return gives agreement and disputes', () => {
  const [first, second] = [work(0), work(1)];
  expect(first.person().name).toBe('Checker 0');
  expect(first.info().counts.candidates).toBe(0);
  decide(first, Array<string>(6).fill('accept'));
  decide(second, ['accept', 'accept', 'accept', 'accept', 'accept', 'reject']);
  expect(mergeReturn(lead.project, writeReturn(first))).toMatchObject({ added: 6, known: 0 });
  expect(lead.project.rounds.item(lead.round, lead.items[0] ?? '').status).toBe('open');
  expect(mergeReturn(lead.project, writeReturn(second))).toMatchObject({ added: 6, known: 0 });
  const statuses = lead.items.map((item) => lead.project.rounds.item(lead.round, item).status);
  expect(statuses.filter((status) => status === 'agreed')).toHaveLength(5);
  expect(statuses.filter((status) => status === 'disputed')).toHaveLength(1);
  expect(lead.items.every((item) => lead.project.candidate(item).status === 'accepted')).toBe(true);
});

test('twice is once, parts may come early, and an undo returned later takes the vote back', () => {
  const person = work(0);
  decide(person, ['accept', 'reject']);
  const early = writeReturn(person);
  expect(mergeReturn(lead.project, early).added).toBe(2);
  const once = state(lead.project);
  expect(mergeReturn(lead.project, early)).toMatchObject({ added: 0, known: 2 });
  expect(state(lead.project)).toEqual(once);
  const { round } = lead;
  const target = person.history.undoable(person.person().id, { round });
  person.history.append(person.person().id, [{ kind: 'undo', item: target?.group ?? '', payload: {} }], round);
  expect(mergeReturn(lead.project, writeReturn(person))).toMatchObject({ added: 1, known: 2 });
  const votes = lead.items.flatMap((item) => lead.project.rounds.votes(round, item));
  expect(votes.map((vote) => vote.verdict)).toEqual(['accept']);
});

test('each kind of bad file is refused with its own reason, and nothing is written', () => {
  const person = work(0);
  decide(person, ['accept', 'reject']);
  const packed = writePackage(lead.project, lead.round, lead.people[0] ?? '');
  const good = writeReturn(person);
  const before = state(lead.project);
  const repack = (file: Uint8Array, change: (entries: Record<string, Uint8Array>) => void): Uint8Array => {
    const entries = unzipSync(file);
    change(entries);
    return zipSync(entries);
  };
  const merge = (file: Uint8Array): unknown => reason(() => mergeReturn(lead.project, file));
  const opened = (file: Uint8Array): unknown => reason(() => openPackage(file, join(folder, 'refused.asklab')));
  const edit = (name: string, from: string, to: string) => (entries: Record<string, Uint8Array>) => {
    entries[name] = Buffer.from(
      Buffer.from(entries[name] ?? [])
        .toString()
        .replace(from, to),
    );
  };

  expect(merge(Buffer.from('not a zip'))).toBe('not-a-package');
  expect(merge(good.subarray(0, good.length - 200))).toBe('not-a-package');
  expect(merge(packed)).toBe('other-kind');
  expect(opened(good)).toBe('other-kind');
  expect(opened(repack(packed, edit('items.jsonl', 'Where', 'Whose')))).toBe('altered');
  expect(opened(repack(packed, edit('items.jsonl', 'Where', 'Why')))).toBe('wrong-size');
  expect(merge(repack(good, edit('events.jsonl', 'reject', 'accept')))).toBe('altered');
  expect(merge(repack(good, edit('manifest.json', '"version":1', '"version":2')))).toBe('newer');
  expect(merge(repack(good, (entries) => (entries['notes.md'] = Buffer.from('x'))))).toBe('unknown-entry');
  expect(merge(repack(good, (entries) => (entries['../../escape.json'] = Buffer.from('x'))))).toBe('unsafe-path');
  expect(merge(repack(good, (entries) => (entries['a/b.json'] = Buffer.from('x'))))).toBe('unknown-entry');
  expect(merge(repack(good, (entries) => (entries['zeros.json'] = new Uint8Array(64 * 2 ** 20))))).toBe('too-large');

  // Altered and its digests made anew: only the seals tell, which need the project's key.
  const rehashed = (change: (entries: Record<string, Uint8Array>) => void): Uint8Array =>
    repack(good, (entries) => {
      change(entries);
      const manifest = JSON.parse(Buffer.from(entries['manifest.json'] ?? []).toString()) as {
        entries: { name: string; bytes: number; sha256: string }[];
      };
      for (const entry of manifest.entries) {
        const bytes = entries[entry.name] ?? new Uint8Array();
        Object.assign(entry, { bytes: bytes.length, sha256: hash('sha256', bytes) });
      }
      entries['manifest.json'] = Buffer.from(JSON.stringify(manifest));
    });
  expect(merge(rehashed(edit('events.jsonl', 'reject', 'accept')))).toBe('altered');
  expect(merge(rehashed(edit('package.json', '"kind":"check"', '"kind":"score"')))).toBe('altered');

  // A file that declares less than it unpacks to
  const short = Buffer.from(zipSync({ 'events.jsonl': Buffer.alloc(5000, 'x') }));
  short.writeUInt32LE(4000, 22);
  expect(reason(() => unpack(short))).toBe('wrong-size');

  // Sealed rightly, as a changed app could: what the events say is looked at too.
  const events = 'UPDATE events SET';
  const tampered = (name: string, change: string, ...values: unknown[]): Uint8Array => {
    const own = work(1, name);
    decide(own, ['accept']);
    own.database.exec('DROP TRIGGER events_no_update');
    own.database.prepare(change).run(...values);
    return writeReturn(own);
  };
  expect(merge(tampered('foreign', `${events} item = ?`, 'a'.repeat(32)))).toBe('foreign-item');
  const ahead = (milliseconds: number): string => (Date.now() + milliseconds).toString(16).padStart(12, '0');
  expect(merge(tampered('ahead', `${events} clock = ? || substr(clock, 13)`, ahead(25 * 3_600_000)))).toBe('clock');
  expect(merge(tampered('foreign-undo', `${events} kind = 'undo', item = ?`, 'another group'))).toBe('foreign-item');

  const other = checkRound(join(folder, 'other.asklab'), 6, 2);
  open.push(other.project);
  writePackage(other.project, other.round, other.people[0] ?? '');
  expect(reason(() => mergeReturn(other.project, good))).toBe('other-project');
  expect(state(lead.project)).toEqual(before);
  expect(merge(good)).toBe('accepted');
  expect(merge(tampered('hours-ahead', `${events} clock = ? || substr(clock, 13)`, ahead(3_600_000)))).toBe('accepted');
});

test('a file of a round or a person that the project no longer has is refused', () => {
  const person = work(0);
  decide(person, ['accept']);
  const file = writeReturn(person);
  const copy = join(folder, 'copy.asklab');
  lead.project.database.exec(`VACUUM INTO '${copy}'`);
  for (const gone of ['DELETE FROM people WHERE id = ?', 'DELETE FROM rounds WHERE id = ?']) {
    const path = join(folder, `${gone.split(' ')[2] ?? ''}.asklab`);
    copyFileSync(copy, path);
    const project = Project.open(path);
    open.push(project);
    project.database.pragma('foreign_keys = OFF');
    project.database.prepare(gone).run(gone.includes('people') ? lead.people[0] : lead.round);
    const before = project.history.all().length;
    expect(
      reason(() => mergeReturn(project, file)),
      gone,
    ).toBe('unknown-round');
    expect(project.history.all()).toHaveLength(before);
  }
});
