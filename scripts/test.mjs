// `npm test`: installs what is missing, runs everything, ends with one line of counts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findNode, install, root, run } from './setup.mjs';

install();
const node = findNode();
const folder = mkdtempSync(join(tmpdir(), 'asklab-test-'));
const report = join(folder, 'vitest.json');
const vitest = join(root, 'node_modules/vitest/vitest.mjs');
const code = run(node, [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]);
const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
rmSync(folder, { recursive: true });
console.log(`\nAsklab: ${numPassedTests} passed, ${numFailedTests} failed`);
process.exitCode = code === 0 && numPassedTests > 0 ? 0 : 1;
