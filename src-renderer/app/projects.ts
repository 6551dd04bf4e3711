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
    go(route ?? (await firstRoute(info)), params);
    return true;
  } catch (error) {
    frame.notify(errorText(error));
    frame.assertive = errorText(error);
    return false;
  }
}

/** A project, or a package that was sent: a working project is made of it. */
export function openProject(path: string): Promise<boolean> {
  const sent = path.endsWith('.asklab-package');
  return enter(sent ? engine.checking.openPackage({ path }) : engine.projects.open({ path }));
}

async function firstRoute(info: ProjectInfo): Promise<Route> {
  const { sealed } = await engine.checking.queues({});
  if (sealed?.kind === 'score') return 'score';
  if (info.counts.passages === 0) return 'import';
  return info.counts.candidates > 0 ? 'review' : 'passages';
}
