import type Database from 'better-sqlite3';
import { AsklabError } from '../../shared/errors.ts';
import type { Language } from '../../shared/contract/types.ts';
import { roundId } from './derive.ts';
import { uuidV7 } from './ids.ts';
import type { ItemStatus, Vote } from './round-derive.ts';
import { prepare } from './statements.ts';

export type RoundKind = 'review' | 'check' | 'adjudicate' | 'score';
type Json = Record<string, unknown>;

/** A piece of work given to people. `shown` goes into packages, `hidden` never leaves the project. */
export interface Round {
  id: string;
  kind: RoundKind;
  name: string;
  overlap: number;
  shown: Json;
  hidden: Json;
  createdAt: number;
  closedAt: number | null;
}

export interface GivenItem {
  item: string;
  passageId: string;
  shown: Json;
  hidden: Json;
}

export interface RoundItem extends GivenItem {
  status: ItemStatus;
}

export interface Guideline {
  language: Language;
  version: number;
  text: string;
  at: number;
}

/** Practice items; what one is, the kind of round says. Version 0: there never were any. */
export interface PracticeVersion {
  version: number;
  items: readonly Json[];
}

export interface Assignment {
  person: string;
  item: string;
  position: number;
}

interface RoundRecord {
  id: string;
  kind: RoundKind;
  name: string;
  overlap: number;
  shown: string;
  hidden: string;
  created_at: number;
  closed_at: number | null;
}

interface ItemRecord {
  item: string;
  passage_id: string;
  shown: string;
  hidden: string;
}

/** Rounds, their items and who does what; votes and item states follow from the events. */
export class RoundStore {
  private readonly database: Database.Database;

  constructor(database: Database.Database) {
    this.database = database;
  }

  add(round: Omit<Round, 'id' | 'createdAt' | 'closedAt'> & { id?: string }): Round {
    const id = round.id ?? roundId(round.kind, uuidV7());
    const full: Round = { ...round, id, createdAt: Date.now(), closedAt: null };
    prepare(this.database, 'INSERT INTO rounds VALUES (?, ?, ?, ?, ?, ?, ?, NULL)').run(
      full.id,
      full.kind,
      full.name,
      full.overlap,
      JSON.stringify(full.shown),
      JSON.stringify(full.hidden),
      full.createdAt,
    );
    return full;
  }

  addItems(roundId: string, items: Iterable<GivenItem>): void {
    const insert = prepare(
      this.database,
      'INSERT INTO round_items (round_id, item, passage_id, shown, hidden) VALUES (?, ?, ?, ?, ?)',
    );
    for (const { item, passageId, shown, hidden } of items)
      insert.run(roundId, item, passageId, JSON.stringify(shown), JSON.stringify(hidden));
  }

  assign(roundId: string, assignments: Iterable<Assignment>): void {
    const insert = prepare(this.database, 'INSERT INTO assignments VALUES (?, ?, ?, ?)');
    for (const { person, position, item } of assignments) insert.run(roundId, person, position, item);
  }

  close(roundId: string): void {
    prepare(this.database, 'UPDATE rounds SET closed_at = coalesce(closed_at, ?) WHERE id = ?').run(
      Date.now(),
      roundId,
    );
  }

  list(): Round[] {
    return (prepare(this.database, 'SELECT * FROM rounds ORDER BY rowid DESC').all() as RoundRecord[]).map(toRound);
  }

  /** Error: 'not-found'. */
  get(id: string): Round {
    const record = prepare(this.database, 'SELECT * FROM rounds WHERE id = ?').get(id) as RoundRecord | undefined;
    if (!record) throw new AsklabError('not-found', 'This round is not in the project.', { id });
    return toRound(record);
  }

  /** Error: 'not-found'. */
  item(roundId: string, item: string): RoundItem {
    const record = prepare(
      this.database,
      'SELECT i.*, s.status FROM round_items i JOIN item_states s ON s.row = i.row WHERE i.round_id = ? AND i.item = ?',
    ).get(roundId, item) as (ItemRecord & { status: ItemStatus }) | undefined;
    if (!record) throw new AsklabError('not-found', 'This question is not part of the round.', { item });
    return { ...toItem(record), status: record.status };
  }

  /** The items given to a person, in the person's own order. */
  assigned(roundId: string, person: string): (GivenItem & { position: number })[] {
    const records = prepare(
      this.database,
      `SELECT i.*, a.position FROM assignments a JOIN round_items i ON i.round_id = a.round_id AND i.item = a.item
       WHERE a.round_id = ? AND a.person = ? ORDER BY a.position`,
    ).all(roundId, person) as (ItemRecord & { position: number })[];
    return records.map((record) => ({ ...toItem(record), position: record.position }));
  }

