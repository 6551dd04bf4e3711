import { z } from 'zod';
import { command, query } from './define.ts';
import { candidateFilter, language, passage, person, projectInfo, reason } from './types.ts';

export const itemStatus = z.enum(['open', 'agreed', 'disputed', 'returned', 'corrected', 'settled', 'done']);
export type ItemStatus = z.infer<typeof itemStatus>;

export const guideline = z.object({ language, version: z.number().int(), text: z.string() }); // Markdown
export type Guideline = z.infer<typeof guideline>;

/** A question decided before, shown with what was decided and why, before the work begins. */
export const practiceItem = z.object({
  title: z.string(),
  passage: z.string(),
  language,
  question: z.string(),
  verdict: z.enum(['accept', 'reject']),
  reason: reason.nullable(),
  explanation: z.string(),
});
export type PracticeItem = z.infer<typeof practiceItem>;

const practiceChoice = z.object({ candidateId: z.string(), explanation: z.string().max(2000) });
export const practiceVersion = z.object({ version: z.number().int(), items: z.array(practiceItem) }); // version 0: none yet

/**
 * Which questions a round takes, and who gets them: undecided ones to review, decided ones to check, disputed ones to
 * adjudicate. Nobody ever gets a question they worked on, but for an author to whom it was sent back: a review brings it.
 */
export const selection = z.object({
  kind: z.enum(['review', 'check', 'adjudicate']).default('check'),
  filter: candidateFilter.default({}),
  /** Of a check: also rejected questions. Without them everyone in the round knows the first verdict. */
  withRejected: z.boolean().default(true),
  /** Leaves out what another round of the kind already holds. */
  onlyUnchecked: z.boolean().default(true),
  count: z.number().int().min(1).max(1_000_000).nullable().default(null), // null: all that match
  balanceLanguages: z.boolean().default(true),
  balanceDifficulties: z.boolean().default(false),
  overlap: z.number().int().min(1).max(9).default(1), // people per question
  people: z.array(z.string()).min(1).max(50),
  seed: z.number().int().default(1),
});
export type Selection = z.infer<typeof selection>;
export type HandKind = Selection['kind']; // a round worked through with the keys of review

export const selectionPreview = z.object({
  matching: z.number().int(),
  picked: z.number().int(),
  passages: z.number().int(),
  languages: z.array(z.object({ language, matching: z.number().int(), picked: z.number().int() })),
  people: z.array(z.object({ id: z.string(), items: z.number().int() })),
  short: z.number().int(), // picked, but fewer people than asked for may have them
  nobody: z.number().int(), // not picked: everyone chosen has worked on them
  tells: z.enum(['accept', 'reject']).nullable(), // the first verdict of all that a check picks, which all in it then know
});
export type SelectionPreview = z.infer<typeof selectionPreview>;

export const roundPerson = z.object({
  id: z.string(),
  name: z.string(),
  colour: z.string(),
  assigned: z.number().int(),
  decided: z.number().int(),
  seconds: z.number().nullable(), // median per decision
  fast: z.number().int(), // decisions faster than reading allows; shown, never left out
  packageAt: z.number().nullable(),
  returnedAt: z.number().nullable(),
});
export type RoundPerson = z.infer<typeof roundPerson>;

export const roundSummary = z.object({
  id: z.string(),
  kind: z.enum(['review', 'check', 'adjudicate', 'score']),
  name: z.string(),
  overlap: z.number().int(),
  items: z.number().int(),
  byStatus: z.record(itemStatus, z.number().int()),
  people: z.array(roundPerson),
  guidelines: z.array(guideline), // newest of each language
  practice: z.number().int(),
  createdAt: z.number(),
  closedAt: z.number().nullable(),
});
export type RoundSummary = z.infer<typeof roundSummary>;

/** What became of one returned file. */
export const mergedFile = z.object({
  path: z.string(),
  person: z.string().nullable(), // name
  round: z.string().nullable(), // name
  added: z.number().int(),
  known: z.number().int(),
  refused: z.string().nullable(), // the reason of 'package-refused'
  message: z.string().nullable(),
});
export type MergedFile = z.infer<typeof mergedFile>;

const roundId = z.object({ roundId: z.string() });
const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });
/** A coefficient with its 95 % bootstrap interval over questions, or why there is none. */
export const estimate = z.union([
  interval,
  z.object({ undefinedBecause: z.enum(['noOverlap', 'oneCategoryOnly', 'tooFewRaters']) }),
]);
export type Estimate = z.infer<typeof estimate>;

const pairAgreement = z.object({
  left: z.string(), // of `people`
  right: z.string(),
  items: z.number().int(), // that both judged
  observed: estimate,
  kappa: estimate,
});
const agreementBase = z.object({
  items: z.number().int(), // judged by two people or more
  observed: estimate,
  fleiss: estimate,
  fleissRatings: z.number().int(),
});
export const agreementTable = agreementBase.extend({
  language: language.nullable(), // null: all
  alpha: z.object({ nominal: estimate, ordinal: estimate, interval: estimate }),
  pairs: z.array(pairAgreement.extend({ kappaWeighted: estimate })),
});
export type AgreementTable = z.infer<typeof agreementTable>;

