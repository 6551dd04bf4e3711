import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

test.runIf(process.platform === 'linux')('npm start without a display says so and names the command line', () => {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, ['scripts/start.mjs'], { env, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('There is no display here.');
  expect(stderr).toContain('npx asklab --help');
});
