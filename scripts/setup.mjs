// Plain JavaScript for any Node from 18: installs the packages and finds a Node that the app's native parts run on.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hasWordNet, makeWordNet } from './wordnet.mjs';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const neededMajor = 24;

/** Runs a command in the repository, passing its output through; returns its exit code. */
export function run(command, commandArguments, options = {}) {
  const result = spawnSync(command, commandArguments, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) throw result.error;
  return result.status ?? 1;
}

/**
 * Installs the packages where one is missing or not the lock file's version, and makes what the app takes from them.
 * Commands that find something missing at the same time do so one after the other.
 */
export function install() {
  if (!packagesMissing() && hasWordNet(root)) return;
  alone(() => {
    if (packagesMissing()) installPackages();
    makeWordNet(root);
  });
}

function packagesMissing() {
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  const wanted = Object.entries(packagesOf(join(root, 'package-lock.json')));
  return wanted.some(
    ([path, { version, optional }]) => path !== '' && !optional && installed[path]?.version !== version,
  );
}

// Standard input and output may be a pipe that the command reads and writes: npm gets neither.
function installPackages() {
  console.error('Installing packages…');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const quietly = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (run(npm, quietly, { stdio: ['ignore', 2, 2] }) !== 0)
    throw new Error('The packages could not be installed: see the lines above, then run the command again.');
}

/** Waits until no other command of this checkout installs, then runs `work`. What a killed one left is no hindrance. */
function alone(work) {
  const lock = join(root, '.cache', 'installing');
  mkdirSync(dirname(lock), { recursive: true });
  for (let waiting = false; ; waiting = true) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!runs(ownerOf(lock))) {
        rmSync(lock, { force: true });
        continue;
      }
      if (!waiting) console.error('Another command is installing the packages; this one waits for it…');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    }
  }
  try {
    work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** The process that holds the lock; 0 when it has just been let go. */
function ownerOf(lock) {
  try {
    return Number(readFileSync(lock, 'utf8'));
  } catch {
    return 0;
  }
}

function runs(process_) {
  try {
    return process_ > 0 && process.kill(process_, 0);
  } catch (error) {
    return error.code === 'EPERM';
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
