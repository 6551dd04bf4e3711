import { z } from 'zod';
import { command, query } from './define.ts';
import { job, language, passageFilter } from './types.ts';

export const chooseSettings = z.object({
  name: z.string().trim().min(1).max(80),
  passages: passageFilter.default({}),
  number: z.number().int().min(1),
  equal: z.boolean().default(false), // as many of each language, else in proportion
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31 - 1)
    .default(1),
});
export type ChooseSettings = z.infer<typeof chooseSettings>;

/** A measure of the chosen set beside that of random ones. */
const compared = z.object({
  set: z.number(),
  random: z.object({ mean: z.number(), least: z.number(), most: z.number() }),
});

/** How a set was chosen and what it is worth. */
export const evidence = z.object({
  method: z.string(), // with its version
  settings: chooseSettings,
  person: z.string(), // by name
  madeAt: z.number(), // ms since 1970
  passages: z.number(), // that the filter had
  different: z.number(), // of them, without exact copies of others
  dimensions: z.number(),
  groupLimit: z.number(), // more passages of a language than this are split into groups first
  languages: z.array(
    z.object({
      language,
      passages: z.number(),
      different: z.number(),
      chosen: z.number(),
      groups: z.number(), // 1: Ward's clustering alone
    }),
  ),
  clusters: z.object({
    count: z.number(),
    least: z.number(),
    median: z.number(),
    most: z.number(),
    histogram: z.array(z.object({ from: z.number(), to: z.number(), count: z.number() })), // sizes, ends included
  }),
  /** Beside `draws` random sets with as many passages of each language. */
  coverage: z.object({
    draws: z.number(),
    words: compared, // share of all different words
    distance: compared.extend({ passages: z.number() }), // mean over so many passages, 0 to 1
  }),
});
export type Evidence = z.infer<typeof evidence>;

const passageSet = z.object({ name: z.string(), passages: z.number(), evidence });
export type PassageSet = z.infer<typeof passageSet>;

/** Named sets of passages. They belong to the project at hand: no package carries them, and no merge changes them. */
export const sets = {
  list: query(z.object({}), z.array(passageSet)),
  /** Chooses a diverse set as a job; the set is there when it is done. Error: 'invalid-input', 'not-found'. */
  choose: command(chooseSettings, job),
  /** The passages stay. */
  remove: command(z.object({ name: z.string() }), z.array(passageSet)),
  /** The sets a passage is in: how many passages its cluster has, and of those left out the most alike ones. */
  of: query(
    z.object({ passageId: z.string() }),
    z.array(
      z.object({
        name: z.string(),
        cluster: z.number(),
        near: z.array(z.object({ id: z.string(), title: z.string() })),
      }),
    ),
  ),
};