/** A reason given or not: of two values every level of alpha and every weight of kappa gives the same. */
export const reasonAgreement = agreementBase.extend({
  reason,
  text: z.string().nullable(), // a free reason, by its words: of those that gave "other" the ones that wrote these
  named: z.number().int(),
  alpha: estimate,
  pairs: z.array(pairAgreement),
});
export type ReasonAgreement = z.infer<typeof reasonAgreement>;

export const agreement = z.object({
  people: z.array(z.object({ id: z.string(), name: z.string(), colour: z.string() })), // "author": the first verdicts of all authors
  tables: z.array(agreementTable), // all languages, then each that has items
  reasons: z.array(reasonAgreement),
  signature: z.string(),
});
export type RoundAgreement = z.infer<typeof agreement>;

export const rounds = {
  list: query(z.object({}), z.array(roundSummary)),
  preview: query(selection, selectionPreview),
  create: command(
    selection.extend({
      name: z.string().trim().min(1).max(80),
      guidelines: z.array(z.object({ language, text: z.string().max(50_000) })).default([]),
      practice: z.array(practiceChoice).max(20).default([]),
    }),
    roundSummary,
  ),
  /** The newest guidelines of one round. */
  guidelines: query(roundId, z.array(guideline)),
  /** A new version in one language; decisions keep the version they were made by. */
  setGuideline: command(roundId.extend({ language, text: z.string().max(50_000) }), roundSummary),
  close: command(roundId, roundSummary),
  /** The newest practice of a check round. */
  practice: query(roundId, practiceVersion),
  /** A new version for the packages written from now on; decisions keep the version they were made by. */
  setPractice: command(
    roundId.extend({ practice: z.array(z.union([practiceChoice, practiceItem])).max(20) }),
    practiceVersion,
  ),
  /** Decided questions, none of the round's and none that waits for a blind check, that could explain the task: rejected ones first, by reason. */
  practiceChoices: query(
    z.object({ limit: z.number().int().min(1).max(50).default(12), roundId: z.string().nullable().default(null) }),
    z.array(practiceItem.extend({ candidateId: z.string() })),
  ),
  /** One file per person in a folder. */
  writePackages: command(
    roundId.extend({ folder: z.string(), people: z.array(z.string()).optional() }),
    z.array(z.object({ person: z.string(), name: z.string(), path: z.string(), items: z.number().int() })),
  ),
  /**
   * Merges returned files one by one, each wholly or not at all; a refused file leaves the others alone. Tells `progress`
   * of 'merge'; cancelled, the files merged so far stay, and the answer holds those alone.
   */
  mergeReturns: command(z.object({ paths: z.array(z.string()).min(1).max(500) }), z.array(mergedFile)),
  /** Sends the event `progress` while it computes. */
  agreement: query(roundId.extend({ samples: z.number().int().min(0).max(5000).default(1000) }), agreement),
};

/** One's own view of a question: never the first verdict, other people, lineage, scores or signals. */
export const blindQuestion = z.object({
  item: z.string(),
  question: z.string(), // as it came
  sentence: z.number().int().nullable(),
  returned: z.string().nullable(), // the note with which it was sent back to this person, its author
  vote: z
    .object({
      verdict: z.enum(['accept', 'edit', 'reject']).nullable(),
      question: z.string().nullable(), // the wording proposed instead
      reason: reason.nullable(),
      note: z.string().nullable(),
      flag: z.string().nullable(),
    })
    .nullable(),
});
export type BlindQuestion = z.infer<typeof blindQuestion>;

export const blindPassage = passage.pick({
  id: true,
  title: true,
  text: true,
  language: true,
  sentences: true,
  words: true,
});
export type BlindPassage = z.infer<typeof blindPassage>;

export const blindItem = z.object({ passage: blindPassage, questions: z.array(blindQuestion) });
export type BlindItem = z.infer<typeof blindItem>;

const progress = z.object({ decided: z.number().int(), total: z.number().int() });
const checked = z.object({
  question: blindQuestion.nullable(),
  passageId: z.string().nullable(),
  savedAt: z.number(),
  undo: z.string().nullable(),
  redo: z.string().nullable(),
  progress,
});

