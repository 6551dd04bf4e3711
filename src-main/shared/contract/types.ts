import { z } from 'zod';

/** Spans are UTF-16 offsets into the passage text, end exclusive. */
export const span = z.object({ start: z.number().int().nonnegative(), end: z.number().int().nonnegative() });
export type Span = z.infer<typeof span>;

export const language = z.enum(['en', 'zh', 'ko', 'fr', 'hi']);
export type Language = z.infer<typeof language>;

export const reason = z.enum(['unanswerable', 'ungrammatical', 'trivial', 'duplicate', 'off-topic', 'other']);
export type Reason = z.infer<typeof reason>;

/** Derived state of a candidate. `aside`: a rule's doing, undoable, never a decision. */
export const status = z.enum(['undecided', 'accepted', 'edited', 'rejected', 'aside']);
export type Status = z.infer<typeof status>;

export const person = z.object({
  id: z.string(),
  name: z.string(),
  role: z.enum(['annotator', 'checker', 'adjudicator', 'lead']),
  colour: z.string(), // '#1f5b8f'
});
export type Person = z.infer<typeof person>;

export const signals = z.object({
  length: z.number(),
  copiedShare: z.number(),
  endsAsQuestion: z.boolean(),
  hasQuestionWord: z.boolean(),
  unfinished: z.boolean(),
  repeatedNgram: z.boolean(),
  languageMismatch: z.boolean(),
  duplicateOf: z.string().nullable(), // an earlier question of the same wording
  nearOf: z.string().nullish(), // or of nearly the same; rows of an older Asklab lack it
});
export type CandidateSignals = z.infer<typeof signals>;

export const lineage = z.object({
  generator: z.string(), // bundle id, or "rules-<version>", or "import:<file>", or "person"
  generatorName: z.string(),
  hash: z.string().nullable(),
  provider: z.string().nullable(),
  precision: z.enum(['fp32', 'int8']).nullish(), // in which the model computed; older rows lack it
  focus: z.enum(['sentences', 'span', 'free']).nullish(), // what it was to ask about; older rows lack it
  decoding: z.record(z.string(), z.unknown()).nullable(),
  seed: z.number().nullable(),
  rank: z.number().int().nullable(), // among the generator's own, from 0: of one answer or sentence, before any was chosen
  score: z.number().nullable(), // mean log-probability per token
  raw: z.string(), // as the model wrote it, before capitals and marks were restored
  jobId: z.string().nullable(),
});
export type Lineage = z.infer<typeof lineage>;

export const candidate = z.object({
  id: z.string(),
  passageId: z.string(),
  question: z.string(), // what stands now: the edit if there is one
  original: z.string(), // what the generator wrote
  status,
  reason: reason.nullable(),
  note: z.string().nullable(),
  asideReasons: z.array(z.string()),
  flag: z.string().nullable(),
  type: z.string().nullable(),
  difficulty: z.enum(['easy', 'medium', 'hard']).nullable(),
  focus: span.nullable(),
  sentence: z.number().int().nullable(), // index into the passage's sentences; null = whole passage
  answer: z.object({ start: z.number(), end: z.number(), text: z.string(), by: z.string().nullable() }).nullable(),
  score: z.number().nullable(),
  signals,
  lineage,
  decidedBy: z.string().nullable(), // person's name
  decidedAt: z.number().nullable(), // ms since 1970
});
export type Candidate = z.infer<typeof candidate>;

export const passageRow = z.object({
  id: z.string(),
  documentId: z.string(),
  documentTitle: z.string(),
  position: z.number().int(), // place in the document, from 1
  documentPassages: z.number().int(),
  title: z.string(),
  excerpt: z.string(),
  language,
  words: z.number().int(),
  candidates: z.number().int(),
  undecided: z.number().int(),
  accepted: z.number().int(),
});
export type PassageRow = z.infer<typeof passageRow>;

export const passage = passageRow.extend({
  text: z.string(),
  sentences: z.array(span),
  externalId: z.string().nullable(),
  references: z.array(z.object({ id: z.string(), question: z.string(), answer: span.nullable() })),
});
export type Passage = z.infer<typeof passage>;

