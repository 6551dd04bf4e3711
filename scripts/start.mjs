// `npm start`: installs what is missing, builds, opens the app. A project's path may follow: `npm start -- my.asklab`.
import { resolve, join } from 'node:path';
import { missingDisplay, missingLibraries } from './display.mjs';
import { findElectron } from './electron.mjs';
import { findNode, install, root, run } from './setup.mjs';

const withoutWindow = 'The command line does the same job without a window: npx asklab --help';

async function start() {
  const dark = await missingDisplay();
  if (dark) return console.error(`${dark}\n${withoutWindow}`);
  install();
  const node = findNode();
  const electron = findElectron(node, { allowFallback: false });
  if (!electron) return console.error(withoutWindow);
  const lacking = missingLibraries(electron);
  if (lacking) return console.error(`${lacking}\n${withoutWindow}`);
  if (run(node, [join(root, 'scripts/build.mjs')]) !== 0) return;
  const switches = [];
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    console.warn(
      "Chromium's sandbox does not start as root, so it is off. Start Asklab as the desktop's user to keep it.",
    );
    switches.push('--no-sandbox');
  }
  const paths = process.argv.slice(2).map((path) => resolve(path));
  return run(electron, [...switches, root, ...paths]);
}

process.exitCode = (await start()) ?? 1;
