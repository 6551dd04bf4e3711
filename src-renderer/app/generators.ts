import type { Generator } from '../../src-main/shared/contract/generation.ts';
import type { Language } from '../../src-main/shared/contract/types.ts';
import { t, type Key } from './i18n.ts';
import { preferences } from './preferences.svelte.ts';

/** The rules are stored under an English name and shown under the interface's; a model's name is its own. */
export function generatorName(stored: string): string {
  return stored === 'Rules' ? t('generate.rules') : stored;
}

const devices = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'];

/** A device as a person reads it. */
export function deviceName(stored: string): string {
  const name = stored.toLowerCase();
  return devices.includes(name) ? t(`generate.device.${name}` as Key) : stored;
}

/** What a run begins with: the generator that a person chose, if it knows the language; else the first model ready for it; else the rules. */
export function generatorFor(list: readonly Generator[], language?: Language): Generator | null {
  const usable = list.filter((one) => one.problem === null);
  const ready = (one: Generator): boolean =>
    one.languages.some((entry) => entry.ready && (language === undefined || entry.language === language));
  const chosen = usable.find((one) => one.id === preferences.generator);
  if (chosen?.languages.some((entry) => language === undefined || entry.language === language)) return chosen;
  return usable.find((one) => one.kind === 'model' && ready(one)) ?? usable.find((one) => one.kind === 'rules') ?? null;
}
