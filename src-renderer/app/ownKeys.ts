import { refusal, type KeyMap } from './keyMap.ts';
import { preferences } from './preferences.svelte.ts';
import { session } from './session.svelte.ts';

const currentMap = (): KeyMap => preferences.keys[session.person?.name ?? ''] ?? {};

/** The key of the person who decides now for one that the app names; combinations and digits are their own. */
export function ownKey(key: string): string {
  return currentMap()[key] ?? key;
}

/** Changes a key of the person who decides now, or says why not. */
export function changeKey(key: string, wanted: string): ReturnType<typeof refusal> {
  const map = currentMap();
  const refused = refusal(map, key, wanted);
  if (refused !== null) return refused;
  const { [key]: _old, ...rest } = map;
  store(wanted === key ? rest : { ...rest, [key]: wanted });
  return null;
}

export function resetKeys(): void {
  store({});
}

export function keysChanged(): boolean {
  return Object.keys(currentMap()).length > 0;
}

/** By name, not by id: one person has the same hands in every project. */
function store(map: KeyMap): void {
  const { [session.person?.name ?? '']: _old, ...others } = preferences.keys;
  preferences.set({ keys: Object.keys(map).length === 0 ? others : { ...others, [session.person?.name ?? '']: map } });
}
