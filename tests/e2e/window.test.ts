/** The real app in a real window: the security checklist, and the way from the page to the engine. */
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp } from './app.ts';

let folder: string;
let app: ElectronApplication;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-window-'));
  ({ app, page } = await startApp(folder));
}, 120_000);

afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the page has no Node and no more of the desktop than it was given', async () => {
  const found = await page.evaluate(() => ({
    require: typeof (globalThis as { require?: unknown }).require,
    process: typeof (globalThis as { process?: unknown }).process,
    desktop: Object.keys((globalThis as { asklabDesktop?: object }).asklabDesktop ?? {}).sort(),
  }));
  expect(found).toEqual({
    require: 'undefined',
    process: 'undefined',
    desktop: [
      'onOpenedWith',
      'openFileDialog',
      'pathForFile',
      'revealPath',
      'saveFileDialog',
      'setTheme',
      'windowCommand',
    ],
  });
});

test('the page is served by app:// under a policy without unsafe sources', async () => {
  expect(page.url()).toBe('app://asklab/index.html');
  const policy = await page.evaluate(async () =>
    (await fetch('app://asklab/index.html')).headers.get('content-security-policy'),
  );
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe');
});

test('files outside the page, other hosts and other schemes are refused', async () => {
  const status = await page.evaluate(async () => (await fetch('app://asklab/..%2f..%2fpackage.json')).status);
  expect(status).toBe(404);
  for (const url of ['http://127.0.0.1:9/', 'https://example.org/', 'file:///etc/hostname']) {
    expect(
      await page.evaluate(
        (target) =>
          fetch(target).then(
            () => 'loaded',
            () => 'refused',
          ),
        url,
      ),
      url,
    ).toBe('refused');
  }
});

test('new windows, navigation and permissions are refused', async () => {
  expect(await page.evaluate(() => window.open('https://example.org/') === null)).toBe(true);
  await page.evaluate(() => {
    location.href = 'https://example.org/';
  });
  await page.waitForTimeout(300);
  expect(page.url()).toBe('app://asklab/index.html');
  expect(await page.evaluate(() => Notification.requestPermission())).toBe('denied');
});

test('the session refuses every network request', async () => {
  const refused = await app.evaluate(async ({ session }) =>
    session.defaultSession.fetch('http://127.0.0.1:9/').then(
      () => 'loaded',
      (error: Error) => error.message,
    ),
  );
  expect(refused).toContain('ERR_BLOCKED_BY_CLIENT');
});

test('sandbox and context isolation are on, Node integration is off', async () => {
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents: unknown = BrowserWindow.getAllWindows()[0]?.webContents;
    return (contents as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
  });
  expect(preferences).toMatchObject({
    sandbox: process.getuid?.() !== 0, // as root the tests must switch Chromium's sandbox off
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
  });
  expect(preferences['enableBlinkFeatures'] ?? '').toBe('');
  const webview = await page.evaluate(() => 'getWebContentsId' in document.createElement('webview'));
  expect(webview).toBe(false);
});

test('another page with our preload script is not listened to: no call is answered, no port is given', async () => {
  const answers = await app.evaluate(async ({ BrowserWindow }, preload) => {
    const stranger = new BrowserWindow({ show: false, webPreferences: { preload, sandbox: false } });
    await stranger.loadURL('about:blank');
    const call = await (stranger.webContents.executeJavaScript(
      "asklabDesktop.setTheme('dark').then(() => 'accepted', (error) => error.message)",
    ) as Promise<string>);
    const port = await (stranger.webContents.executeJavaScript(
      "new Promise((done) => { addEventListener('message', () => done('given')); setTimeout(() => done('none'), 500); })",
    ) as Promise<string>);
    stranger.destroy();
    return { call, port };
  }, resolve('out/preload/preload.cjs'));
  expect(answers.call).toContain('This sender is not trusted.');
  expect(answers.port).toBe('none');
});

test('no link is handed to the system, and Electron is the pinned one', async () => {
  const sources = globSync('src-main/{main,preload}/*.ts').map((file) => readFileSync(file, 'utf8'));
  expect(sources.filter((source) => source.includes('openExternal'))).toEqual([]);
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    devDependencies: { electron: string };
  };
  const running = await app.evaluate(() => process.versions.electron);
  // The repackage that tests fall back to has a version of its own (scripts/electron.mjs).
  if (process.env['ASKLAB_ELECTRON'] === undefined) expect(devDependencies.electron).toContain(running);
  expect(Number(running?.split('.')[0])).toBeGreaterThanOrEqual(30);
});

test('the policy stops inline scripts', async () => {
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.inlineRan = true';
    document.head.append(script);
    return 'inlineRan' in globalThis;
  });
  expect(ran).toBe(false);
});

test('a malformed desktop call is refused', async () => {
  const answer = await page.evaluate(() => {
    const { asklabDesktop } = globalThis as unknown as { asklabDesktop: { setTheme(theme: string): Promise<unknown> } };
    return asklabDesktop.setTheme('purple').then(
      () => 'accepted',
      (error: Error) => error.message,
    );
  });
  expect(answer).toContain('Invalid option');
});

test('no process of the app listens on a port, but for the test driver', () => {
  const tree = (pid: number): number[] => {
    const children = execFileSync('sh', ['-c', `ps -o pid= --ppid ${pid} || true`], { encoding: 'utf8' })
      .trim()
      .split(/\s+/)
      .filter(Boolean)
      .map(Number);
    return [pid, ...children.flatMap(tree)];
  };
  const own = tree(app.process().pid ?? 0);
  const listening = execFileSync('sh', ['-c', 'ss -Hltnp 2>/dev/null || true'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => own.some((pid) => line.includes(`pid=${pid},`)));
  // Playwright drives the app through --inspect and --remote-debugging-port: two sockets on loopback, nothing else.
  expect(listening.filter((line) => !line.includes('127.0.0.1:'))).toEqual([]);
  expect(listening.length).toBeLessThanOrEqual(2);
});
