import type { Language } from '../../shared/text/language.ts';
import type { Pace } from '../statistics/pace.ts';
import { centralSentenceQuestion, rulesBaselineName, rulesQuestion } from './baselines.ts';
import { compareSystems, evaluateSystem, type MetricComparison, type SystemScores } from './evaluate.ts';
import { readInstalledMeteor, readParaphrases } from './meteor/installed.ts';
import { meteorFor, type Meteor, type MeteorSources } from './meteor/settings.ts';
import { readWordNet } from './meteor/wordnet.ts';
import type { EvaluationItem } from './scorers.ts';
import { tokenise, type TokenProfile } from './tokenise.ts';

/** A system by name, with its outputs; all systems of one table answer the same items in the same order. */
export type System = { name: string; baseline: boolean; items: readonly EvaluationItem[] };

/** A scored table: systems in the order given, and every later one against the first. `unanswered`: passages without a question. */
export type SystemTable = {
  systems: (SystemScores & { name: string; baseline: boolean; unanswered: number })[];
  comparisons: { system: string; other: string; metrics: MetricComparison[] }[];
};

/** How to score a table. `meteorFolder` is a person's own METEOR 1.5. */
export type TableOptions = Pace & {
  language: Language;
  profile: TokenProfile;
  resources: string;
  meteorFolder?: string;
  samples?: number;
  seed?: number;
};

/** The baselines that stand beside every table: the most central sentence as a question, and the rules' first question. */
export function baselineSystems(items: readonly EvaluationItem[], language: Language): System[] {
  if (items.some((item) => item.passage === undefined)) return [];
  const make = (name: string, question: (passage: string, code: Language) => string): System => ({
    name,
    baseline: true,
    items: items.map(({ id, references, passage = '' }) => ({
      id,
      references,
      passage,
      output: question(passage, language),
    })),
  });
  return [make('central sentence', centralSentenceQuestion), make(rulesBaselineName, rulesQuestion)];
}

/**
 * Scores systems one after another.
 * @throws the signal's reason once it is aborted.
 */
export async function scoreTable(systems: readonly System[], options: TableOptions): Promise<SystemTable> {
  const meteor = await meteorOf(systems, options);
  const scored: SystemTable['systems'] = [];
  for (const [at, { name, baseline, items }] of systems.entries()) {
    const { onProgress } = options;
    const scores = await evaluateSystem(items, {
      ...options,
      meteor,
      ...(onProgress === undefined ? {} : { onProgress: (share) => onProgress((at + share) / systems.length) }),
    });
    const unanswered = items.filter(({ output }) => output.trim() === '').length;
    scored.push({ name, baseline, unanswered, ...scores });
  }
  const [first, ...others] = scored;
  return {
    systems: scored,
    comparisons:
      first === undefined
        ? []
        : others.map((other) => ({ system: first.name, other: other.name, metrics: compareSystems(first, other) })),
  };
}

async function meteorOf(systems: readonly System[], options: TableOptions): Promise<Meteor> {
  const { language, profile, resources, meteorFolder, signal } = options;
  const sources: MeteorSources = { synonymSets: await readWordNet(resources) };
  if (meteorFolder === undefined) return meteorFor(language, profile, sources);
  const installed = await readInstalledMeteor(meteorFolder);
  sources.installedWords = installed.functionWords;
  if (installed.paraphraseFile !== null && (profile === 'paper' || language === 'en')) {
    const { words } = meteorFor(language, profile, sources);
    const texts = function* (): Generator<string[]> {
      const cut = (text: string): string[] => words(tokenise(text, language, profile));
      for (const item of systems[0]?.items ?? []) for (const reference of item.references) yield cut(reference);
      for (const system of systems) for (const item of system.items) yield cut(item.output);
    };
    sources.paraphrases = await readParaphrases(installed.paraphraseFile, texts(), signal);
  }
  return meteorFor(language, profile, sources);
}
