import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { basename } from 'node:path';
import Database from 'better-sqlite3';
import { AsklabError } from '../../shared/errors.ts';
import { recountTallies } from './migrations/0004-browse.ts';
import { refillFacets } from './migrations/0012-signals.ts';
import { Project } from './project.ts';
import { prepare } from './statements.ts';

type Row = Record<string, string | number | null>;

/**
 * Copies every row that can still be read into a new file `target`; the damaged one is left as it is. Search and states
 * are made anew from the rows and the history. Error: 'project-damaged' when nothing can be read.
 */
export function repair(path: string, target: string): { path: string; rows: number } {
  const scratch = `${target}.damaged`;
  copyFileSync(path, scratch);
  if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${scratch}-wal`);
  const project = Project.create(target, { name: basename(target, '.asklab'), person: 'Me' });
  project.database.pragma('foreign_keys = OFF');
  const source = new Database(scratch, { readonly: true });
  const rows = ownTables(project).reduce((sum, table) => sum + copyTable(source, project, table), 0);
  source.close();
  for (const suffix of ['', '-wal', '-shm']) rmSync(`${scratch}${suffix}`, { force: true });
  if (rows > 0) {
    project.rebuildSearch();
    project.history.rebuild();
    project.database.exec(recountTallies + refillFacets);
  }
  project.close();
  if (rows > 0) return { path: target, rows };
  rmSync(target, { force: true });
  const why = `${path} holds nothing that can be read. Restore it from a backup.`;
  throw new AsklabError('project-damaged', why, { path });
}

/** Every table but those of the search index, which is derived. */
function ownTables(project: Project): string[] {
  const sql =
    "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'";
  return project.database.prepare(sql).pluck().all() as string[];
}

/** Copies rows from the front up to the first that cannot be read, then from the back: what is lost lies between. */
function copyTable(source: Database.Database, project: Project, table: string): number {
  return project.transaction(() => copyRows(source, project, table, 'ASC') + copyRows(source, project, table, 'DESC'));
}

function copyRows(source: Database.Database, project: Project, table: string, order: 'ASC' | 'DESC'): number {
  let rows = 0;
  const known = new Set(
    prepare(project.database, 'SELECT name FROM pragma_table_info(?)').pluck().all(table) as string[],
  );
  try {
    const [key] = source
      .prepare(`SELECT name FROM pragma_table_info('${table}') WHERE pk = 1`)
      .pluck()
      .all() as string[];
    const sql = `SELECT * FROM ${table} ORDER BY ${key ?? 'rowid'} ${order}`;
    for (const row of source.prepare(sql).iterate() as Iterable<Row>) {
      const names = Object.keys(row).filter((name) => known.has(name)); // an older file may have others
      const insert = `INSERT OR ${order === 'ASC' ? 'REPLACE' : 'IGNORE'} INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`;
      const { changes } = prepare(project.database, insert).run(...names.map((name) => row[name]));
      if (changes === 0 && order === 'DESC') return rows;
      rows += changes;
    }
  } catch {
    // The rest of this table cannot be read from this end; the count tells how much was saved.
  }
  return rows;
}
