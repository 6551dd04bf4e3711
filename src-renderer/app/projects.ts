import type { ProjectInfo } from '../../src-main/shared/contract/types.ts';
import { engine } from './client.ts';
import { frame } from './frame.svelte.ts';
import { errorText, t } from './i18n.ts';
import { opening } from './opening.svelte.ts';
import { go, router, type RouteParams, type Route } from './router.svelte.ts';
import { session } from './session.svelte.ts';

/**
 * Runs what opens a project and goes to where its work is, unless the person has gone elsewhere meanwhile; a failure is
 * shown and changes nothing.
 */
export async function enter(open: Promise<ProjectInfo>, route?: Route, params?: RouteParams): Promise<boolean> {
  const before = router.route;
  try {
    const info = await open;
    session.setProject(info);
    frame.savedAt = null;
    await session.readQueues();
    if (route !== undefined || router.route === before) go(route ?? firstRoute(info), params);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'cancelled') frame.fail(errorText(error));
    return false;
  }
}

/** Files that a screen of an open project takes, by their ending. */
const taken = {
  '.asklab-return': { route: 'rounds', otherwise: 'rounds.openFirst' },
  '.asklab-model': { route: 'models', otherwise: 'models.openFirst' },
} as const;

/** Opens a project, or the working project of a package; Rounds merges a returned file, Models adds a model. */
export async function openProject(path: string): Promise<boolean> {
  for (const [ending, { route, otherwise }] of Object.entries(taken)) {
    if (!path.toLowerCase().endsWith(ending)) continue;
    if (session.project === null) frame.notify(t(otherwise));
    else go(route, { files: [path] });
    return session.project !== null;
  }
  const sealed = path.toLowerCase().endsWith('.asklab-package');
  return opening.run(path, (signal) =>
    enter(sealed ? engine.checking.openPackage({ path }, { signal }) : engine.projects.open({ path }, { signal })),
  );
}

function firstRoute(info: ProjectInfo): Route {
  const sealed = session.queues?.sealed;
  if (sealed) return sealed.kind === 'score' ? 'score' : sealed.kind === 'adjudicate' ? 'settle' : 'check';
  if (info.counts.passages === 0) return 'import';
  return info.counts.candidates > 0 ? 'review' : 'passages';
}
