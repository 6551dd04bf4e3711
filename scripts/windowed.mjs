// A program that drives the built window: `npm run screenshots` takes the pictures of docs/guide.md (names after it take only
// those), `npm run loop` is docs/evaluation-loop.md (both in tests/e2e), `npm run bench:window` a bench. Fonts for five
// languages come with the display's packages (scripts/display.mjs).
import { join } from 'node:path';
import { prepareDisplay } from './display.mjs';
import { findElectron } from './electron.mjs';
import { findNode, install, root, run } from './setup.mjs';

install();
const node = findNode();
const electron = prepareDisplay() ? findElectron(node, { allowFallback: true }) : null;
const [program, ...rest] = process.argv.slice(2);
if (electron && run(node, [join(root, 'scripts/build.mjs')]) === 0) {
  const display = process.platform === 'linux' ? ['xvfb-run', '-a', '-s', '-screen 0 1400x900x24'] : [];
  const [command, ...words] = [...display, node, join(root, 'tests/e2e', `${program}.ts`), ...rest];
  process.exitCode = run(command, words, { env: { ...process.env, ASKLAB_ELECTRON: electron } });
} else process.exitCode = 1;
