import { setImmediate as turn } from 'node:timers/promises';
import { AsklabError } from '../shared/errors.ts';

/** Lets other calls have their turn within a long one. Error: 'cancelled', once its caller has aborted it. */
export async function giveWay(signal: AbortSignal, message = 'Cancelled.'): Promise<void> {
  await turn();
  if (signal.aborted) throw new AsklabError('cancelled', message);
}
