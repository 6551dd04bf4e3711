// `npm start`: installs what is missing, builds, opens the app.
import { join } from 'node:path';
import { findElectron } from './electron.mjs';
import { findNode, install, root, run } from './setup.mjs';

install();
const node = findNode();
const withoutWindow = 'The command line does the same job without a window: npx asklab --help';
if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
  console.error(`There is no display here. Start Asklab from a desktop session.\n${withoutWindow}`);
  process.exit(1);
}
const electron = findElectron(node, { allowFallback: false });
if (!electron) {
  console.error(withoutWindow);
  process.exit(1);
}
if (run(node, [join(root, 'scripts/build.mjs')]) !== 0) process.exit(1);
process.exitCode = run(electron, [root, ...process.argv.slice(2)]);
