import { setImmediate as turn } from 'node:timers/promises';
import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { BulkProgress, Language, PassageFilter, Span } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { splitSentences } from '../../shared/text/sentences.ts';
import type { EngineContext } from '../context.ts';
import { correctionScope, isCorrection } from '../store/corrections.ts';
import { countWithin, lastPassage } from '../store/counting.ts';
import { passageSelection } from '../store/filter.ts';
import type { NewEvent } from '../store/history.ts';
import { uuidV7 } from '../store/ids.ts';
import type { Project } from '../store/project.ts';
import { passageColumns, toPassageRow, type PassageRecord } from '../store/rows.ts';
import { removeFilter, savedFilters, saveFilter } from '../store/saved-filters.ts';
import { prepare } from '../store/statements.ts';
import { takeBack } from './bulk.ts';

type Corrections = Awaited<ReturnType<Handlers<Contract>['passages']['history']>>;

/** Sort orders but reading order: most first; passages with the same number are in reading order. */
const sortColumns = { words: 'p.words', undecided: 'p.undecided' } as const;

export function createPassages(context: EngineContext): Handlers<Contract>['passages'] {
  async function again(kind: 'undo' | 'redo', signal: AbortSignal): Promise<{ kind: string | null; passages: number }> {
    const project = context.project();
    const person = project.person().id;
    const target = project.history[kind === 'undo' ? 'undoable' : 'redoable'](person, correctionScope);
    if (!target) return { kind: null, passages: 0 };
    const tell = ({ done, total }: BulkProgress): void =>
      context.emit('progress', { of: 'language', share: done / Math.max(done, total) });
    await takeBack(project, kind, signal, tell, correctionScope);
    context.emit('changed', { passages: true });
    return { kind: target.kind, passages: project.history.sizeOf(target.group) };
  }

  return {
    list({ filter, sort, cursor, backwards, limit }) {
      const { database } = context.project();
      const { from, row, where, parameters } = passageSelection(filter);
      const column = sort === 'position' ? row : sortColumns[sort];
      const [up, down, beyond, under] = backwards ? ['DESC', 'ASC', '<', '>'] : ['ASC', 'DESC', '>', '<'];
      // Equal numbers in the order in which they are read: the other way each row would displace those kept before it.
      const order = sort === 'position' ? `${row} ${up}` : `${column} ${down}, p.row ${up}`;
      const after = cursor === null ? null : cursor.split(':').map(Number);
      if (after && (after.length !== 2 || !after.every(Number.isSafeInteger)))
        throw new AsklabError('invalid-input', 'This place in the list does not exist.');
      // The row alone is the key of reading order, so that the list starts there instead of reading up to it.
      const key =
        sort === 'position' ? `${row} ${beyond} ?` : `(${column} ${under} ? OR ${column} = ? AND p.row ${beyond} ?)`;
      const [value, at] = after ?? [];
      const keys = after === null ? [] : sort === 'position' ? [at] : [value, value, at];
      const rows = prepare(
        database,
        `SELECT p.row FROM ${from} WHERE ${where} AND ${after ? key : '1'} ORDER BY ${order} LIMIT ?`,
      )
        .pluck()
        .all(...parameters, ...keys, limit) as number[];
      const record = prepare(database, `SELECT ${passageColumns} WHERE p.row = ?`);
      const records = rows.map((row) => record.get(row) as PassageRecord);
      const last = records.at(-1);
      const reached = last && { position: last.row, words: last.words, undecided: last.undecided }[sort];
      return {
        rows: (backwards ? records.reverse() : records).map(toPassageRow),
        next: last && records.length === limit ? `${reached}:${last.row}` : null,
      };
    },
    count: ({ filter }) => count(context.project(), filter),
    filters: () => savedFilters(context.project(), 'passages'),
    saveFilter: (saved) => saveFilter(context.project(), 'passages', saved),
    removeFilter: ({ name }) => removeFilter(context.project(), 'passages', name),
    get: ({ id }) => context.project().passage(id),
    async setLanguage({ passages, language }, { signal }) {
      const project = context.project();
      const person = project.person().id;
      const { passages: total } = count(project, passages);
      const group = uuidV7();
      const correct = (id: string): NewEvent[] => {
        const { text, language: before } = project.passage(id);
        if (before === language) return [];
        const payload = { language, sentences: splitSentences(text, language) };
        return [{ kind: 'language', item: id, payload }];
      };
      let changed: string[] = [];
      let few = true;
      let sum = 0;
      for (const ids of inChunks(project.passageIds(passages), passagesAtOnce)) {
        project.history.append(person, ids.flatMap(correct), correctionScope.round, group);
        sum += ids.length;
        few = sum <= 1000;
        changed = few ? [...changed, ...ids] : [];
        context.emit('progress', { of: 'language', share: sum / Math.max(sum, total) });
        await turn();
        if (signal.aborted) break;
      }
      context.emit('changed', { passages: few ? changed : true });
      return { changed: sum };
    },
    setSentences({ id, sentences }) {
      const project = context.project();
      const { text } = project.passage(id);
      const ordered = sentences.every(
        (span, index) =>
          span.start < span.end && span.end <= text.length && span.start >= (sentences[index - 1]?.end ?? 0),
      );
      if (!ordered)
        throw new AsklabError('invalid-input', 'Sentences must be in order, apart, and inside the passage.');
      project.history.append(
        project.person().id,
        [{ kind: 'sentences', item: id, payload: { sentences } }],
        correctionScope.round,
      );
      context.emit('changed', { passages: [id] });
      return project.passage(id);
    },
    undo: (_, { signal }) => again('undo', signal),
    redo: (_, { signal }) => again('redo', signal),
    history: ({ id }) => correctionsOf(context.project(), id),
  };
}

