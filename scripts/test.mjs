// `npm test`: installs what is missing, checks, builds, runs everything, ends with one line of counts.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareDisplay } from './display.mjs';
import { findElectron } from './electron.mjs';
import { describeSize, packageApp } from './package.mjs';
import { findNode, install, root, run } from './setup.mjs';

install();
const node = findNode();
const total = { passed: 0, failed: 0 };
const electron = prepareDisplay() ? findElectron(node, { allowFallback: true }) : null;
if (electron && run(node, [join(root, 'scripts/build.mjs')]) !== 0) process.exit(1);
const virtualDisplay =
  electron && process.platform === 'linux' ? ['xvfb-run', '-a', '-s', '-screen 0 1400x900x24'] : [];

function vitest(environment, ...files) {
  const folder = mkdtempSync(join(tmpdir(), 'asklab-test-'));
  const report = join(folder, 'vitest.json');
  const [command, ...rest] = [
    ...virtualDisplay,
    ...[node, join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...files],
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${report}`],
  ];
  const code = run(command, rest, { env: { ...process.env, ...environment } });
  const counted = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  total.passed += counted.numPassedTests ?? 0;
  // A file that cannot even be loaded counts as one failure.
  total.failed += Math.max(counted.numFailedTests ?? 0, code === 0 ? 0 : 1);
  rmSync(folder, { recursive: true });
}

/** The trainer's own tests, with a Python that has PyTorch. */
function trainer() {
  console.log('\nThe trainer:');
  const { stdout } = spawnSync('sh', [join(root, 'trainer/test.sh')], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  console.log(stdout);
  const count = (word) => Number(new RegExp(`(\\d+) ${word}`).exec(stdout ?? '')?.[1] ?? 0);
  total.passed += count('passed');
  total.failed += count('failed') + count('errors?');
  if (count('passed') + count('failed') > 0) return;
  // As root on Linux the script installs what it needs; elsewhere that is the person's choice.
  if (process.platform === 'linux' && process.getuid?.() === 0) total.failed += 1;
  else console.log("The trainer's tests were skipped: see above.");
}

if (run(node, [join(root, 'scripts/run.mjs'), 'check']) === 0) total.passed += 1;
else total.failed += 1;
vitest(electron ? { ASKLAB_ELECTRON: electron } : {});
if (electron) {
  const packaged = packageApp(node, electron);
  if (packaged) {
    console.log(`\n${describeSize(packaged)}`);
    vitest({ ASKLAB_PACKAGED: packaged }, 'tests/package');
  } else total.failed += 1;
} else console.log('The tests of the window and of the packaged app were skipped: see above.');
trainer();
console.log(`\nAsklab: ${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
