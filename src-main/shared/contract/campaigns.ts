import { z } from 'zod';
import { command, query } from './define.ts';
import { guideline } from './rounds.ts';
import { job, language, problem } from './types.ts';

/** A scale of three: `anchors` say what 0, 1 and 2 mean. */
export const criterion = z.object({
  id: z.string().min(1).max(40),
  name: z.string().min(1).max(60),
  question: z.string().max(300),
  anchors: z.tuple([z.string().max(200), z.string().max(200), z.string().max(200)]),
});
export type Criterion = z.infer<typeof criterion>;

/** Where a system's questions come from. Each gives one question per passage. */
export const systemSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('generator'), generator: z.string() }), // generates when the campaign is made
  z.object({ kind: z.literal('project'), generator: z.string() }), // what this generator wrote into the project, its best one
  z.object({ kind: z.literal('file'), path: z.string() }), // JSONL or CSV
  z.object({ kind: z.literal('reference') }), // a person's question that came with the passage
]);
export type SystemSource = z.infer<typeof systemSource>;

export const system = z.object({ name: z.string().trim().min(1).max(80), source: systemSource });
export type CampaignSystem = z.infer<typeof system>;

export const score = z.union([z.literal(0), z.literal(1), z.literal(2)]);
/** Scores by criterion id; a criterion not scored yet is absent. */
export const scores = z.record(z.string(), score);
export type Scores = z.infer<typeof scores>;

/** Scored before the campaign begins; the explanation is shown after the last score. Never counted. */
export const practice = z.object({
  language,
  passage: z.string().min(1).max(20_000),
  question: z.string().min(1).max(2000),
  scores,
  explanation: z.string().max(2000),
});
export type Practice = z.infer<typeof practice>;

export const campaignSettings = z.object({
  name: z.string().trim().min(1).max(80),
  systems: z.array(system).min(2).max(12),
  languages: z.array(language).min(1),
  perLanguage: z.number().int().min(1).max(5000).default(50), // passages
  seed: z.number().int().default(1),
  criteria: z.array(criterion).min(1).max(6),
  /** Markdown, of one language each. The one text of an older campaign stands in the versions of each language. */
  guidelines: z
    .array(guideline.pick({ language: true }).extend({ text: z.string().max(20_000) }))
    .or(z.string().transform(() => []))
    .default([]),
  practice: z.array(practice).max(20).default([]),
  repeats: z.number().int().min(0).max(200).default(0), // questions shown to each rater a second time
  layout: z.enum(['question', 'passage']).default('question'), // one question at a time, or all of one passage together
  raters: z
    .array(z.object({ name: z.string().trim().min(1).max(80), languages: z.array(language).min(1) }))
    .min(1)
    .max(20),
});
export type CampaignSettings = z.infer<typeof campaignSettings>;

const raterProgress = z.object({
  person: z.string(),
  name: z.string(),
  languages: z.array(language),
  done: z.number(), // questions with every criterion scored; practice is not counted
  total: z.number(),
  seconds: z.number().nullable(), // median per question
  lastAt: z.number().nullable(),
});

export const campaignState = z.enum(['preparing', 'open', 'closed']);

export const campaignRow = z.object({
  id: z.string(),
  name: z.string(),
  state: campaignState,
  createdAt: z.number(),
  languages: z.array(language),
  systems: z.number(),
  passages: z.number(),
  questions: z.number(),
  raters: z.array(raterProgress),
  jobId: z.string().nullable(), // of the job that prepares it
});
export type CampaignRow = z.infer<typeof campaignRow>;

/** What a rater may see of a campaign: never a system. */
export const scoringQueue = z.object({
  campaign: z.string(),
  name: z.string(),
  layout: campaignSettings.shape.layout,
  criteria: z.array(criterion),
  guidelines: z.array(guideline), // the newest in each language
  done: z.number(),
  total: z.number(),
  practiceDone: z.number(),
  practiceTotal: z.number(),
  marks: z.array(z.enum(['open', 'done'])), // one per question in the rater's order, practice left out
});
export type ScoringQueue = z.infer<typeof scoringQueue>;

export const scoringItem = z.object({
  id: z.string(), // random, this rater's own
  position: z.number().int(), // in the rater's order, from 0; practice first
  practice: z.boolean(),
  language,
  title: z.string(),
  passage: z.string(),
  question: z.string(),
  scores,
  comment: z.string(),
  explanation: z.string().nullable(), // practice, once every criterion is scored
  expected: scores.nullable(),
});
export type ScoringItem = z.infer<typeof scoringItem>;

const interval = z.object({ value: z.number(), low: z.number(), high: z.number() });
/** A number, or why there is none. */
const coefficient = z.union([
  interval,
  z.object({ undefinedBecause: z.enum(['noOverlap', 'oneCategoryOnly', 'tooFewRaters']) }),
]);

const readItem = z.object({
  item: z.string(),
  language,
  passage: z.string(), // id
  title: z.string(),
  question: z.string(),
  systems: z.array(z.string()),
  mean: z.number(),
  spread: z.number(), // standard deviation of the raters' means
  scores: z.array(z.object({ rater: z.string(), scores: z.record(z.string(), z.number()), comment: z.string() })), // by criterion name
});
export type ReadItem = z.infer<typeof readItem>;

