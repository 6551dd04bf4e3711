// `npm run package`: builds the app into dist/ for this platform and prints its size. Arguments go to electron-builder
// (`-- --linux AppImage deb`); without any, a folder that starts as it is.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findElectron } from './electron.mjs';
import { findNode, install, root, run } from './setup.mjs';

/** Packages what was built into out/ around `electron`; answers the folder that holds it, or null on failure. */
export function packageApp(node, electron, builderArguments = ['--dir']) {
  const folder = dirname(electron);
  const version = readFileSync(join(folder, 'version'), 'utf8').trim().replace(/^v/, '');
  const code = run(node, [
    join(root, 'node_modules/electron-builder/cli.js'),
    ...builderArguments,
    '--publish=never',
    `-c.electronDist=${folder}`,
    `-c.electronVersion=${version}`,
  ]);
  if (code !== 0) return null;
  const unpacked = readdirSync(join(root, 'dist')).find((name) => /unpacked$|^mac/.test(name));
  return unpacked === undefined ? null : join(root, 'dist', unpacked);
}

/** Bytes of a file or of everything below a folder. */
export function sizeOf(path) {
  if (!existsSync(path)) return 0;
  const status = statSync(path);
  if (!status.isDirectory()) return status.size;
  return readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0);
}

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(0)} MB`;

export function describeSize(folder) {
  const app = sizeOf(join(folder, 'resources'));
  return `Packaged: ${megabytes(sizeOf(folder))}, of which Asklab ${megabytes(app)}, the rest Electron.`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  install();
  const node = findNode();
  // Only the official Electron is given to people.
  const electron = findElectron(node, { allowFallback: false });
  const built = electron && run(node, [join(root, 'scripts/build.mjs')]) === 0;
  const folder = built && packageApp(node, electron, process.argv.length > 2 ? process.argv.slice(2) : undefined);
  if (folder) console.log(`\n${folder}\n${describeSize(folder)}`);
  else process.exitCode = 1;
}
