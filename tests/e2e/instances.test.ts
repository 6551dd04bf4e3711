/** One file, two windows; and a file that may not be written. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Project } from '../../src-main/engine/store/project.ts';
import { seed } from '../store/seed.ts';
import { answerDialogs, engineOf, sandboxSwitches, startApp } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-instances-'));
const path = join(folder, 'lamps.asklab');
const other = join(folder, 'other.asklab');
beforeAll(() => {
  for (const [file, name] of [
    [path, 'Lamps'],
    [other, 'Other'],
  ] as const) {
    const project = Project.create(file, { name, person: 'Ada' });
    const [first = ''] = seed(project, 3);
    project.history.append(project.person().id, [{ kind: 'decide', item: first, payload: { verdict: 'accept' } }]);
    project.close();
  }
});
afterAll(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the app once more on the same user data, as a double-click on a project does; gives its exit code. */
function startAgain(userData: string, ...files: string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const again = spawn(process.env['ASKLAB_ELECTRON'] ?? '', [...sandboxSwitches, process.cwd(), ...files], {
      cwd: folder,
      env: { ...process.env, ASKLAB_USER_DATA: userData },
      stdio: 'ignore',
    });
    again.on('error', reject).on('close', resolve);
  });
}

test('a second start brings the first window forward; the file it names opens there', async () => {
  const userData = join(folder, 'one');
  const { app, page } = await startApp(userData, path);
  await page.getByTitle(path).waitFor();
  await app.evaluate(({ BrowserWindow }) => {
    const [window] = BrowserWindow.getAllWindows();
    const counted = globalThis as unknown as { focused: number };
    counted.focused = 0;
    if (window) window.focus = () => (counted.focused += 1);
  });
  const focused = (): Promise<number> => app.evaluate(() => (globalThis as unknown as { focused: number }).focused);

  expect(await startAgain(userData, 'lamps.asklab')).toBe(0); // relative to the folder it was started in
  await expect.poll(focused).toBe(1);
  await page.getByTitle(path).waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);

  expect(await startAgain(userData, other)).toBe(0);
  await page.getByTitle(other).waitFor();
  expect(await focused()).toBe(2);
  expect(app.windows()).toHaveLength(1);
  await app.close();
}, 120_000);

test('a file that another Asklab has open is refused with what to do, and stays usable there', async () => {
  const first = await startApp(join(folder, 'two'), path);
  await first.page.getByTitle(path).waitFor();
  const second = await startApp(join(folder, 'three'), path);
  await second.page
    .getByText(/open in another window\. Close it there/)
    .first()
    .waitFor();
  await second.page.getByText('Open the sample').first().waitFor(); // Home, not half a project
  await second.app.close();
  await first.page.keyboard.press('Control+3');
  await first.page.keyboard.press('a');
  await first.page.getByText(/Saved/).first().waitFor();
  await first.app.close();
  // Once it is closed there, it opens here.
  const third = await startApp(join(folder, 'three'), path);
  await third.page.getByTitle(path).waitFor();
  await third.app.close();
}, 180_000);

test('a file that may not be written opens with its badge: nothing can be decided, exporting works', async () => {
  const shelf = join(folder, 'shelf');
  mkdirSync(shelf);
  const file = join(shelf, 'lamps.asklab');
  copyFileSync(other, file);
  chmodSync(file, 0o444);
  chmodSync(shelf, 0o555);
  const userData = join(folder, 'reader');
  mkdirSync(userData);
  const electron = process.env['ASKLAB_ELECTRON'] ?? '';
  // Root may write everywhere: the app runs as somebody else.
  if (process.getuid?.() === 0) {
    chmodSync(folder, 0o755);
    chownSync(userData, 65534, 65534);
    const display = process.env['XAUTHORITY'];
    const authority = join(userData, 'display');
    if (display) {
      copyFileSync(display, authority);
      chownSync(authority, 65534, 65534);
    }
    const wrapper = join(folder, 'as-nobody.sh');
    const as = 'exec setpriv --reuid=65534 --regid=65534 --clear-groups';
    writeFileSync(wrapper, `#!/bin/sh\nHOME='${userData}' XAUTHORITY='${authority}' ${as} '${electron}' "$@"\n`);
    chmodSync(wrapper, 0o755);
    process.env['ASKLAB_ELECTRON'] = wrapper;
  }
  try {
    const running = await startApp(userData, file);
    const { app, page } = running;
    await page.getByTitle(file).waitFor();
    await page.getByText('Read-only', { exact: true }).waitFor();
    await page.keyboard.press('Control+3');
    await page.getByText('This project is read-only').first().waitFor();
    await page.keyboard.press('a');
    await page.keyboard.press('e');
    const ask = await engineOf(running);
    expect(await ask('projects', 'counts', {})).toMatchObject({ accepted: 1, undecided: 2 });
    expect(await page.getByRole('textbox').count()).toBe(0);

    const target = join(userData, 'out');
    await answerDialogs(running, [target]);
    await page.keyboard.press('Control+5');
    await page.getByText('1 question').first().waitFor();
    await page.keyboard.press('Control+Enter');
    await expect.poll(() => existsSync(target) && readdirSync(target), { timeout: 20_000 }).toContain('manifest.json');
    await page.screenshot({ path: process.env['ASKLAB_SHOT'] ?? join(folder, 'read-only.png') });
    await app.close();
    expect(readdirSync(shelf)).toEqual(['lamps.asklab']);
  } finally {
    process.env['ASKLAB_ELECTRON'] = electron;
  }
}, 120_000);
