import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { _electron, type ElectronApplication, type Page } from '@playwright/test';

export interface RunningApp {
  app: ElectronApplication;
  page: Page;
}

/** Chromium's sandbox does not start as root. */
export const sandboxSwitches = process.getuid?.() === 0 ? ['--no-sandbox'] : [];

/** Starts the built app on its own folder of user data and waits for the page. */
export async function startApp(userData: string, ...appArguments: string[]): Promise<RunningApp> {
  const app = await _electron.launch({
    executablePath: process.env['ASKLAB_ELECTRON'] ?? '',
    args: [...sandboxSwitches, '.', ...appArguments],
    env: { ...(process.env as Record<string, string>), ASKLAB_USER_DATA: userData },
    timeout: 120_000,
  });
  const page = await app.firstWindow();
  page.setDefaultTimeout(120_000); // a busy machine starts slowly
  await page.waitForSelector('#app > *');
  return { app, page };
}

/** A process and all below it. */
export function processTree(pid: number): number[] {
  const parents = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = [pid];
  for (const parent of tree) tree.push(...parents.flatMap(([child = 0, above]) => (above === parent ? child : [])));
  return tree;
}

/** Holds the engine's processes still until the function given is called; nothing where they can't be told apart. */
export function pauseEngine({ app }: RunningApp): () => void {
  if (process.platform !== 'linux') return () => undefined;
  const engines = processTree(app.process().pid ?? 0).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('NodeService'),
  );
  for (const pid of engines) process.kill(pid, 'SIGSTOP');
  return () => engines.forEach((pid) => process.kill(pid, 'SIGCONT'));
}

/** Ends every process of the app as a power cut would. */
export async function killApp({ app }: RunningApp): Promise<void> {
  const pids = processTree(app.process().pid ?? 0);
  const alive = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  for (const pid of pids.filter(alive)) process.kill(pid, 'SIGKILL');
  for (let turn = 0; turn < 200 && pids.slice(1).some(alive); turn += 1) await wait(25);
}

export type AskEngine = (service: string, method: string, input: unknown) => Promise<unknown>;

interface TestWindow {
  engineReady: Promise<void>;
  askEngine: AskEngine;
}

/** A second port from the page to the running engine, by the way the page got its own. */
export async function engineOf({ app, page }: RunningApp): Promise<AskEngine> {
  await page.evaluate(() => {
    const target = window as unknown as TestWindow;
    target.engineReady = new Promise((resolve) => {
      window.addEventListener('message', function take(event) {
        const port = event.ports[0];
        if (event.data !== 'asklab-port' || port === undefined) return;
        window.removeEventListener('message', take);
        const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
        port.onmessage = ({ data }: MessageEvent<{ type: string; id: number; value: unknown; error: Error }>) => {
          if (data.type === 'ok') pending.get(data.id)?.resolve(data.value);
          if (data.type === 'error') pending.get(data.id)?.reject(new Error(data.error.message));
        };
        let last = 0;
        target.askEngine = (service, method, input) =>
          new Promise((answered, reject) => {
            pending.set(++last, { resolve: answered, reject });
            port.postMessage({ type: 'call', id: last, service, method, input });
          });
        resolve();
      });
    });
  });
  await app.evaluate(({ BrowserWindow, ipcMain }) => {
    const sender = BrowserWindow.getAllWindows()[0]?.webContents;
    ipcMain.emit('page-ready', { sender, senderFrame: sender?.mainFrame });
  });
  await page.evaluate(() => (window as unknown as TestWindow).engineReady);
  return (service, method, input) =>
    page.evaluate(
      ([name, call, value]) => (window as unknown as TestWindow).askEngine(name as string, call as string, value),
      [service, method, input] as const,
    );
}

/** A letter held and pressed again, all before the page has drawn. */
export function pressTwice(page: Page, letter: string): Promise<void> {
  return page.evaluate((key) => {
    const press = (repeat: boolean): unknown =>
      document.activeElement?.dispatchEvent(
        new KeyboardEvent('keydown', { key, code: `Key${key.toUpperCase()}`, bubbles: true, cancelable: true, repeat }),
      );
    [false, true, false].forEach(press);
  }, letter);
}

/** Answers the next file dialogs with these paths: a test cannot press the buttons of the system's own. */
export function answerDialogs({ app }: RunningApp, paths: readonly string[]): Promise<void> {
  return app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [...filePaths] });
    dialog.showSaveDialog = () => Promise.resolve({ canceled: false, filePath: filePaths[0] ?? '' });
  }, paths);
}
