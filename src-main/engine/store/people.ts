import type Database from 'better-sqlite3';
import type { Person } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { told } from '../../shared/told.ts';
import { uuidV7 } from './ids.ts';
import { prepare } from './statements.ts';

/** Given out in turn; each reads on light and dark ground. */
export const personColours = ['#1f5b8f', '#9a3b26', '#7a6a12', '#4b6b3c', '#6b4a86', '#4f5b63'] as const;

/** Adds a person and returns the id. Error: 'invalid-input' when the name is taken. */
export function addPerson(
  database: Database.Database,
  { id = uuidV7(), name, role, colour }: { id?: string; name: string; role: Person['role']; colour?: string },
): string {
  refuseTaken(database, name, id);
  const count = prepare(database, 'SELECT count(*) FROM people').pluck().get() as number;
  prepare(database, 'INSERT INTO people (id, name, role, colour) VALUES (?, ?, ?, ?)').run(
    id,
    name,
    role,
    colour ?? personColours[count % personColours.length],
  );
  return id;
}

/** Changes what is given. Errors: 'invalid-input' when the name is taken, 'not-found'. */
export function changePerson(database: Database.Database, id: string, change: Partial<Omit<Person, 'id'>>): void {
  const person = prepare(database, 'SELECT * FROM people WHERE id = ?').get(id) as Person | undefined;
  if (!person) throw new AsklabError('not-found', 'This person is not in the project.');
  if (change.name !== undefined) refuseTaken(database, change.name, id);
  const { name, role, colour } = { ...person, ...change };
  prepare(database, 'UPDATE people SET name = ?, role = ?, colour = ? WHERE id = ?').run(name, role, colour, id);
}

function refuseTaken(database: Database.Database, name: string, id: string): void {
  if (prepare(database, 'SELECT 1 FROM people WHERE name = ? AND id <> ?').get(name, id) !== undefined)
    throw told('error.invalid-input.name-taken', { name });
}
