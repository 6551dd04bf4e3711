/** Key names as commands write them: 'A', 'Ctrl+Shift+Z', 'ArrowUp', '?'. */
export interface KeyPress {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

export const isMac = typeof navigator !== 'undefined' && /Mac/.test(navigator.userAgent);

const shown: Record<string, string> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Escape: 'Esc',
  Backspace: '⌫',
  ' ': 'Space',
};

/** What a key cap shows, one label per key. */
export function keyLabels(keys: string): string[] {
  return (keys === ' ' ? [keys] : keys.split(/ |\+(?!$)/)).map((key) =>
    key === 'Ctrl' && isMac ? '⌘' : (shown[key] ?? key),
  );
}

/** The character of a press; where the layout is not Latin, the character of its physical key. */
export function pressedKey(press: KeyPress): string {
  if (press.key.length !== 1) return press.key;
  if (press.key.charCodeAt(0) < 128) return press.key.toUpperCase();
  const physical = /^(?:Key|Digit)(.)$/.exec(press.code);
  return physical?.[1] ?? press.key.toUpperCase();
}

const commandKey = (press: KeyPress): boolean => (isMac ? press.metaKey : press.ctrlKey);
/** Marks such as ? need Shift on some layouts only; letters, digits and named keys state it. */
const statesShift = (key: string): boolean => key.length > 1 || /[A-Z0-9]/.test(key);

/** A press as commands write it. */
export function pressedKeys(press: KeyPress): string {
  const key = pressedKey(press);
  const shift = press.shiftKey && statesShift(key);
  return `${commandKey(press) ? 'Ctrl+' : ''}${press.altKey ? 'Alt+' : ''}${shift ? 'Shift+' : ''}${key}`;
}

/** Whether a press is the key `keys` names. */
export function matches(press: KeyPress, keys: string): boolean {
  const parts = keys.split(/\+(?!$)/);
  const key = parts.at(-1) ?? '';
  if (commandKey(press) !== parts.includes('Ctrl') || press.altKey !== parts.includes('Alt')) return false;
  if (statesShift(key) && press.shiftKey !== parts.includes('Shift')) return false;
  return pressedKey(press) === (key.length === 1 ? key.toUpperCase() : key);
}

/** A bare letter, digit or mark: acts only while nothing is being typed. */
export function isCharacterKey(keys: string): boolean {
  return keys.length === 1;
}
