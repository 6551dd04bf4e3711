import { InferenceClient, type ClientPort } from '../../inference/client.ts';
import { generationSettings, type Generator } from '../../shared/contract/generation.ts';
import type { Passage } from '../../shared/contract/types.ts';
import { told } from '../../shared/told.ts';
import type { EngineContext } from '../context.ts';
import { decodingRequest, itemsFor } from '../generate/model.ts';
import { proposeByRules } from '../generate/rules.ts';

/** Asks for one question on each passage, as the paper's systems do: the whole passage, no answer given. */
export interface Asker {
  ask(passages: readonly Passage[], signal: AbortSignal): Promise<Map<string, string>>;
}

export function askerOf(context: EngineContext, generator: Generator): Asker {
  const settings = generationSettings.parse({ generator: generator.id, candidates: 1, focus: 'free' });
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
  let client: InferenceClient | null = null;
  return {
    async ask(passages, signal) {
      client ??= await connect(context, generator, signal);
      const questions = new Map<string, string>();
      await client.call(
        'generate',
        {
          items: passages.flatMap((passage) => itemsFor(passage, settings)),
          decoding: decodingRequest(settings.decoding, settings),
          priority: 'bulk',
        },
        {
          signal,
          onItem: ({ id, outputs }) => {
            const best = outputs[0]?.text.trim();
            if (best) questions.set(id.slice(0, id.lastIndexOf('#')), best);
          },
        },
      );
      return questions;
    },
  };
}

async function connect(context: EngineContext, generator: Generator, signal: AbortSignal): Promise<InferenceClient> {
  if (!context.inference) throw told('error.inference-died.none');
  const client = new InferenceClient((await context.inference()) as ClientPort);
  await client.call('load', { path: generator.path ?? '', device: 'auto' }, { signal });
  return client;
}