/** Passages whose language is changed before other calls have their turn: some tens of milliseconds. */
const passagesAtOnce = 100;

function* inChunks<Item>(items: Iterable<Item>, size: number): Iterable<Item[]> {
  let chunk: Item[] = [];
  for (const item of items) {
    if (chunk.push(item) < size) continue;
    yield chunk;
    chunk = [];
  }
  if (chunk.length > 0) yield chunk;
}

/** What people corrected of a passage, oldest first. */
function correctionsOf(project: Project, id: string): Corrections {
  const names = project.names();
  return project.history
    .of(id)
    .filter(isCorrection)
    .map(({ id: event, at, person, kind, group, payload }) => {
      const [before, after] = [payload['old'], payload].map((value) => {
        const { language = null, sentences } = value as { language?: Language; sentences: Span[] };
        return { language, sentences: sentences.length };
      }) as [Corrections[number]['before'], Corrections[number]['after']];
      const name = names.get(person) ?? person;
      return { id: event, at, person: name, kind, undone: project.history.isUndone(group), before, after };
    });
}

/** How many passages the filter has, and how many of them have no question yet. */
function count(project: Project, filter: PassageFilter): Awaited<ReturnType<Handlers<Contract>['passages']['count']>> {
  const { database } = project;
  if (Object.values(filter).every((value) => value === undefined)) {
    const { passages, passagesToReview, passagesReviewed } = project.counts();
    return { passages, withoutCandidates: passages - passagesToReview - passagesReviewed, exact: true };
  }
  const { from, where, parameters, searched } = passageSelection(filter);
  const sql = `SELECT count(*), count(*) FILTER (WHERE p.candidates = 0) FROM ${from} WHERE p.row > ? AND p.row <= ? AND ${where}`;
  const last = lastPassage(database);
  const { values, exact } =
    searched || filter.ids !== undefined || filter.set !== undefined
      ? {
          values: prepare(database, sql)
            .raw()
            .get(0, last, ...parameters) as number[],
          exact: true,
        }
      : countWithin(database, sql, parameters, { last });
  const [passages = 0, withoutCandidates = 0] = values;
  return { passages, withoutCandidates, exact };
}
