import { engine } from './client.ts';
import type { Command } from './commands.svelte.ts';
import { frame } from './frame.svelte.ts';
import { t } from './i18n.ts';

/** Giving a package's work back from a screen: `handIn` for its buttons, and the key. */
export function givingBack(
  sealed: () => boolean,
  fail: (error: unknown, again: () => void) => void,
): { handIn: () => void; commands: Command[] } {
  const handIn = (): void => void giveBack().catch((error: unknown) => fail(error, handIn));
  return {
    handIn,
    commands: [
      {
        id: 'package.return',
        titleKey: 'check.giveBack',
        group: 'filter',
        keys: ['Ctrl+S'],
        when: sealed,
        run: handIn,
      },
    ],
  };
}

/** Asks for a folder and writes the work on a package there, for the lead. */
async function giveBack(): Promise<void> {
  const [folder] = (await window.asklabDesktop?.openFileDialog({ kind: 'folder' })) ?? [];
  if (folder === undefined) return;
  const { path, decided } = await engine.checking.writeReturn({ folder });
  frame.notify(t('check.written', { count: decided, file: path.split(/[\\/]/).at(-1) ?? path }), {
    label: t('check.showFile'),
    run: () => void window.asklabDesktop?.revealPath(path),
  });
}
