import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, _electron, type ElectronApplication, type Page } from '@playwright/test';

export interface RunningApp {
  app: ElectronApplication;
  page: Page;
}

/** Starts the built app on its own folder of user data. */
export async function startApp(userData: string): Promise<RunningApp> {
  const executablePath = process.env['ASKLAB_ELECTRON'];
  if (!executablePath) throw new Error('Run these tests with `npm run test:e2e`.');
  const switches = process.getuid?.() === 0 ? ['--no-sandbox'] : []; // Chromium's sandbox does not start as root
  const app = await _electron.launch({
    executablePath,
    args: [...switches, '.'],
    env: { ...definedEnvironment(), ASKLAB_USER_DATA: userData },
  });
  return { app, page: await app.firstWindow() };
}

/** A new folder of user data and the app started on it. */
export const test = base.extend<{ userData: string; running: RunningApp }>({
  userData: async ({}, use) => {
    const folder = mkdtempSync(join(tmpdir(), 'asklab-e2e-'));
    await use(folder);
    rmSync(folder, { recursive: true, force: true });
  },
  running: async ({ userData }, use) => {
    const running = await startApp(userData);
    await use(running);
    await running.app.close();
  },
});

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
