import { z } from 'zod';
import { History } from '../store/history.ts';
import { NewBatch } from '../store/new-batch.ts';
import { addPassage, passageRow } from '../store/new-rows.ts';
import { createDatabase } from '../store/open.ts';
import { addPerson } from '../store/people.ts';
import { Project } from '../store/project.ts';
import { uuidV7 } from '../store/ids.ts';
import { RoundStore } from '../store/round-store.ts';
import { prepare } from '../store/statements.ts';
import { guidelineEntry, itemEntry, passageEntry, readJson, readLines, unpackSealed, type Manifest } from './format.ts';
import { refused } from './refuse.ts';

/** What a working project knows of the package it was made from. */
export interface Sealed {
  manifest: Manifest;
  returnKey: string;
}

const roles = { review: 'annotator', check: 'checker', adjudicate: 'adjudicator', score: 'checker' } as const;

/** The package this project was made from, or null in a project of one's own. */
export function sealedBy(project: Project): Sealed | null {
  const value = project.value('package');
  return value === null ? null : (JSON.parse(value) as Sealed);
}

/**
 * Makes a working project at `path` from a package: only this person, only this person's share of the round.
 * Error 'package-refused' before anything is written, 'write-failed' when something is at `path`.
 */
export function openPackage(file: Uint8Array, path: string): Project {
  const { manifest, entries } = unpackSealed(file);
  if (manifest.format !== 'asklab-package') throw refused('other-kind');
  const shown = readJson(entries.get('round.json'), z.record(z.string(), z.unknown()));
  const guidelines = readLines(entries.get('guidelines.jsonl'), guidelineEntry);
  const passages = readLines(entries.get('passages.jsonl'), passageEntry);
  const items = readLines(entries.get('items.jsonl'), itemEntry);
  const known = new Set(passages.map((passage) => passage.id));
  if (items.length !== manifest.items || items.some((item) => !known.has(item.passage))) throw refused('altered');
  const sealed: Sealed = { manifest, returnKey: new TextDecoder().decode(entries.get('return.key')) };
  const { round, person } = manifest;
  const database = createDatabase(path, (made) => {
    const set = made.prepare('INSERT INTO project VALUES (?, ?)');
    set.run('id', uuidV7());
    set.run('name', round.name);
    set.run('device', uuidV7().slice(-12));
    set.run('person', person.id);
    set.run('package', JSON.stringify(sealed));
    addPerson(made, { ...person, role: roles[round.kind] });
    made.prepare("INSERT INTO documents (id, title, source) VALUES ('package', ?, '')").run(round.name);
    const batch = new NewBatch(made, new History(made, 'package'));
    passages.forEach((passage, index) => {
      const entry = { ...passage, documentId: 'package', externalId: null };
      addPassage(made, batch, passageRow({ ...entry, position: 0 }), index + 1, 0);
    });
    batch.write();
    const rounds = new RoundStore(made);
    rounds.add({ ...round, overlap: 1, shown, hidden: {} });
    for (const { language, version, text } of guidelines) rounds.setGuideline(round.id, language, text, version);
    rounds.addItems(
      round.id,
      items.map(({ id, passage, shown: own }) => ({ item: id, passageId: passage, shown: own, hidden: {} })),
    );
    rounds.assign(
      round.id,
      items.map(({ id }, position) => ({ person: person.id, position, item: id })),
    );
  });
  database.close();
  return Project.open(path, true);
}

/** How far a working project is. */
export function sealedProgress(project: Project, { manifest }: Sealed): { done: number; total: number } {
  const done = prepare(project.database, 'SELECT count(*) FROM round_states WHERE round_id = ? AND verdict IS NOT NULL')
    .pluck()
    .get(manifest.round.id) as number;
  return { done, total: manifest.items };
}
