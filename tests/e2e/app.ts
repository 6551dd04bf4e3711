import { _electron, type ElectronApplication, type Page } from '@playwright/test';

export interface RunningApp {
  app: ElectronApplication;
  page: Page;
}

/** Starts the built app on its own folder of user data and waits for the page. */
export async function startApp(userData: string, ...appArguments: string[]): Promise<RunningApp> {
  const switches = process.getuid?.() === 0 ? ['--no-sandbox'] : []; // Chromium's sandbox does not start as root
  const app = await _electron.launch({
    executablePath: process.env['ASKLAB_ELECTRON'] ?? '',
    args: [...switches, '.', ...appArguments],
    env: { ...(process.env as Record<string, string>), ASKLAB_USER_DATA: userData },
  });
  const page = await app.firstWindow();
  await page.waitForSelector('#app > *');
  return { app, page };
}
