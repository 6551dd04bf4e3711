import { untrack } from 'svelte';
import type { Key } from './i18n.ts';
import { isCharacterKey, matches, type KeyPress } from './keys.ts';
import { ownKey } from './ownKeys.ts';

/** One thing a person can do; shortcuts, palette, hints and the list of keys are all made from these. */
export interface Command {
  id: string;
  titleKey: Key;
  group: 'item' | 'filter' | 'go' | 'app';
  keys?: string[]; // 'A', 'Ctrl+Shift+Z', 'ArrowUp'; the first is shown
  hintKey?: Key; // shown at the foot while `when` holds
  hintKeys?: string; // key caps of the hint when one hint stands for two commands: 'ArrowUp ArrowDown'
  hintValues?: () => Record<string, string>;
  when?: () => boolean;
  /** Acts although a field has the focus (an edit's own keys). */
  inFields?: boolean;
  hidden?: boolean; // not in the palette
  count?: () => number | null; // of what it acts on, shown in the palette
  run: () => void;
}

/** A command with the parts every one has; `rest` holds what it has besides. */
export function command(
  id: string,
  keys: string[],
  titleKey: Key,
  run: () => void,
  rest: Partial<Omit<Command, 'id' | 'keys' | 'titleKey' | 'run'>> = {},
): Command {
  return { id, keys, titleKey, run, group: 'item', ...rest };
}

let registered = $state.raw<Command[]>([]);

/** Adds commands until the returned function is called; the newest win a key. */
export function register(commands: Command[]): () => void {
  // An effect that registers must not depend on the list it changes.
  registered = untrack(() => [...commands, ...registered]);
  return () => {
    registered = registered.filter((command) => !commands.includes(command));
  };
}

export function allCommands(): Command[] {
  return registered;
}

export function available(command: Command): boolean {
  return command.when?.() ?? true;
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['radio', 'checkbox', 'button'].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Finds the command of a press. Letters act only while nothing is typed; a button keeps Enter and Space. */
export function commandFor(press: KeyPress, place: { typing: boolean; onControl: boolean }): Command | null {
  for (const command of registered) {
    const keys = command.keys?.find((one) => matches(press, ownKey(one)));
    if (keys === undefined || !available(command)) continue;
    const bare = isCharacterKey(keys) || !keys.includes('+');
    const functionKey = /^F\d/.test(keys);
    if (bare && !functionKey && place.typing && command.inFields !== true) continue;
    if (place.onControl && (keys === 'Enter' || keys === 'Space')) continue;
    return command;
  }
  return null;
}

/** The one key listener of the window. */
export function onWindowKey(event: KeyboardEvent): void {
  if (event.isComposing || event.keyCode === 229 || event.defaultPrevented) return;
  if (document.querySelector('dialog[open]') !== null) return;
  const target = event.target;
  const inPanel = target instanceof Element && target.closest('[role="dialog"]') !== null;
  const onControl = target instanceof Element && target.closest('button, a, summary') !== null;
  const command = commandFor(event, { typing: isTyping(target) || inPanel, onControl });
  if (command === null) return;
  event.preventDefault();
  // A key that is held moves on and on; it decides, opens or takes back once.
  if (event.repeat && !event.key.startsWith('Arrow')) return;
  command.run();
}
