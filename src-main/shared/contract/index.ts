import { z } from 'zod';
import { campaigns } from './campaigns.ts';
import { command, query } from './define.ts';
import { evaluation } from './evaluation.ts';
import { exporting } from './exporting.ts';
import { generation } from './generation.ts';
import { importing } from './importing.ts';
import { checking, people, rounds, settling } from './rounds.ts';
import { sets } from './sets.ts';
import {
  candidate,
  candidateFilter,
  counts,
  job,
  language,
  passage,
  passageFilter,
  passageRow,
  person,
  problem,
  projectInfo,
  reason,
  span,
} from './types.ts';

const none = z.object({});

/** A write's answer: the passages it touched as they stand now, and what undo would take back. */
const reviewed = z.object({
  candidates: z.array(candidate),
  savedAt: z.number(),
  undo: z.string().nullable(),
  redo: z.string().nullable(),
});

const projects = {
  recents: query(
    none,
    z.array(
      z.object({
        path: z.string(),
        name: z.string(),
        openedAt: z.number(),
        decided: z.number().int(), // of its candidates, as it was open here last
        candidates: z.number().int(),
        trouble: z.enum(['missing', 'damaged', 'newer', 'foreign', 'read-only']).nullable(),
      }),
    ),
  ),
  create: command(z.object({ path: z.string(), name: z.string().min(1), person: z.string().min(1) }), projectInfo),
  open: command(z.object({ path: z.string() }), projectInfo),
  /** Copies the sample beside the user's other projects (or into `folder`) and opens it. */
  openSample: command(z.object({ folder: z.string().optional() }), projectInfo),
  /** What the sample holds, for someone who has not opened it: how many passages, one of each language with a question. */
  sample: query(
    none,
    z.object({ passages: z.number(), rows: z.array(z.object({ language, title: z.string(), question: z.string() })) }),
  ),
  close: command(none, none),
  current: query(none, projectInfo.nullable()),
  counts: query(none, counts),
  /** Writes a readable copy of a damaged file beside it. */
  repair: command(z.object({ path: z.string() }), z.object({ path: z.string(), rows: z.number() })),
  addPerson: command(z.object({ name: z.string().min(1), role: person.shape.role.default('annotator') }), projectInfo),
  usePerson: command(z.object({ id: z.string() }), projectInfo),
};

const namedPassageFilters = z.array(z.object({ name: z.string(), filter: passageFilter }));

const correctionTakenBack = z.object({ kind: z.string().nullable(), passages: z.number().int() });
const corrected = z.object({ language: language.nullable(), sentences: z.number().int() });

const passages = {
  list: query(
    z.object({
      filter: passageFilter.default({}),
      sort: z.enum(['position', 'words', 'undecided']).default('position'),
      cursor: z.string().nullable().default(null),
      backwards: z.boolean().default(false), // the page that ends before the cursor, or at the end of the list
      limit: z.number().int().min(1).max(500).default(100),
    }),
    z.object({ rows: z.array(passageRow), next: z.string().nullable() }), // next: of the page after it, or before it if backwards
  ),
  count: query(
    z.object({ filter: passageFilter.default({}) }),
    z.object({ passages: z.number(), withoutCandidates: z.number(), exact: z.boolean() }), // not exact: estimated from a part
  ),
  get: query(z.object({ id: z.string() }), passage),
  /**
   * Splits the sentences again by the language's rule; questions of the passages follow in language and sentence.
   * Tells `progress` of 'language'; cancelled, what is changed stays, and the answer says how much.
   */
  setLanguage: command(z.object({ passages: passageFilter, language }), z.object({ changed: z.number() })),
  setSentences: command(z.object({ id: z.string(), sentences: z.array(span) }), passage),
  /** Of the person's last correction of a language or of sentences; `kind` null: there was none. Tells as `setLanguage` does; cancelled, everything is as it was. */
  undo: command(none, correctionTakenBack),
  redo: command(none, correctionTakenBack),
  /** Corrections of a passage, oldest first. */
  history: query(
    z.object({ id: z.string() }),
    z.array(
      z.object({
        id: z.string(),
        at: z.number(),
        person: z.string(), // a name
        kind: z.string(), // 'language' or 'sentences'
        undone: z.boolean(),
        before: corrected,
        after: corrected,
      }),
    ),
  ),
  /** The person's own filters by name. */
  filters: query(none, namedPassageFilters),
  saveFilter: command(z.object({ name: z.string().min(1), filter: passageFilter }), namedPassageFilters),
  removeFilter: command(z.object({ name: z.string() }), namedPassageFilters),
};

/** `at`: where it stands in a queue that is ordered, by the least of its questions. */
const item = z.object({ passage, candidates: z.array(candidate), at: z.number().nullish() });

