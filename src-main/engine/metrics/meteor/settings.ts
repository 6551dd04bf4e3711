import { newStemmer } from 'snowball-stemmers';
import type { Language } from '../../../shared/text/language.ts';
import type { TokenProfile } from '../tokenise.ts';
import type { ParaphraseTable, StageTools } from './align.ts';
import { functionWords } from './functionWords.ts';
import { normaliseEnglish } from './normalise.ts';
import type { MeteorParameters, MeteorSettings } from './score.ts';
import type { SynonymSets } from './wordnet.ts';

/** What METEOR can draw on: WordNet from the app's resources, and what a person's own METEOR adds. */
export type MeteorSources = {
  synonymSets: SynonymSets | null;
  installedWords?: ReadonlySet<string>;
  paraphrases?: ParaphraseTable;
};

/** METEOR for a language and profile: settings, the words it sees, and its part of the signature. */
export type Meteor = {
  settings: MeteorSettings;
  words: (tokens: readonly string[]) => string[];
  variant: string;
};

/** METEOR 1.5's ranking parameters of English and French, and those for a language it was not tuned for. */
const parameters: Record<'en' | 'fr' | 'other', MeteorParameters> = {
  en: { alpha: 0.85, beta: 0.2, gamma: 0.6, delta: 0.75, stageWeights: [1, 0.6, 0.8, 0.6] },
  fr: { alpha: 0.9, beta: 1.4, gamma: 0.6, delta: 0.65, stageWeights: [1, 0.2, 0, 0.4] },
  other: { alpha: 0.75, beta: 1.4, gamma: 0.7, delta: 0.5, stageWeights: [1, 0.5, 0.5, 0.5] },
};

/**
 * `paper`: English settings and English normalisation for every language, as COCO-caption scripts run METEOR and the
 * paper did. `plain`: the language's own settings: English and French their stages, the others exact matches only.
 */
export function meteorFor(language: Language, profile: TokenProfile, sources: MeteorSources): Meteor {
  const own = language === 'en' || language === 'fr' ? language : 'other';
  const tuned = profile === 'paper' ? 'en' : own;
  const tools: StageTools = {};
  if (tuned !== 'other') tools.stem = cachedStemmer(tuned === 'en' ? 'english' : 'french');
  if (tuned === 'en' && sources.synonymSets !== null) tools.synonymSets = sources.synonymSets;
  if (tuned === 'en' && sources.paraphrases !== undefined) tools.paraphrases = sources.paraphrases;
  const installed = tuned === 'en' ? sources.installedWords : undefined;
  const stages = [
    'exact',
    ...(tools.stem === undefined ? [] : ['stem']),
    ...(tools.synonymSets === undefined ? [] : ['synonym']),
    ...(tools.paraphrases === undefined ? [] : ['paraphrase']),
  ];
  const same = oneCopy();
  return {
    settings: {
      parameters: parameters[tuned],
      tools,
      functionWords: installed ?? (tuned === 'other' ? new Set() : functionWords(tuned)),
    },
    words: (tokens) => {
      const text = tokens.join(' ').toLowerCase();
      return (profile === 'paper' ? normaliseEnglish(text) : text.split(' ').filter((word) => word !== '')).map(same);
    },
    variant: `meteor-1.5|params:${tuned}|stages:${stages.join('+')}|function:${installed === undefined ? (tuned === 'other' ? 'none' : 'asklab-1') : 'meteor-1.5'}|norm:${profile === 'paper' ? 'en' : 'lower'}`,
  };
}

/** Answers the one copy of a word that is kept: equal words are then the same, their hashes known. */
function oneCopy(): (word: string) => string {
  const known = new Map<string, string>();
  return (word) => {
    const copy = known.get(word);
    if (copy === undefined) known.set(word, word);
    return copy ?? word;
  };
}

function cachedStemmer(name: 'english' | 'french'): (word: string) => string {
  const stemmer = newStemmer(name);
  const known = new Map<string, string>();
  return (word) => {
    let stem = known.get(word);
    if (stem === undefined) {
      stem = stemmer.stem(word);
      known.set(word, stem);
    }
    return stem;
  };
}