export const checking = {
  /** What waits for the current person; `sealed` where the project is a package that was opened. */
  queues: query(
    z.object({}),
    z.object({
      check: z.number().int(),
      returned: z.number().int(),
      settle: z.number().int(),
      rounds: z.array(z.object({ id: z.string(), kind: z.string(), name: z.string() }).extend(progress.shape)),
      sealed: z.object({ kind: z.string(), roundId: z.string(), ...progress.shape }).nullable(),
    }),
  ),
  /** Passages in the person's own order; without `around`, from the first with an open question. */
  queue: query(
    roundId.extend({
      around: z.string().nullable().default(null),
      step: z.enum(['here', 'next', 'previous']).default('here'),
      limit: z.number().int().min(1).max(5).default(1),
    }),
    z.object({
      items: z.array(blindItem),
      position: z.number().int(),
      total: z.number().int(), // passages
      progress, // questions
      undo: z.string().nullable(),
      redo: z.string().nullable(),
    }),
  ),
  decide: command(
    roundId.extend({
      item: z.string(),
      verdict: z.enum(['accept', 'reject', 'reset']),
      question: z.string().trim().min(1).max(2000).optional(), // the wording proposed instead
      reason: reason.optional(), // needed for reject
      note: z.string().max(2000).optional(),
      seconds: z.number().nonnegative().default(0),
    }),
    checked,
  ),
  setFlag: command(roundId.extend({ item: z.string(), flag: z.string().max(2000).nullable() }), checked),
  undo: command(roundId, checked),
  redo: command(roundId, checked),
  /** What the person reads before and beside the work. */
  briefing: query(roundId, z.object({ guidelines: z.array(guideline), practice: z.array(practiceItem) })),
  /** Makes a working project from a package and opens it; opens the one made before, if it is there. */
  openPackage: command(z.object({ path: z.string(), folder: z.string().optional() }), projectInfo),
  /** Writes what was decided so far into one file for the lead. */
  writeReturn: command(z.object({ folder: z.string() }), z.object({ path: z.string(), decided: z.number().int() })),
};

export const judgement = z.object({
  person: z.string(), // name
  colour: z.string(),
  author: z.boolean(), // the first verdict
  verdict: z.enum(['accept', 'edit', 'reject']),
  question: z.string().nullable(),
  reason: reason.nullable(),
  note: z.string().nullable(),
  seconds: z.number().nullable(),
  fast: z.boolean(),
});
export type Judgement = z.infer<typeof judgement>;

export const dispute = z.object({
  roundId: z.string(),
  roundName: z.string(),
  item: z.string(),
  status: itemStatus,
  passage: blindPassage,
  sentence: z.number().int().nullable(),
  question: z.string(), // as it was checked
  current: z.string(), // as it stands now: the author may have corrected it
  original: z.string(), // as the generator wrote it
  judgements: z.array(judgement),
  returned: z.object({ to: z.string(), note: z.string(), at: z.number() }).nullable(),
  alike: z.number().int(), // other open questions on this passage with the same wording
  history: z.array(
    z.object({
      at: z.number(),
      person: z.string(),
      kind: z.string(),
      undone: z.boolean(), // taken back since
      question: z.string().nullable(),
      reason: reason.nullable(),
      text: z.string().nullable(), // a note or a flag
    }),
  ),
});
export type Dispute = z.infer<typeof dispute>;

const settled = z.object({
  changed: z.number().int(),
  savedAt: z.number(),
  undo: z.string().nullable(),
  redo: z.string().nullable(),
});

export const settling = {
  /** One question on which people differ, or whose author has corrected it; `waiting` counts those with their authors. */
  queue: query(
    z.object({
      around: z.object({ roundId: z.string(), item: z.string() }).nullable().default(null),
      place: z.number().int().min(1).default(1), // where to look when `around` has left the queue
      step: z.enum(['here', 'next', 'previous']).default('here'),
    }),
    z.object({
      dispute: dispute.nullable(),
      position: z.number().int(),
      total: z.number().int(),
      waiting: z.number().int(),
      agreed: z.number().int(),
      undo: z.string().nullable(),
      redo: z.string().nullable(),
    }),
  ),
  settle: command(
    roundId.extend({
      item: z.string(),
      verdict: z.enum(['accept', 'reject']),
      question: z.string().trim().min(1).max(2000).optional(),
      reason: reason.optional(),
      note: z.string().max(2000).optional(),
      seconds: z.number().nonnegative().default(0),
      alike: z.boolean().default(false), // the same for the same wording on the same passage
    }),
    settled,
  ),
  sendBack: command(roundId.extend({ item: z.string(), note: z.string().trim().min(1).max(2000) }), settled),
  undo: command(z.object({}), settled),
  redo: command(z.object({}), settled),
  /** What was sent back to the current person, newest first. A decision in review answers it. */
  returned: query(
    z.object({}),
    z.array(
      z.object({
        candidateId: z.string(),
        passage: blindPassage,
        sentence: z.number().int().nullable(),
        question: z.string(),
        original: z.string(),
        note: z.string(),
        by: z.string(), // name
        at: z.number(),
      }),
    ),
  ),
};

export const people = {
  add: command(person.pick({ name: true, role: true }).partial({ role: true }), projectInfo),
  change: command(person.partial().required({ id: true }), projectInfo),
};
