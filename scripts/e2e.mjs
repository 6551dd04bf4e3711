// Builds the app and runs the tests in its real window: `{ passed, failed }`, or `{ skipped }` with the reason.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findElectron, findTestDisplay } from './electron.mjs';
import { findNode, install, root, run } from './setup.mjs';

export function endToEnd(report, testArguments = []) {
  const display = findTestDisplay();
  if (display.missing) return { skipped: display.missing };
  const electron = findElectron({ allowFallback: true });
  if (electron.missing) return { skipped: electron.missing };
  const node = findNode();
  if (run(node, [join(root, 'scripts/build.mjs')]) !== 0) return { passed: 0, failed: 1 };
  const playwright = join(root, 'node_modules/@playwright/test/cli.js');
  const command = [...display.wrap, node, playwright, 'test', '--reporter=list,json', ...testArguments];
  const env = { ...process.env, ASKLAB_ELECTRON: electron.path, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  const code = run(command[0], command.slice(1), { env });
  if (!existsSync(report)) return { passed: 0, failed: 1 };
  const { stats } = JSON.parse(readFileSync(report, 'utf8'));
  const failed = stats.unexpected + stats.flaky;
  return { passed: stats.expected, failed: failed === 0 && code !== 0 ? 1 : failed };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  install();
  const result = endToEnd(join(root, 'out', 'e2e.json'), process.argv.slice(2));
  if (result.skipped) console.error(`Not run: ${result.skipped}`);
  process.exitCode = result.failed === 0 ? 0 : 1;
}
