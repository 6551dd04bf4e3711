// Plain JavaScript for any Node from 18: installs the packages and finds a Node that the app's native parts run on.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeWordNet } from './wordnet.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const neededMajor = 24;

/** Runs a command in the repository, passing its output through; returns its exit code. */
export function run(command, commandArguments, options = {}) {
  const result = spawnSync(command, commandArguments, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/** Installs the packages where one is missing or not the lock file's version, and makes what the app takes from them. */
export function install() {
  installPackages();
  makeWordNet(root);
}

function installPackages() {
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  const wanted = Object.entries(packagesOf(join(root, 'package-lock.json')));
  const missing = wanted.some(
    ([path, { version, optional }]) => path !== '' && !optional && installed[path]?.version !== version,
  );
  if (!missing) return;
  console.log('Installing packages…');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  if (run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error']) !== 0) {
    throw new Error('The packages could not be installed: see the lines above, then run the command again.');
  }
}

const packagesOf = (lock) => (existsSync(lock) ? (JSON.parse(readFileSync(lock, 'utf8')).packages ?? {}) : {});

/** The path of a Node 24 or newer: this one, or the one that came with the packages. */
export function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= neededMajor) return process.execPath;
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const name = `node-${platform}-${process.arch}`;
  try {
    const folder = dirname(createRequire(join(root, 'package.json')).resolve(`${name}/package.json`));
    const path = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(path)) return path;
  } catch {
    // Said below, with the remedy.
  }
  throw new Error(
    `Asklab needs Node ${neededMajor}; this is ${process.version} and no ${name} package is here. Install Node ${neededMajor}, then run the command again.`,
  );
}
