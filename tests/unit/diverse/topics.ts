import { seededRandom } from '../../../src-main/engine/statistics/random.ts';

/** Texts on 40 topics of very different size: half of the words are the topic's own, half are everybody's. */
export function madeTexts(count: number, seed: number): { text: string }[] {
  const random = seededRandom(seed);
  const word = (topic: string): string => `${topic}w${Math.floor(random() ** 2 * 60)}`;
  return Array.from({ length: count }, () => {
    const topic = `t${Math.min(40, Math.floor(-Math.log2(1 - random()) * 4))}`;
    return { text: Array.from({ length: 60 }, () => word(random() < 0.5 ? topic : 'all')).join(' ') };
  });
}
