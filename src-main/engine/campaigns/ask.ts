import { generationSettings, type Generator } from '../../shared/contract/generation.ts';
import type { Passage } from '../../shared/contract/types.ts';
import type { EngineContext } from '../context.ts';
import { askModel, scoredCandidates, shownQuestions } from '../generate/ask.ts';
import { loadModel, type Loaded } from '../generate/loaded.ts';
import { proposeByRules } from '../generate/rules.ts';

/** Asks for one question on each passage: the rules' first, of a model the one that Generate would show first. */
export interface Asker {
  ask(passages: readonly Passage[], signal: AbortSignal): Promise<Map<string, string>>;
}

export function askerOf(context: EngineContext, generator: Generator): Asker {
  const settings = generationSettings.parse({ generator: generator.id, candidates: scoredCandidates });
  if (generator.kind === 'rules') {
    return {
      ask: (passages) =>
        Promise.resolve(
          new Map(
            passages.flatMap((passage) => {
              const [best] = proposeByRules(passage, settings);
              return best ? [[passage.id, best.text] as const] : [];
            }),
          ),
        ),
    };
  }
  let loaded: Loaded | null = null;
  return {
    async ask(passages, signal) {
      loaded ??= await loadModel(context, generator.path ?? '', 'auto', signal);
      const questions = new Map<string, string>();
      await askModel(loaded, passages, settings, { signal }, (passage, proposals) => {
        const [first] = shownQuestions(passage, proposals);
        if (first !== undefined) questions.set(passage.id, first);
      });
      return questions;
    },
  };
}
