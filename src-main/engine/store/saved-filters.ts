import type { Project } from './project.ts';
import { prepare } from './statements.ts';

type Screen = 'review' | 'passages';
interface Saved<Filter> {
  name: string;
  filter: Filter;
}

/** The current person's filters of a screen, by name. */
export function savedFilters<Filter>(project: Project, screen: Screen): Saved<Filter>[] {
  const sql = 'SELECT name, filter FROM filters WHERE person = ? AND screen = ? ORDER BY name COLLATE NOCASE, name';
  const rows = prepare(project.database, sql).all(project.person().id, screen) as Saved<string>[];
  return rows.map(({ name, filter }) => ({ name, filter: JSON.parse(filter) as Filter }));
}

/** Answers all of the screen's, as `removeFilter` does. */
export function saveFilter<Filter>(project: Project, screen: Screen, { name, filter }: Saved<Filter>): Saved<Filter>[] {
  prepare(
    project.database,
    `INSERT INTO filters VALUES (?, ?, ?, ?) ON CONFLICT (person, screen, name) DO UPDATE SET filter = excluded.filter`,
  ).run(project.person().id, screen, name, JSON.stringify(filter));
  return savedFilters(project, screen);
}

export function removeFilter<Filter>(project: Project, screen: Screen, name: string): Saved<Filter>[] {
  const sql = 'DELETE FROM filters WHERE person = ? AND screen = ? AND name = ?';
  prepare(project.database, sql).run(project.person().id, screen, name);
  return savedFilters(project, screen);
}
