/** Entry of the thread that chooses a diverse set: answers one question after the other, each in a fraction of a second. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Language } from '../../shared/contract/types.ts';
import { Chooser, type Wanted } from './chooser.ts';

/** A chunk of texts at one of the three readings, or what stands between them. */
export type Asked =
  | { ask: 'count'; texts: string[]; languages: Language[] }
  | { ask: 'add'; texts: string[] }
  | { ask: 'choose' }
  | { ask: 'meet'; texts: string[]; numbers: number[] }
  | { ask: 'result' };

export interface Answers {
  count: null;
  add: null;
  choose: { share: number; chosen: number[] | null };
  meet: null;
  result: ReturnType<Chooser['result']>;
}

/** How long choosing goes on before it waits to be asked again: a pause takes hold then. */
const turn = 50; // milliseconds

const chooser = new Chooser(workerData as Wanted);
let choosing: Generator<number, number[]> | null = null;
let counted = false;

function choose(): Answers['choose'] {
  choosing ??= chooser.choose();
  for (const until = performance.now() + turn; ;) {
    const next = choosing.next();
    if (next.done === true) return { share: 1, chosen: next.value };
    if (performance.now() >= until) return { share: next.value, chosen: null };
  }
}

function answer(asked: Asked): Answers[Asked['ask']] {
  switch (asked.ask) {
    case 'count':
      for (const [index, text] of asked.texts.entries()) chooser.count(text, asked.languages[index] ?? 'en');
      return null;
    case 'add':
      if (!counted) chooser.ready();
      counted = true;
      for (const text of asked.texts) chooser.add(text);
      return null;
    case 'choose':
      return choose();
    case 'meet':
      for (const [index, text] of asked.texts.entries()) chooser.meet(asked.numbers[index] ?? 0, text);
      return null;
    case 'result':
      return chooser.result();
  }
}

parentPort?.on('message', (asked: Asked) => parentPort?.postMessage(answer(asked)));
