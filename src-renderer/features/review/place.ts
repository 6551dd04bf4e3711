import type { CandidateFilter } from '../../../src-main/shared/contract/types.ts';

/** Where the work stands, kept while another screen is shown. */
interface Place {
  project: string | null;
  passage: string | null;
  filter: CandidateFilter;
  undo: string | null;
  redo: string | null;
}
export const place: Place = { project: null, passage: null, filter: {}, undo: null, redo: null };
