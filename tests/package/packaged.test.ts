/** The packaged app as a person gets it: its fuses, and the first minute in its window. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { chromium, type Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { processTree, sandboxSwitches } from '../e2e/app.ts';

const folder = process.env['ASKLAB_PACKAGED'] ?? '';
const executable = join(folder, process.platform === 'win32' ? 'Asklab.exe' : 'asklab');
const resources = join(folder, 'resources');
let userData: string;

beforeAll(() => {
  userData = mkdtempSync(join(tmpdir(), 'asklab-packaged-'));
});
afterAll(() => rmSync(userData, { recursive: true, force: true }));

test('the fuses are set: no Node mode, no inspector, no options from outside, only the packed app', async () => {
  const fuses = await getCurrentFuseWire(executable);
  expect(fuses[FuseV1Options.RunAsNode]).toBe(FuseState.DISABLE);
  expect(fuses[FuseV1Options.EnableNodeOptionsEnvironmentVariable]).toBe(FuseState.DISABLE);
  expect(fuses[FuseV1Options.EnableNodeCliInspectArguments]).toBe(FuseState.DISABLE);
  expect(fuses[FuseV1Options.EnableCookieEncryption]).toBe(FuseState.ENABLE);
  expect(fuses[FuseV1Options.OnlyLoadAppFromAsar]).toBe(FuseState.ENABLE);
  expect(fuses[FuseV1Options.GrantFileProtocolExtraPrivileges]).toBe(FuseState.DISABLE);
  const asNode = spawnSync(executable, [...sandboxSwitches, '-e', "console.log('Node ran')"], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', ASKLAB_USER_DATA: join(userData, 'as-node') },
    encoding: 'utf8',
    timeout: 8000,
  });
  expect(asNode.stdout).not.toContain('Node ran');
});

test("only this platform's binaries are inside, outside the archive", () => {
  const unpacked = join(resources, 'app.asar.unpacked', 'node_modules');
  const native = readdirSync(unpacked, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(node|dll|dylib|so[.\d]*)$/.test(name),
  );
  const other = ['darwin', 'win32', 'linux', 'linuxmusl', 'arm64', 'x64'].filter(
    (name) => name !== process.platform && name !== process.arch,
  );
  expect(native.length).toBeGreaterThanOrEqual(3);
  expect(native.filter((name) => other.some((one) => name.split(/[\\/.-]/).includes(one)))).toEqual([]);
  expect(existsSync(join(resources, 'wordnet/english.txt.gz'))).toBe(true);
  expect(readFileSync(join(resources, 'app.asar')).byteLength).toBeLessThan(20e6);
});

test('it starts, opens the sample, generates, and quits', async () => {
  const { page, child } = await start();
  await page.getByText('Open the sample').click();
  await page.locator('.window:not(.solo)').waitFor();
  await page.keyboard.press('Control+2');
  await page.getByText('All passages').click();
  if (existsSync(join(resources, 'models'))) {
    await page.getByRole('combobox', { name: 'Generator' }).selectOption('lalm-five-languages');
    await page.getByText('Runs on').first().waitFor();
  }
  await page.getByText(/Up to \d+ questions/).waitFor();
  await page.keyboard.press('Control+Enter');
  await page
    .getByRole('heading', { name: 'Earlier runs' })
    .or(page.getByText(/^Review (as they arrive|them)/))
    .first()
    .waitFor();
  await page.getByText(/^Done/).first().waitFor({ timeout: 180_000 });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  // The window may be gone before the click is answered; what counts is the exit code.
  await page
    .getByRole('button', { name: 'Close window' })
    .click()
    .catch(() => null);
  expect(await ended).toBe(0);
}, 300_000);

/** What starts a command as an ordinary person, whoever runs the tests: 65534 is nobody. */
const asPerson = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
const runs = (...words: string[]): boolean => {
  const [command = '', ...rest] = [...asPerson, ...words];
  return spawnSync(command, rest, { stdio: 'ignore' }).status === 0;
};
/** Chromium's sandbox is made of namespaces that a person may make; containers often forbid them. */
const mayConfine = process.platform === 'linux' && runs('unshare', '-Ur', 'true') && runs('test', '-x', executable);
if (process.platform === 'linux' && !mayConfine)
  console.info('The sandbox was not tested: user namespaces are forbidden here, or nobody may not read the package.');

test.runIf(mayConfine)('for a person the page runs in the sandbox', async () => {
  const place = mkdtempSync(join(tmpdir(), 'asklab-person-'));
  const key = join(place, 'display'); // of the virtual display, which only root may read
  if (process.env['XAUTHORITY'] !== undefined) copyFileSync(process.env['XAUTHORITY'], key);
  if (asPerson.length > 0)
    for (const path of readdirSync(place)
      .map((name) => join(place, name))
      .concat(place))
      chownSync(path, 65534, 65534);
  const { child } = await start([...asPerson, executable], { HOME: place, XAUTHORITY: key, ASKLAB_USER_DATA: place });
  const pages = processTree(child.pid ?? 0).filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer'),
  );
  const confined = pages.map((pid) => readFileSync(`/proc/${pid}/status`, 'utf8'));
  expect(confined.length).toBeGreaterThan(0);
  for (const status of confined) {
    expect(status).toMatch(/^Seccomp:\t2$/m); // a filter of system calls
    expect(status).toMatch(/^NSpid:\t\d+\t\d+/m); // process numbers of its own
  }
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill();
  await ended;
  rmSync(place, { recursive: true, force: true });
});

/** Without the inspector the app is driven through Chromium's own protocol. */
async function start(
  command = [executable, ...sandboxSwitches],
  environment: Record<string, string> = {},
): Promise<{ page: Page; child: ChildProcess }> {
  const [program = '', ...words] = command;
  const child = spawn(program, [...words, '--remote-debugging-port=0'], {
    env: { ...process.env, ASKLAB_USER_DATA: userData, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const address = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stderr.on('data', (data: Buffer) => {
      output += data.toString();
      const found = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('exit', () => reject(new Error(output)));
  });
  const browser = await chromium.connectOverCDP(address);
  const page = browser.contexts()[0]?.pages()[0];
  if (!page) throw new Error('The packaged app showed no window.');
  await page.waitForSelector('#app > *');
  return { page, child };
}
