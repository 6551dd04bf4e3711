import { accessSync, chmodSync, closeSync, constants, copyFileSync, existsSync } from 'node:fs';
import { mkdtempSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { AsklabError } from '../../shared/errors.ts';
import { told } from '../../shared/told.ts';
import { migrate, newestVersion, versionOf } from './migrate.ts';

/** "Askl" in the SQLite header's application_id: tells our files from any other database. */
export const applicationId = 0x41736b6c;

export interface Opened {
  database: Database.Database;
  readOnly: boolean;
  /** A folder that goes when the project is closed. */
  scratch?: string;
}

/** A file as it was left: its size and the time of its last change. */
export interface Left {
  size: number;
  changedAt: number; // ms since 1970
}

/** A closed file as it lies there; null for one whose journal says that it was not closed. */
export function leftAs(path: string): Left | null {
  if (existsSync(`${path}-wal`) || existsSync(`${path}-journal`)) return null;
  const { size, mtimeMs } = statSync(path);
  return { size, changedAt: Math.floor(mtimeMs) };
}

/**
 * Makes a new project file with what `fill` puts in it, under another name until it is whole: a crash leaves either the
 * project or nothing in its place. Error: 'write-failed' when something is there already.
 */
export function createDatabase(path: string, fill: (database: Database.Database) => void): Database.Database {
  if (existsSync(path)) throw told('error.write-failed.there', { path });
  const part = `${path}.part`;
  const discard = (): void => {
    for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${part}${suffix}`, { force: true });
  };
  discard(); // of a crash
  const database = new Database(part);
  try {
    database.pragma(`application_id = ${applicationId}`);
    prepare(database, part);
    migrate(database, part);
    database.transaction(fill)(database);
    database.pragma('journal_mode = DELETE'); // one file, that can be renamed
    database.close();
    renameSync(part, path);
  } catch (error) {
    database.close();
    discard();
    throw error;
  }
  return openDatabase(path, true).database;
}

/** Whether a file lies there as this machine `left` it: closed, of the same size, unchanged since. */
export function liesAsLeft(path: string, left: Left | null): boolean {
  const now = left && leftAs(path);
  return now !== null && now.size === left?.size && now.changedAt === left.changedAt;
}

/** Reads all of a file through, which takes seconds where it holds a million questions. */
export function isSound(database: Database.Database): boolean {
  return database.pragma('quick_check', { simple: true }) === 'ok';
}

/**
 * Opens a project file, and reads it through first unless the caller knows that it is `sound`. Errors: 'not-found',
 * 'project-foreign', 'project-damaged', 'project-newer', 'project-locked'.
 */
export function openDatabase(path: string, sound = false): Opened {
  if (!existsSync(path))
    throw new AsklabError('not-found', `${path} is not there. It may have been moved or renamed.`, { path });
  const readOnly = !writable(path);
  let database: Database.Database | undefined;
  let scratch: string | undefined;
  try {
    if (readOnly && needsJournal(path)) {
      scratch = mkdtempSync(join(tmpdir(), 'asklab-read-only-'));
      database = new Database(copyWithJournal(path, scratch));
    } else database = new Database(path, { readonly: readOnly, timeout: 2000 });
    if (database.pragma('application_id', { simple: true }) !== applicationId) {
      throw new AsklabError(
        'project-foreign',
        `${path} is not an Asklab project. Import it instead if it holds passages.`,
        { path },
      );
    }
    if (!sound && !isSound(database)) throw damaged(path);
    if (readOnly) {
      // An older file that may not be written is brought up to date in a copy.
      if (versionOf(database, path) < newestVersion) {
        database.close();
        scratch ??= mkdtempSync(join(tmpdir(), 'asklab-read-only-'));
        const copy = copyWithJournal(path, scratch);
        database = new Database(copy);
        migrate(database, copy, false);
      }
      keepJobsInMemory(database);
      return { database, readOnly, ...(scratch === undefined ? {} : { scratch }) };
    }
    prepare(database, path);
    migrate(database, path);
    return { database, readOnly };
  } catch (error) {
    database?.close();
    if (scratch !== undefined) rmSync(scratch, { recursive: true });
    throw explain(error, path);
  }
}

/** Whether SQLite wants to write beside the file to read it: it was not closed, and may stand where nothing can be written. */
function needsJournal(path: string): boolean {
  if (leftAs(path) === null) return true;
  const header = Buffer.alloc(20);
  const handle = openSync(path, 'r');
  readSync(handle, header, 0, header.length, 0);
  closeSync(handle);
  return header[18] === 2; // its pages expect a write-ahead log
}

/** A copy with all that its journal holds. */
function copyWithJournal(path: string, folder: string): string {
  const copy = join(folder, 'copy.asklab');
  for (const suffix of ['', '-wal', '-journal']) {
    if (!existsSync(`${path}${suffix}`)) continue;
    copyFileSync(`${path}${suffix}`, `${copy}${suffix}`);
    chmodSync(`${copy}${suffix}`, 0o600); // a copy keeps the mode of what may not be written
  }
  return copy;
}

/** A read-only project can still be exported: its jobs live in tables that hide the file's own and end with the program. */
function keepJobsInMemory(database: Database.Database): void {
  const sqlOf = database.prepare("SELECT sql FROM main.sqlite_master WHERE type = 'table' AND name = ?").pluck();
  for (const name of ['jobs', 'job_items', 'job_problems']) {
    database.exec(String(sqlOf.get(name)).replace('CREATE TABLE', 'CREATE TEMP TABLE'));
    database.exec(`INSERT INTO temp.${name} SELECT * FROM main.${name}`);
  }
}

function prepare(database: Database.Database, path: string): void {
  // One owner at a time: a second open of the same file is refused instead of mixing two people's work.
  database.pragma('locking_mode = EXCLUSIVE');
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  database.pragma('recursive_triggers = ON'); // else INSERT OR REPLACE deletes an event past the trigger that forbids it
  database.pragma('temp_store = MEMORY');
  database.pragma('cache_size = -65536'); // 64 MB: new rows fall all over the indices of hashes; filters read 40 MB at a million
  expectManyRows(database, false);
  try {
    database.exec('BEGIN IMMEDIATE; COMMIT');
  } catch (error) {
    throw explain(error, path);
  }
}

/**
 * While very many rows come, the write-ahead log may grow to 64 MB, else to 16: pages that many of them change are written
 * to the file less often. A checkpoint of 64 MB would be felt by whoever decides just then.
 */
export function expectManyRows(database: Database.Database, expected: boolean): void {
  database.pragma(`wal_autocheckpoint = ${expected ? 16_000 : 4000}`);
}

/** What went wrong with a file, for a person; any other error as it is. */
export function explain(error: unknown, path: string): unknown {
  const code = (error as { code?: string }).code ?? '';
  if (code.startsWith('SQLITE_BUSY')) {
    return new AsklabError(
      'project-locked',
      `${path} is open in another window or program. Close it there, then open it here.`,
      { path },
    );
  }
  if (code === 'SQLITE_NOTADB')
    return new AsklabError('project-foreign', `${path} is not an Asklab project.`, { path });
  if (code.startsWith('SQLITE_CORRUPT')) return damaged(path);
  if (code === 'SQLITE_FULL')
    return new AsklabError('disk-full', 'The disk is full. What was saved before is kept. Free some space.', { path });
  return error;
}

function damaged(path: string): AsklabError {
  return new AsklabError(
    'project-damaged',
    `${path} is damaged. Nothing was changed. Repair writes what can be read into a copy beside it.`,
    { path },
  );
}

/** Whether the file and its folder, where SQLite's journal stands, may be written. */
export function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    accessSync(dirname(path), constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
