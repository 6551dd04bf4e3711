// `npm test`: installs what is missing, builds, runs everything, ends with one line of counts.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDisplay } from './display.mjs';
import { findElectron } from './electron.mjs';
import { findNode, install, root, run } from './setup.mjs';

install();
const node = findNode();
const electron = prepareDisplay() ? findElectron(node, { allowFallback: true }) : null;
if (electron && run(node, [join(root, 'scripts/build.mjs')]) !== 0) process.exit(1);

const folder = mkdtempSync(join(tmpdir(), 'asklab-test-'));
const report = join(folder, 'vitest.json');
const vitest = [
  node,
  join(root, 'node_modules/vitest/vitest.mjs'),
  'run',
  '--reporter=default',
  '--reporter=json',
  `--outputFile.json=${report}`,
];
const virtual = electron && process.platform === 'linux' ? ['xvfb-run', '-a', '-s', '-screen 0 1400x900x24'] : [];
const [command, ...commandArguments] = [...virtual, ...vitest];
const code = run(command, commandArguments, {
  env: { ...process.env, ...(electron ? { ASKLAB_ELECTRON: electron } : {}) },
});
const { numPassedTests, numFailedTests } = existsSync(report)
  ? JSON.parse(readFileSync(report, 'utf8'))
  : { numPassedTests: 0, numFailedTests: 1 };
rmSync(folder, { recursive: true });
if (!electron) console.log('The tests of the window were skipped: see above.');
console.log(`\nAsklab: ${numPassedTests} passed, ${numFailedTests} failed`);
process.exitCode = code === 0 && numPassedTests > 0 ? 0 : 1;
