import type { GenerationSettings } from '../../shared/contract/generation.ts';
import type { Passage } from '../../shared/contract/types.ts';
import type { GenerationResult, InferenceInput } from '../../shared/inference.ts';
import { chooseQuestions, type Proposal } from './choose.ts';
import type { Loaded } from './loaded.ts';
import { askedOf, decodingRequest, itemsFor, passageOf, proposalsFrom } from './model.ts';

interface Asking {
  signal: AbortSignal;
  /** 'interactive' goes before what is asked in 'bulk'. */
  priority?: InferenceInput<'generate'>['priority'];
}

/** Asks the loaded model about passages and hands each over as soon as its last item is there. */
export async function askModel(
  { client, info }: Loaded,
  passages: readonly Passage[],
  wanted: GenerationSettings,
  { signal, priority = 'bulk' }: Asking,
  finished: (passage: Passage, proposals: Proposal[]) => void,
): Promise<void> {
  const settings = askedOf(info, wanted);
  const byId = new Map(passages.map((passage) => [passage.id, passage]));
  const items = passages.flatMap((passage) => itemsFor(passage, settings));
  const open = new Map<string, number>();
  for (const passage of passages) open.set(passage.id, 0);
  for (const item of items) {
    const id = passageOf({ id: item.id, outputs: [] });
    open.set(id, (open.get(id) ?? 0) + 1);
  }
  const results = new Map<string, GenerationResult[]>();
  const failed = new AbortController(); // what cannot be stored ends the request: nobody waits for what a listener throws
  const take = (id: string): void => {
    const passage = byId.get(id);
    if (!passage || failed.signal.aborted) return;
    try {
      finished(passage, proposalsFrom(results.get(id) ?? [], items));
    } catch (error) {
      failed.abort(error);
    }
  };
  for (const [id, count] of open) if (count === 0) take(id);
  const answered = client.call(
    'generate',
    { items, decoding: decodingRequest(settings.decoding, settings), priority },
    {
      signal: AbortSignal.any([signal, failed.signal]),
      onItem: (item) => {
        const id = passageOf(item);
        results.set(id, [...(results.get(id) ?? []), item]);
        const left = (open.get(id) ?? 0) - 1;
        open.set(id, left);
        if (left === 0) take(id);
      },
    },
  );
  await answered.catch((error: unknown) => {
    throw failed.signal.aborted ? failed.signal.reason : error;
  });
  failed.signal.throwIfAborted();
}

/** Questions a passage that metrics and human scoring ask for: the first is scored, as many as the trainer's `evaluate` asks. */
export const scoredCandidates = 4;

/** What Generate would show for proposals, best first. */
export function shownQuestions(passage: Passage, proposals: readonly Proposal[]): string[] {
  return chooseQuestions(proposals, [], passage, scoredCandidates).map(({ text }) => text);
}