export const candidateFilter = z.object({
  search: z.string().optional(),
  languages: z.array(language).optional(),
  documentId: z.string().optional(),
  statuses: z.array(status).optional(),
  generators: z.array(z.string()).optional(),
  signal: z.enum(['copied', 'unfinished', 'duplicate', 'near', 'language', 'repeated']).optional(),
  scoreFrom: z.number().optional(), // log-probability per token, of questions that have one
  scoreTo: z.number().optional(),
  lengthFrom: z.number().int().optional(), // words; characters in Chinese
  lengthTo: z.number().int().optional(),
  flagged: z.boolean().optional(),
  types: z.array(z.string()).optional(),
  difficulties: z.array(z.enum(['easy', 'medium', 'hard'])).optional(),
  people: z.array(z.string()).optional(), // ids of who decided
  set: z.string().optional(), // the name of a set that the passage is in
  order: z.enum(['score', 'short', 'long']).optional(), // of a queue: least sure, shortest, longest first; else as read
});
export type CandidateFilter = z.infer<typeof candidateFilter>;

export const passageFilter = z.object({
  search: z.string().optional(),
  languages: z.array(language).optional(),
  documentId: z.string().optional(),
  state: z.enum(['none', 'undecided', 'decided']).optional(), // without candidates, some undecided, all decided
  ids: z.array(z.string()).optional(),
  set: z.string().optional(), // the name of a set that it is in
});
export type PassageFilter = z.infer<typeof passageFilter>;

export const jobState = z.enum([
  'queued',
  'running',
  'paused',
  'stopped',
  'done',
  'done-with-problems',
  'cancelled',
  'failed',
]);
export type JobState = z.infer<typeof jobState>;

/** A failure as the page tells it: by code and reason in its language, else in English. */
export const failure = z.object({
  code: z.string(), // of AsklabError or of inference; 'internal' for what nobody foresaw
  message: z.string(),
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type Failure = z.infer<typeof failure>;

export const job = z.object({
  id: z.string(),
  kind: z.enum(['import', 'generate', 'export', 'campaign', 'evaluate', 'choose']),
  title: z.string(),
  state: jobState,
  done: z.number(),
  total: z.number().nullable(),
  rate: z.number().nullable(), // items a second
  secondsLeft: z.number().nullable(),
  provider: z.string().nullable(),
  problems: z.number().int(),
  message: z.string().nullable(),
  failure: failure.nullish(), // what \`message\` says; jobs of an older Asklab lack it
  startedAt: z.number(),
  endedAt: z.number().nullable(),
  settings: z.record(z.string(), z.unknown()),
  result: z.record(z.string(), z.unknown()).nullable(), // import: {passages, candidates, references, duplicates}; generate: {questions}, and while it runs {aSecond}, of them; export: {files, rows}; choose: {passages, evidence}
});
export type Job = z.infer<typeof job>;

export const problem = z.object({
  file: z.string(),
  line: z.number().int().nullable(),
  place: z.string().optional(), // where it stands in a file without lines: 'data[0].paragraphs[3]', or '#12', the twelfth row
  reason: z.string(), // in English
  key: z.string().optional(), // of the same reason in resources/locales/*.problems.json
  values: z.record(z.string(), z.union([z.string(), z.number()])).optional(), // what stands in its braces
});
export type Problem = z.infer<typeof problem>;

export const counts = z.object({
  documents: z.number(),
  passages: z.number(),
  candidates: z.number(),
  undecided: z.number(),
  accepted: z.number(),
  edited: z.number(),
  rejected: z.number(),
  aside: z.number(),
  passagesToReview: z.number(), // passages with an undecided question
  passagesReviewed: z.number(), // passages with candidates, all decided or set aside
});
export type Counts = z.infer<typeof counts>;

export const projectInfo = z.object({
  id: z.string(),
  path: z.string(),
  name: z.string(),
  readOnly: z.boolean(),
  person,
  people: z.array(person),
  counts,
});
export type ProjectInfo = z.infer<typeof projectInfo>;

/** Sent with the event `changed` after every write: what a page should read again. */
export const changes = z.object({
  counts: z.boolean().optional(),
  passages: z.union([z.boolean(), z.array(z.string())]).optional(),
  jobs: z.boolean().optional(),
  project: z.boolean().optional(),
  rounds: z.boolean().optional(),
  sets: z.boolean().optional(),
});
export type Changes = z.infer<typeof changes>;

/** Sent with the event `progress` by a query that takes a while. */
export const progress = z.object({ of: z.string(), share: z.number() });
export type Progress = z.infer<typeof progress>;

/** Sent with the event `bulk` while a filter is decided. */
export const bulkProgress = z.object({ done: z.number(), total: z.number() });
export type BulkProgress = z.infer<typeof bulkProgress>;
