import { locales, setLocale, type Locale } from './i18n.svelte.ts';

export type Theme = 'system' | 'light' | 'dark';
interface Stored {
  theme: Theme;
  locale: Locale | null;
  textSize: number;
  letters: boolean;
  sidebar: boolean;
}

const place = 'asklab.preferences';
const fallback: Stored = { theme: 'system', locale: null, textSize: 17, letters: true, sidebar: true };

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
  sidebar = $state(true);

  load(): void {
    const stored = read();
    this.theme = stored.theme;
    this.locale = stored.locale ?? systemLocale();
    this.textSize = stored.textSize;
    this.letters = stored.letters;
    this.sidebar = stored.sidebar;
    this.apply();
  }
  set(change: Partial<Pick<Preferences, 'theme' | 'locale' | 'textSize' | 'letters' | 'sidebar'>>): void {
    Object.assign(this, change);
    this.textSize = Math.min(22, Math.max(15, this.textSize));
    const { theme, locale, textSize, letters, sidebar } = this;
    localStorage.setItem(place, JSON.stringify({ theme, locale, textSize, letters, sidebar }));
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
