import type { ProjectInfo } from '../../src-main/shared/contract/types.ts';
import { engine } from './client.ts';
import { frame } from './frame.svelte.ts';
import { errorText } from './i18n.ts';
import { go, type RouteParams, type Route } from './router.svelte.ts';
import { session } from './session.svelte.ts';

/** Runs what opens a project and goes to where its work is; a failure is shown and changes nothing. */
export async function enter(open: Promise<ProjectInfo>, route?: Route, params?: RouteParams): Promise<boolean> {
  try {
    const info = await open;
    session.setProject(info);
    frame.savedAt = null;
    go(route ?? firstRoute(info), params);
    return true;
  } catch (error) {
    frame.notify(errorText(error));
    frame.assertive = errorText(error);
    return false;
  }
}

export function openProject(path: string): Promise<boolean> {
  return enter(engine.projects.open({ path }));
}

function firstRoute(info: ProjectInfo): Route {
  if (info.counts.passages === 0) return 'import';
  return info.counts.candidates > 0 ? 'review' : 'passages';
}
