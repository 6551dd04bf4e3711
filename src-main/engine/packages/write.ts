import type { Passage } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { told } from '../../shared/told.ts';
import { uuidV7 } from '../store/ids.ts';
import type { Project } from '../store/project.ts';
import type { GivenItem } from '../store/round-store.ts';
import { prepare } from '../store/statements.ts';
import { jsonBytes, linesBytes, packSealed, type ItemEntry, type PassageEntry } from './format.ts';
import { opaqueIds, opaquePlace, projectKey, returnKey, sign } from './seal.ts';

/**
 * One person's share of a round as the bytes of a sealed package (docs/sealed-package.md). Takes only what is `shown`:
 * nothing `hidden`, no other person, no document, no lineage; ids and order are new in each package.
 * Errors: 'not-found' (round, person), 'invalid-input' (nothing is assigned to the person).
 */
export function writePackage(project: Project, roundId: string, personId: string): Uint8Array {
  const round = project.rounds.get(roundId);
  const person = project.people().find((one) => one.id === personId);
  if (!person) throw new AsklabError('not-found', 'This person is not in the project.');
  const assigned = project.rounds.assigned(roundId, personId);
  if (assigned.length === 0) throw told('error.invalid-input.nothing-to-do', { name: person.name });
  const key = projectKey(project);
  const id = uuidV7();
  const { items, passages } = shuffled(project, assigned, { key, packageId: id, keepOrder: round.kind === 'score' });
  const entries = new Map<string, Uint8Array>([
    ['round.json', jsonBytes(round.shown)],
    [
      'guidelines.jsonl',
      linesBytes(
        project.rounds.guidelines(roundId).map(({ language, version, text }) => ({ language, version, text })),
      ),
    ],
    ['passages.jsonl', linesBytes(passages)],
    ['items.jsonl', linesBytes(items)],
    ['return.key', new TextEncoder().encode(returnKey(key, id))],
  ]);
  const bytes = packSealed(
    {
      format: 'asklab-package',
      id,
      project: project.value('id') ?? '',
      round: { id: round.id, kind: round.kind, name: round.name },
      person: { id: person.id, name: person.name, colour: person.colour },
      items: items.length,
    },
    entries,
    (text) => sign(key, 'package', text),
  );
  prepare(
    project.database,
    'INSERT INTO packages (id, round_id, person, items, written_at) VALUES (?, ?, ?, ?, ?)',
  ).run(id, roundId, personId, items.length, Date.now());
  return bytes;
}

/**
 * Passages in an order of this package's own; a passage's questions together, in an order of chance: by their sentences
 * a system that asks from the first to the last would show. A scoring round's questions keep the order they were given
 * to the person in, which was drawn by chance.
 */
function shuffled(
  project: Project,
  assigned: readonly GivenItem[],
  { key, packageId, keepOrder }: { key: string; packageId: string; keepOrder: boolean },
): { items: ItemEntry[]; passages: PassageEntry[] } {
  const byPassage = Map.groupBy(assigned, (item) => item.passageId);
  const opaque = opaqueIds(key, packageId);
  const place = (id: string): string => opaquePlace(key, packageId, id);
  const inOrder = <T>(values: readonly T[], of: (value: T) => string): T[] =>
    values
      .map((value) => ({ value, at: place(of(value)) }))
      .sort((left, right) => (left.at < right.at ? -1 : 1))
      .map(({ value }) => value);
  const itemEntry = (item: GivenItem): ItemEntry => ({
    id: opaque(item.item),
    passage: opaque(item.passageId),
    shown: item.shown,
  });
  const items: ItemEntry[] = [];
  const passages: PassageEntry[] = [];
  for (const passageId of inOrder([...byPassage.keys()], (value) => value)) {
    const passage = passageEntry(project.passage(passageId), opaque(passageId));
    passages.push(passage);
    items.push(...inOrder(byPassage.get(passageId) ?? [], (item) => item.item).map(itemEntry));
  }
  return { items: keepOrder ? assigned.map(itemEntry) : items, passages };
}

function passageEntry({ title, text, language, sentences, words }: Passage, id: string): PassageEntry {
  return { id, title, text, language, sentences, words };
}
