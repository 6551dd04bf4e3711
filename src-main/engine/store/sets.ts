import type { Evidence, PassageSet } from '../../shared/contract/sets.ts';
import { told } from '../../shared/told.ts';
import type { Project } from './project.ts';
import { prepare } from './statements.ts';

/** A passage of a set: how many its cluster has, and rows of those left out that are most like it. */
export interface Member {
  row: number;
  cluster: number;
  near: number[];
}

/** The project's sets by name. */
export function listSets({ database }: Project): PassageSet[] {
  const sql = `SELECT name, evidence, (SELECT count(*) FROM set_members m WHERE m.set_number = s.number) AS passages
    FROM sets s ORDER BY name COLLATE NOCASE, name`;
  const rows = prepare(database, sql).all() as { name: string; evidence: string; passages: number }[];
  return rows.map((row) => ({ ...row, evidence: JSON.parse(row.evidence) as Evidence }));
}

/** How a set was chosen. Error: 'not-found'. */
export function evidenceOf({ database }: Project, name: string): Evidence {
  const text = prepare(database, 'SELECT evidence FROM sets WHERE name = ?').pluck().get(name);
  if (typeof text !== 'string') throw told('error.not-found.set', { name });
  return JSON.parse(text) as Evidence;
}

/** Error: 'invalid-input' where the name is taken. */
export function needFreeName({ database }: Project, name: string): void {
  if (prepare(database, 'SELECT 1 FROM sets WHERE name = ?').get(name) !== undefined)
    throw told('error.invalid-input.set-name-taken', { name });
}

/** The set that a job has made; null where it made none. */
export function setOfJob(project: Project, jobId: string): PassageSet | null {
  const name = prepare(project.database, 'SELECT name FROM sets WHERE job_id = ?').pluck().get(jobId);
  return listSets(project).find((set) => set.name === name) ?? null;
}

/** Keeps a whole set or nothing. Error: 'invalid-input' where the name is taken. */
export function keepSet(project: Project, jobId: string, evidence: Evidence, members: readonly Member[]): void {
  const { name } = evidence.settings;
  project.transaction(() => {
    needFreeName(project, name);
    const { lastInsertRowid } = prepare(
      project.database,
      'INSERT INTO sets (name, job_id, evidence) VALUES (?, ?, ?)',
    ).run(name, jobId, JSON.stringify(evidence));
    const add = prepare(project.database, 'INSERT INTO set_members VALUES (?, ?, ?, ?)');
    for (const { row, cluster, near } of members) add.run(lastInsertRowid, row, cluster, JSON.stringify(near));
  });
}

export function removeSet({ database }: Project, name: string): void {
  prepare(database, 'DELETE FROM sets WHERE name = ?').run(name);
}

/** The sets that a passage is in. */
export function setsOf(
  { database }: Project,
  passageId: string,
): { name: string; cluster: number; near: { id: string; title: string }[] }[] {
  const sql = `SELECT s.name, m.cluster, m.near FROM passages p JOIN set_members m ON m.passage = p.row
    JOIN sets s ON s.number = m.set_number WHERE p.id = ? ORDER BY s.name COLLATE NOCASE, s.name`;
  const rows = prepare(database, sql).all(passageId) as { name: string; cluster: number; near: string }[];
  const passage = prepare(
    database,
    "SELECT id, coalesce(nullif(title, ''), substr(text, 1, 80)) AS title FROM passages WHERE row = ?",
  );
  return rows.map(({ name, cluster, near }) => {
    const others = (JSON.parse(near) as number[]).map(
      (row) => passage.get(row) as { id: string; title: string } | undefined,
    );
    return { name, cluster, near: others.filter((other) => other !== undefined) };
  });
}
