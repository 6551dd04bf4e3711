import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { expect } from '@playwright/test';
import { test } from './app.ts';

test('the page is our own, served over app://', async ({ running: { page } }) => {
  expect(page.url()).toMatch(/^app:\/\/asklab\//);
  await expect(page.locator('body')).not.toBeEmpty();
});

test('the page has no Node and only the desktop functions', async ({ running: { page } }) => {
  const found = await page.evaluate(() => ({
    node: ['require', 'process', 'Buffer', 'module', 'global'].filter((name) => name in globalThis),
    desktop: Object.keys((globalThis as unknown as { asklabDesktop: object }).asklabDesktop).sort(),
  }));
  expect(found.node).toEqual([]);
  expect(found.desktop).toEqual([
    'onOpenedWith',
    'openFileDialog',
    'pathForFile',
    'revealPath',
    'saveFileDialog',
    'setTheme',
    'windowCommand',
  ]);
});

test('sandbox and context isolation are on', async ({ running: { app } }) => {
  const preferences = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents;
    return (contents as unknown as { getLastWebPreferences(): Electron.WebPreferences } | undefined)?.getLastWebPreferences();
  });
  expect(preferences).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false });
});

test('the content security policy allows nothing unsafe, and stops eval and inline scripts', async ({ running: { page } }) => {
  const policy = await page.evaluate(async () => (await fetch(location.href)).headers.get('content-security-policy'));
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toContain('unsafe-');
  const ran = await page.evaluate(() => {
    const script = document.createElement('script');
    script.textContent = 'globalThis.inlineRan = true';
    document.head.append(script);
    return 'inlineRan' in globalThis;
  });
  expect(ran).toBe(false);
});

test('paths outside the page are not served', async ({ running: { page } }) => {
  const statuses = await page.evaluate(async () => {
    const paths = ['/../main/main.cjs', '/%2e%2e/main/main.cjs', '/..%2fmain%2fmain.cjs', '/missing.js'];
    return Promise.all(paths.map(async (path) => (await fetch(path)).status));
  });
  expect(statuses).toEqual([404, 404, 404, 404]);
});

test('other windows and other pages are refused', async ({ running: { app, page } }) => {
  const before = page.url();
  expect(await page.evaluate(() => window.open('https://example.org') === null)).toBe(true);
  await page.evaluate(() => location.assign('https://example.org'));
  await page.waitForTimeout(300);
  expect(page.url()).toBe(before);
  expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
});

test('permissions are denied', async ({ running: { page } }) => {
  const states = await page.evaluate(async () => {
    const names = ['geolocation', 'notifications', 'camera', 'microphone'];
    return Promise.all(names.map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state));
  });
  expect(states).toEqual(['denied', 'denied', 'denied', 'denied']);
});

test('the network is refused to the page and to its session', async ({ running: { app, page } }) => {
  const addresses = ['http://127.0.0.1:9/', 'https://example.org/', 'ws://127.0.0.1:9/', 'file:///etc/hostname'];
  for (const address of addresses) {
    const answered = await page.evaluate((url) => fetch(url).then(() => true, () => false), address);
    expect(answered, address).toBe(false);
  }
  const reason = await app.evaluate(({ session }) =>
    session.defaultSession.fetch('http://127.0.0.1:9/').then(() => 'answered', (error: Error) => error.message),
  );
  expect(reason).toContain('ERR_BLOCKED_BY_CLIENT');
});

test('an unknown sender and a malformed input are refused', async ({ running: { page } }) => {
  const message = await page.evaluate(() => {
    const { asklabDesktop } = globalThis as unknown as { asklabDesktop: { setTheme(theme: unknown): Promise<unknown> } };
    return asklabDesktop.setTheme('purple').then(() => 'accepted', (error: Error) => error.message);
  });
  expect(message).toContain('Invalid');
});

test('no process of the app listens on a socket', async ({ running: { app } }) => {
  test.skip(process.platform !== 'linux', 'reads /proc');
  const main = await app.evaluate(() => process.pid);
  const sockets = processTree(main).flatMap((pid) => socketInodes(pid));
  const listening = [...listeningInodes('/proc/net/tcp'), ...listeningInodes('/proc/net/tcp6')];
  const debugging = 1; // Playwright's own --inspect port, in the main process
  expect(sockets.filter((inode) => listening.includes(inode)).length).toBeLessThanOrEqual(debugging + 1);
});

function processTree(pid: number): number[] {
  let children: number[] = [];
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  } catch {
    // The process has ended.
  }
  return [pid, ...children.flatMap(processTree)];
}

function socketInodes(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

function listeningInodes(table: string): string[] {
  const rows = readFileSync(table, 'utf8').trim().split('\n').slice(1);
  return rows.map((row) => row.trim().split(/\s+/)).flatMap((cells) => (cells[3] === '0A' && cells[9] ? [cells[9]] : []));
}