const review = {
  /** Passages with candidates in reading order; `around` starts at that passage, else at the first with an undecided one. */
  queue: query(
    z.object({
      filter: candidateFilter.default({}),
      around: z.string().nullable().default(null),
      limit: z.number().int().min(1).max(5).default(1),
    }),
    z.object({ items: z.array(item), position: z.number(), total: z.number(), exact: z.boolean() }),
  ),
  /** The passages of the queue next to one, the nearest first. Nothing is counted. */
  neighbours: query(
    z.object({
      filter: candidateFilter.default({}),
      of: z.string(),
      at: z.number().nullish(), // of an ordered queue: as its answer said, since decisions may have moved the passage
      step: z.enum(['next', 'previous']),
      limit: z.number().int().min(1).max(10).default(1),
    }),
    z.array(item),
  ),
  item: query(z.object({ passageId: z.string() }), item),
  /** The questions of a filter one by one, in its order, by key: `next` is where the following page begins. */
  list: query(
    z.object({
      filter: candidateFilter.default({}),
      cursor: z.string().nullable().default(null),
      limit: z.number().int().min(1).max(500).default(200),
    }),
    z.object({ rows: z.array(candidate), next: z.string().nullable() }),
  ),
  decide: command(
    z.object({
      candidateId: z.string(),
      verdict: z.enum(['accept', 'reject', 'reset']),
      question: z.string().min(1).optional(), // accept with this wording
      reason: reason.optional(), // needed for reject
      note: z.string().optional(),
      seconds: z.number().nonnegative().default(0),
    }),
    reviewed,
  ),
  write: command(
    z.object({
      passageId: z.string(),
      question: z.string().min(1),
      answer: span.nullable().default(null),
      sentence: z.number().int().nonnegative().nullable().default(null),
      seconds: z.number().default(0),
    }),
    reviewed,
  ),
  setAnswer: command(z.object({ candidateId: z.string(), answer: span.nullable() }), reviewed),
  setTags: command(
    z.object({
      candidateId: z.string(),
      type: z.string().nullable(),
      difficulty: z.enum(['easy', 'medium', 'hard']).nullable(),
    }),
    reviewed,
  ),
  setFlag: command(z.object({ candidateId: z.string(), flag: z.string().nullable() }), reviewed),
  /** `passages`: in how many the open ones stand. */
  bulkCount: query(
    z.object({ filter: candidateFilter }),
    z.object({ matching: z.number(), decided: z.number(), passages: z.number() }),
  ),
  /** One event per candidate, one undo for all; only undecided and set-aside candidates are touched. Tells `bulk` (BulkProgress); cancelled, it takes back what it had decided. */
  bulk: command(
    z.object({ filter: candidateFilter, verdict: z.enum(['accept', 'reject']), reason: reason.optional() }),
    z.object({
      changed: z.number(),
      left: z.number(),
      savedAt: z.number(),
      undo: z.string().nullable(),
      redo: z.string().nullable(),
    }),
  ),
  /** Of the person's last group. A large one tells `bulk` (BulkProgress); cancelled, everything is as it was before. */
  undo: command(none, reviewed),
  redo: command(none, reviewed),
  history: query(
    z.object({ candidateId: z.string() }),
    z.array(
      z.object({
        id: z.string(),
        at: z.number(),
        person: z.string(),
        kind: z.string(),
        before: z.string().nullable(),
        after: z.string().nullable(),
        reason: z.string().nullable(),
        seconds: z.number(),
      }),
    ),
  ),
  saveFilter: command(
    z.object({ name: z.string().min(1), filter: candidateFilter }),
    z.array(z.object({ name: z.string(), filter: candidateFilter })),
  ),
  removeFilter: command(
    z.object({ name: z.string() }),
    z.array(z.object({ name: z.string(), filter: candidateFilter })),
  ),
  filters: query(none, z.array(z.object({ name: z.string(), filter: candidateFilter }))),
};

const jobs = {
  list: query(none, z.array(job)),
  pause: command(z.object({ id: z.string() }), job),
  resume: command(z.object({ id: z.string() }), job),
  cancel: command(z.object({ id: z.string() }), job),
  problems: query(z.object({ id: z.string(), limit: z.number().int().max(10_000).default(200) }), z.array(problem)),
};

const group = z.object({
  key: z.string(),
  accepted: z.number(),
  edited: z.number(),
  rejected: z.number(),
  undecided: z.number(),
});

const insights = {
  /** Over everything, or over the questions of one language, the decisions of one person, those made in a time. */
  summary: query(
    z.object({
      language: language.optional(),
      person: z.string().optional(),
      since: z.number().optional(), // ms since 1970; `until` itself is outside
      until: z.number().optional(),
    }),
    z.object({
      counts,
      decisions: z.number(),
      together: z.number(), // of them, those made over a filter
      secondsPerDecision: z.number().nullable(), // median
      byLanguage: z.array(group),
      byGenerator: z.array(group),
      byReason: z.array(z.object({ reason, count: z.number() })),
      perHour: z.array(z.object({ hour: z.number(), decisions: z.number() })), // one by one; ms since 1970 of the hour's start
      editDistance: z.array(z.object({ words: z.number(), count: z.number() })), // histogram over edited questions
    }),
  ),
};

/**
 * Everything the page may ask of the engine. Events: `changed` (Changes), `job` (Job), `progress` (Progress), `bulk`
 * (BulkProgress), `failed` (WireError: what nobody asked for, an undo ended after a crash, went wrong).
 */
export const contract = {
  projects,
  passages,
  review,
  jobs,
  insights,
  importing,
  generation,
  exporting,
  evaluation,
  people,
  rounds,
  checking,
  settling,
  campaigns,
  sets,
};
export type Contract = typeof contract;
