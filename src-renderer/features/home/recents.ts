import type { engine } from '../../app/client.ts';

export type Sample = Awaited<ReturnType<(typeof engine)['projects']['sample']>>;

export interface Recent {
  path: string;
  name: string;
  openedAt: number;
  decided: number; // of its candidates, as it was open here last
  candidates: number;
  trouble: 'missing' | 'damaged' | 'newer' | 'foreign' | 'read-only' | null;
}

/** What Enter opens: the latest project that can be opened. */
export function firstOpenable(recents: readonly Recent[]): Recent | null {
  return recents.find((recent) => recent.trouble === null || recent.trouble === 'read-only') ?? null;
}

/** The last two folders of a path: "Documents › corpora". */
export function placeOf(path: string): string {
  return path
    .split(/[\\/]/)
    .slice(0, -1)
    .filter((part) => part !== '')
    .slice(-2)
    .join(' › ');
}
