import { locales, setLocale } from './i18n.svelte.ts';
import type { Locale } from './messages.ts';

export type Theme = 'system' | 'light' | 'dark';
interface Stored {
  theme: Theme;
  locale: Locale | null;
  textSize: number;
  letters: boolean;
  keys: Record<string, Readonly<Record<string, string>>>; // of each person, by name: the app's key and their own
  sidebar: boolean;
  passageWidth: number;
  generator: string | null; // in use: what a run begins with
}

const place = 'asklab.preferences';
const fallback: Stored = {
  theme: 'system',
  locale: null,
  textSize: 17,
  letters: true,
  keys: {},
  sidebar: true,
  passageWidth: 456,
  generator: null,
};

function read(): Stored {
  try {
    return { ...fallback, ...(JSON.parse(localStorage.getItem(place) ?? '{}') as Partial<Stored>) };
  } catch {
    return fallback;
  }
}

function systemLocale(): Locale {
  const wanted = navigator.language.slice(0, 2);
  return locales.find((one) => one.value === wanted)?.value ?? 'en';
}

/** How this computer shows Asklab; kept beside the app, never in a project. */
class Preferences {
  theme = $state<Theme>('system');
  locale = $state<Locale>('en');
  textSize = $state(17);
  letters = $state(true);
  keys = $state.raw<Stored['keys']>({});
  sidebar = $state(true);
  passageWidth = $state(456);
  generator = $state<string | null>(null);

  load(): void {
    const stored = read();
    Object.assign(this, stored, { locale: stored.locale ?? systemLocale() });
    this.apply();
  }
  set(change: Partial<Stored>): void {
    Object.assign(this, change);
    this.textSize = Math.min(22, Math.max(15, this.textSize));
    const { theme, locale, textSize, letters, keys, sidebar, passageWidth, generator } = this;
    const stored: Stored = { theme, locale, textSize, letters, keys, sidebar, passageWidth, generator };
    localStorage.setItem(place, JSON.stringify(stored));
    this.apply();
  }
  private apply(): void {
    const root = document.documentElement;
    if (this.theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = this.theme;
    root.style.setProperty('--text-reading', `${this.textSize}px`);
    setLocale(this.locale);
    void window.asklabDesktop?.setTheme(this.theme);
  }
}

export const preferences = new Preferences();
