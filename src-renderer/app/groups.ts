import type { Command } from './commands.svelte.ts';
import { t } from './i18n.ts';
import { router } from './router.svelte.ts';

/** What a group of commands is about: on screens without candidates, the screen itself. */
export function groupTitle(group: Command['group']): string {
  const candidates = router.route === 'review' || router.route === 'check';
  return group === 'item' && !candidates ? t(`nav.${router.route}`) : t(`palette.group.${group}`);
}
