import { locales } from './i18n.ts';
import { message } from './messages.ts';

/**
 * Lays a sentence of each language out where nobody sees it, while there is nothing else to do. The first text of a
 * script otherwise waits for its fonts to be found and read, 0.2 to 0.4 s between a key and the next passage.
 */
export function loadFonts(): void {
  for (const { value } of locales) requestIdleCallback(() => layOut(value, message(value, 'settings.ownKeysText')));
}

function layOut(language: string, text: string): void {
  const sample = document.createElement('div');
  sample.lang = language;
  sample.style.cssText = 'position: absolute; visibility: hidden; width: 400px';
  for (const family of ['reading', 'ui']) {
    for (const weight of ['regular', 'medium', 'strong']) {
      const line = document.createElement('p');
      line.style.cssText = `font-family: var(--font-${family}); font-weight: var(--weight-${weight})`;
      line.textContent = text;
      sample.append(line);
    }
  }
  document.body.append(sample);
  sample.getBoundingClientRect();
  sample.remove();
}