/** `criterion` null: the average of all criteria. */
export const reportSection = z.object({
  language: language.nullable(), // null: all languages
  passages: z.number(),
  items: z.number(),
  scores: z.number(),
  table: z.array(
    z.object({ system: z.string(), criterion: z.string().nullable(), mean: interval.nullable(), scores: z.number() }),
  ),
  /** Passages that a system has no question for: each counts as 0. `answered`: the average over the others. */
  unanswered: z.array(z.object({ system: z.string(), passages: z.number(), answered: z.number().nullable() })),
  byRater: z.array(
    z.object({ rater: z.string(), system: z.string(), criterion: z.string().nullable(), mean: z.number().nullable() }),
  ),
  agreement: z.array(
    z.object({
      criterion: z.string(),
      alpha: coefficient,
      correlation: z.number().nullable(), // mean Spearman correlation of the pairs of raters
      same: z.number().nullable(), // share of pairs of scores that are equal
      items: z.number(), // scored by two raters or more
    }),
  ),
  systemOrder: z.number().nullable(), // mean Spearman correlation of the raters' orders of the systems
  /** Questions that a rater scored faster than reading allows; they are told and left in every number. */
  pace: z.array(z.object({ rater: z.string(), questions: z.number(), fast: z.number(), share: z.number() })),
  repeats: z.array(
    z.object({ rater: z.string(), pairs: z.number(), same: z.number().nullable(), kappa: z.number().nullable() }),
  ),
  differences: z.array(
    z.object({
      left: z.string(),
      right: z.string(),
      criterion: z.string().nullable(),
      passages: z.number(),
      difference: interval, // left minus right
      p: z.number(),
      adjusted: z.number(), // Holm
      effect: z.number().nullable(), // Cohen's d of paired differences
      better: z.number(), // share of passages where left scored higher
      worse: z.number(),
    }),
  ),
  power: z.array(z.object({ criterion: z.string().nullable(), passages: z.number(), smallest: z.number().nullable() })),
  worst: z.array(readItem),
  disputed: z.array(readItem),
});
export type ReportSection = z.infer<typeof reportSection>;

export const campaignReport = z.object({
  campaign: z.string(),
  method: z.string(), // signature of every number below
  criteria: z.array(z.string()),
  systems: z.array(z.object({ name: z.string(), human: z.boolean() })),
  raters: z.array(z.string()),
  sections: z.array(reportSection), // all languages first, then each when there are several
});
export type CampaignReport = z.infer<typeof campaignReport>;

/** What people's blind scores say of a generator in its newest campaign. */
export const standing = z.object({
  generator: z.string(), // its bundle's hash, else its id
  campaign: z.string(),
  done: z.number(), // questions scored, of all raters
  total: z.number(),
  means: z.array(z.object({ criterion: z.string(), mean: z.number() })).nullable(), // null: still blind
});
export type Standing = z.infer<typeof standing>;

export const campaignPractice = z.object({
  version: z.number().int(), // 0: none yet
  items: z.array(practice).max(20),
  criteria: z.array(criterion),
});
export type CampaignPractice = z.infer<typeof campaignPractice>;

const campaignId = z.object({ campaign: z.string() });
const scored = z.object({ item: scoringItem, queue: scoringQueue, savedAt: z.number(), undo: z.boolean() });

export const campaigns = {
  list: query(z.object({}), z.array(campaignRow)),
  settings: query(campaignId, campaignSettings),
  /** How many passages of each language every system has a question for. Reads files, writes nothing. */
  inspect: query(
    z.object({ systems: z.array(system).min(1).max(12), languages: z.array(language).min(1) }),
    z.object({
      languages: z.array(z.object({ language, passages: z.number() })),
      systems: z.array(z.object({ name: z.string(), passages: z.number(), problems: z.array(problem) })),
    }),
  ),
  /** Draws the sample and starts the job that asks every system; the campaign opens when the job is done. */
  create: command(campaignSettings, z.object({ campaign: campaignRow, job })),
  /** The newest practice. */
  practice: query(campaignId, campaignPractice),
  /** A new version for the packages written from now on; scores keep the version they were given by. */
  setPractice: command(campaignId.extend({ practice: campaignPractice.shape.items }), campaignPractice),
  /** What generators exist to choose from: those that can generate now, and those whose questions the project holds. */
  sources: query(
    z.object({}),
    z.array(z.object({ name: z.string(), source: systemSource, languages: z.array(language) })),
  ),
  /** Ends the scoring; the systems' names may be read. Scores that come later are still merged. */
  close: command(campaignId, campaignRow),

  /** Campaigns that wait for the current person. */
  queues: query(z.object({}), z.array(scoringQueue)),
  /** Items in the person's order: one, or all of a passage. `at` null: the first with something open. */
  items: query(
    campaignId.extend({ at: z.number().int().nullable().default(null) }),
    z.object({ items: z.array(scoringItem), queue: scoringQueue, undo: z.boolean() }),
  ),
  /** Stores scores of one item; a criterion given as null takes its score back. */
  score: command(
    campaignId.extend({
      item: z.string(),
      scores: z.record(z.string(), score.nullable()).default({}),
      comment: z.string().max(4000).optional(),
      seconds: z.number().nonnegative().default(0),
    }),
    scored,
  ),
  undo: command(campaignId, scored.nullable()),

  report: query(campaignId, campaignReport),
  /** Blind scores of every generator that took part in a campaign made here. */
  standings: query(z.object({}), z.array(standing)),
  /** Writes scores.csv, report.json, report.md and table.tex into a new folder. */
  saveReport: command(
    campaignId.extend({ folder: z.string() }),
    z.object({ folder: z.string(), files: z.array(z.string()) }),
  ),
  /** The means as a LaTeX table, for the clipboard. */
  latex: query(campaignId, z.object({ text: z.string() })),
};
