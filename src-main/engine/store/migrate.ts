import { existsSync, renameSync, rmSync } from 'node:fs';
import type Database from 'better-sqlite3';
import { AsklabError } from '../../shared/errors.ts';
import { init } from './migrations/0001-init.ts';
import { rounds } from './migrations/0002-rounds.ts';
import { campaigns } from './migrations/0003-campaigns.ts';
import { browse } from './migrations/0004-browse.ts';
import { evaluations } from './migrations/0005-evaluations.ts';
import { facets } from './migrations/0006-facets.ts';
import { filters } from './migrations/0007-filters.ts';
import { itemStates } from './migrations/0008-item-states.ts';
import { prints } from './migrations/0009-prints.ts';
import { given } from './migrations/0010-given.ts';
import { sets } from './migrations/0011-sets.ts';
import { signals } from './migrations/0012-signals.ts';

/** One numbered step; it runs in one transaction together with its version number. */
export interface Migration {
  version: number;
  name: string;
  sql: string;
}

export const migrations: readonly Migration[] = [
  init,
  rounds,
  campaigns,
  browse,
  evaluations,
  facets,
  filters,
  itemStates,
  prints,
  given,
  sets,
  signals,
];
export const newestVersion = migrations.at(-1)?.version ?? 0;

/** Errors: 'project-newer'. */
export function versionOf(database: Database.Database, path: string): number {
  const version = Number(database.pragma('user_version', { simple: true }));
  if (version > newestVersion) {
    throw new AsklabError(
      'project-newer',
      `${path} was written by a newer Asklab. It was not touched. Update Asklab to open it.`,
      { path },
    );
  }
  return version;
}

/** Brings a file to the newest version; an older file is copied beside itself first, unless it is a copy. Error: 'project-newer'. */
export function migrate(database: Database.Database, path: string, keepOld = true): void {
  const version = versionOf(database, path);
  if (version > 0 && version < newestVersion && keepOld) {
    const backup = `${path}.before-${newestVersion}`;
    if (!existsSync(backup)) {
      // Under its name when it is whole: a part that a crash left must not pass for the copy.
      rmSync(`${backup}.part`, { force: true });
      database.prepare('VACUUM INTO ?').run(`${backup}.part`);
      renameSync(`${backup}.part`, backup);
    }
  }
  for (const migration of migrations.filter((step) => step.version > version)) {
    database.transaction(() => {
      database.exec(migration.sql);
      database.pragma(`user_version = ${migration.version}`);
    })();
  }
}
