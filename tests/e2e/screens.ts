/** How tests of the window reach every screen and dialog, by keyboard alone. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';

export interface Look {
  theme: 'light' | 'dark';
  locale: 'en' | 'zh' | 'ko' | 'fr' | 'hi';
}

/** Sets how the page looks and loads it again; the open project stays open. */
export async function setLook(page: Page, look: Look): Promise<void> {
  await page.evaluate((wanted) => {
    const stored: unknown = JSON.parse(localStorage.getItem('asklab.preferences') ?? '{}');
    localStorage.setItem('asklab.preferences', JSON.stringify({ ...(stored as object), ...wanted }));
  }, look);
  await page.reload();
  await page.waitForSelector('#app > *');
}

/** What axe finds against WCAG 2.2 A and AA, one line a finding. */
export async function findings(page: Page, place: string): Promise<string[]> {
  // Animations change contrast for a moment: they are waited for.
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => null))),
  );
  const builder = new AxeBuilder({ page }).setLegacyMode(true);
  const { violations } = await builder
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      (node) =>
        `${place}: ${id}: ${node.target.join(' ')}: ${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''}`,
    ),
  );
}

/** The same in dark and in light, of a page that follows the system. */
export async function findingsInBoth(page: Page, place: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await findings(page, `${place} (${colorScheme})`)));
  }
  return found;
}

/** A place to look at: how to get there from the one before, and how to leave it. */
export interface Place {
  name: string;
  enter: (page: Page) => Promise<void>;
  leave?: (page: Page) => Promise<void>;
}

const press =
  (...keys: string[]) =>
  async (page: Page): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
const dialog = (page: Page): Promise<unknown> => page.waitForSelector('dialog[open], [role="dialog"]');
const screen =
  (key: string, selector: string) =>
  async (page: Page): Promise<void> => {
    await page.keyboard.press(key);
    await page.waitForSelector(selector);
  };

/** Shown before a project is open. */
export const beforeProject: Place[] = [
  { name: 'home, first start', enter: async (page) => void (await page.getByText('Asklab').first().waitFor()) },
  {
    name: 'new project',
    enter: async (page) => {
      await page.keyboard.press('Control+n');
      await page.waitForSelector('form input');
    },
    leave: press('Escape'),
  },
];

/** Shown with the sample open and its first passage in Review. */
export const inProject: Place[] = [
  {
    name: 'review',
    enter: async (page) => {
      await page.keyboard.press('Control+3');
      await page.waitForSelector('li[data-id][aria-current]');
    },
  },
  { name: 'review, reasons', enter: press('x'), leave: press('Escape') },
  {
    name: 'review, edit',
    enter: async (page) => {
      await page.keyboard.press('e');
      await page.keyboard.type(' x');
    },
    leave: press('Control+Backspace', 'Escape'),
  },
  { name: 'review, tags', enter: press('t'), leave: press('Escape') },
  { name: 'review, answer', enter: press('m', 'Shift+ArrowRight'), leave: press('Escape') },
  { name: 'review, own question', enter: press('n'), leave: press('Escape') },
  { name: 'review, flag', enter: press('f'), leave: press('Escape') },
  { name: 'review, find', enter: press('/'), leave: press('Escape') },
  {
    name: 'review, filter',
    enter: async (page) => {
      await page.keyboard.press('Control+f');
      await dialog(page);
    },
    leave: press('Escape'),
  },
  {
    name: 'review, saved filters',
    enter: press('Control+Shift+f'),
    leave: press('Escape'),
  },
  { name: 'review, bulk', enter: press('Control+Shift+x'), leave: press('Escape') },
  {
    name: 'palette',
    enter: async (page) => {
      await page.keyboard.press('Control+k');
      await dialog(page);
      await page.keyboard.type('e');
    },
    leave: press('Escape'),
  },
  {
    name: 'keys',
    enter: async (page) => {
      await page.keyboard.press('?');
      await dialog(page);
    },
    leave: press('Escape'),
  },
  {
    name: 'settings',
    enter: async (page) => {
      await page.keyboard.press('Control+,');
      await dialog(page);
    },
    leave: press('Escape'),
  },
  { name: 'passages', enter: screen('Control+1', '[role="grid"]') },
  {
    name: 'diverse set',
    enter: async (page) => {
      await page.keyboard.press('d');
      await dialog(page);
    },
    leave: press('Escape'),
  },
  { name: 'passages, selected', enter: press('Space', 'Shift+ArrowDown') },
  { name: 'generate', enter: screen('Control+2', '.gen') },
  { name: 'insights', enter: screen('Control+4', '.in dl') },
  { name: 'export', enter: screen('Control+5', '.ex') },
  { name: 'models', enter: screen('Control+6', '.md') },
  {
    name: 'evaluate',
    enter: async (page) => {
      await page.keyboard.press('Control+7');
      await page.waitForTimeout(300);
    },
  },
  {
    name: 'human scoring',
    enter: async (page) => {
      await page.locator('.pad button').first().click();
      await page.waitForTimeout(300);
    },
  },
  { name: 'new campaign', enter: screen('Control+n', 'form.new') },
  {
    name: 'rounds',
    enter: async (page) => {
      await page.keyboard.press('Control+8');
      await page.waitForSelector('.rounds');
    },
  },
  { name: 'new round', enter: screen('n', '.rounds form'), leave: press('Escape') },
  {
    name: 'import, empty',
    enter: async (page) => {
      await page.keyboard.press('Control+1');
      await page.waitForSelector('[role="grid"]');
      await page.keyboard.press('i');
      await page.waitForSelector('.im');
    },
  },
];
