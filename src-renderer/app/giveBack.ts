import { engine } from './client.ts';
import { frame } from './frame.svelte.ts';
import { t } from './i18n.ts';

/** Asks for a folder and writes the work on a package there, for the lead. */
export async function giveBack(): Promise<void> {
  const [folder] = (await window.asklabDesktop?.openFileDialog({ kind: 'folder' })) ?? [];
  if (folder === undefined) return;
  const { path, decided } = await engine.checking.writeReturn({ folder });
  frame.notify(t('check.written', { count: decided, file: path.split(/[\\/]/).at(-1) ?? path }), {
    label: t('check.showFile'),
    run: () => void window.asklabDesktop?.revealPath(path),
  });
}
