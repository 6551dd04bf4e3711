import type { Reason } from '../../src-main/shared/contract/types.ts';

/** In the order of their digits. The first two are the paper's own (section 3.2). */
export const reasons: readonly Reason[] = [
  'unanswerable',
  'ungrammatical',
  'trivial',
  'duplicate',
  'off-topic',
  'other',
];