  /** The languages of the passages given to a person. */
  languages(roundId: string, person: string): Language[] {
    return prepare(
      this.database,
      `SELECT DISTINCT p.language FROM assignments a JOIN round_items i ON i.round_id = a.round_id AND i.item = a.item
       JOIN passages p ON p.id = i.passage_id WHERE a.round_id = ? AND a.person = ?`,
    )
      .pluck()
      .all(roundId, person) as Language[];
  }

  assignees(roundId: string): string[] {
    return prepare(
      this.database,
      'SELECT id FROM people WHERE id IN (SELECT person FROM assignments WHERE round_id = ?) ORDER BY rowid',
    )
      .pluck()
      .all(roundId) as string[];
  }

  /** Adds a version when the text is new. Returns the newest version. */
  setGuideline(roundId: string, language: Language, text: string, version?: number): number {
    const newest = this.guidelines(roundId).find((guideline) => guideline.language === language);
    if (newest?.text === text) return newest.version;
    const next = version ?? (newest?.version ?? 0) + 1;
    prepare(this.database, 'INSERT INTO guidelines VALUES (?, ?, ?, ?, ?)').run(
      roundId,
      language,
      next,
      text,
      Date.now(),
    );
    return next;
  }

  /** The newest version in each language. */
  guidelines(roundId: string): Guideline[] {
    return prepare(
      this.database,
      'SELECT language, max(version) AS version, text, at FROM guidelines WHERE round_id = ? GROUP BY language',
    ).all(roundId) as Guideline[];
  }

  /** Every version, oldest first: what a decision's `saw` refers to. */
  guidelineVersions(roundId: string): Guideline[] {
    return prepare(
      this.database,
      'SELECT language, version, text, at FROM guidelines WHERE round_id = ? ORDER BY language, version',
    ).all(roundId) as Guideline[];
  }

  /** The newest practice. It is part of what is shown, so a package keeps the version it was written with. */
  practice(roundId: string): PracticeVersion {
    const { shown } = this.get(roundId);
    const items = (shown['practice'] ?? []) as Json[];
    return { version: (shown['practiceVersion'] as number | undefined) ?? Math.min(1, items.length), items };
  }

  /**
   * Adds a version when the items are new; earlier ones stay in the project. `explained`: the project's own questions
   * among them, whose verdicts the round's people read. Returns the newest version.
   */
  setPractice(roundId: string, items: readonly Json[], explained: readonly string[] = []): number {
    const now = this.practice(roundId);
    if (JSON.stringify(now.items) === JSON.stringify(items)) return now.version;
    const { shown, hidden } = this.get(roundId);
    const version = now.version + 1;
    const before = (hidden['explained'] ?? []) as string[];
    const told = { earlierPractice: this.practiceVersions(roundId), explained: [...before, ...explained] };
    prepare(this.database, 'UPDATE rounds SET shown = ?, hidden = ? WHERE id = ?').run(
      JSON.stringify({ ...shown, practice: items, practiceVersion: version }),
      JSON.stringify({ ...hidden, ...told }),
      roundId,
    );
    return version;
  }

  /** Every version, oldest first: what a decision's `saw` refers to. */
  practiceVersions(roundId: string): PracticeVersion[] {
    const earlier = (this.get(roundId).hidden['earlierPractice'] ?? []) as PracticeVersion[];
    const now = this.practice(roundId);
    return now.version === 0 ? [] : [...earlier, now];
  }

  vote(roundId: string, item: string, person: string): Vote | null {
    const state = prepare(
      this.database,
      'SELECT state FROM round_states WHERE round_id = ? AND item = ? AND person = ?',
    )
      .pluck()
      .get(roundId, item, person) as string | undefined;
    return state === undefined ? null : (JSON.parse(state) as Vote);
  }

  /** The votes on an item, in the order in which the people were added. */
  votes(roundId: string, item: string): (Vote & { person: string })[] {
    const rows = prepare(
      this.database,
      `SELECT v.person, v.state FROM round_states v LEFT JOIN people p ON p.id = v.person
       WHERE v.round_id = ? AND v.item = ? ORDER BY p.rowid, v.person`,
    ).all(roundId, item) as { person: string; state: string }[];
    return rows.map(({ person, state }) => ({ ...(JSON.parse(state) as Vote), person }));
  }
}

function toRound(record: RoundRecord): Round {
  const { id, kind, name, overlap, shown, hidden } = record;
  const [createdAt, closedAt] = [record.created_at, record.closed_at];
  return {
    id,
    kind,
    name,
    overlap,
    shown: JSON.parse(shown) as Json,
    hidden: JSON.parse(hidden) as Json,
    createdAt,
    closedAt,
  };
}

function toItem({ item, passage_id, shown, hidden }: ItemRecord): GivenItem {
  return { item, passageId: passage_id, shown: JSON.parse(shown) as Json, hidden: JSON.parse(hidden) as Json };
}
