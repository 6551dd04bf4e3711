// What a window needs on Linux: installed on Debian as root, else named.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const packages = [
  'xvfb',
  'xauth',
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libatk-bridge2.0-0',
  'fonts-noto-cjk',
  'fonts-noto-core',
];

/** True where a virtual display can be had. */
export function prepareDisplay() {
  if (process.platform !== 'linux') return true;
  const has = (path) => existsSync(path);
  if (has('/usr/bin/xvfb-run') && has('/usr/bin/xauth') && has('/usr/lib/x86_64-linux-gnu/libgtk-3.so.0')) return true;
  const line = `apt-get update && apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() === 0 && has('/usr/bin/apt-get')) {
    console.log('Installing a virtual display and the libraries of Electron…');
    spawnSync('sh', ['-c', `DEBIAN_FRONTEND=noninteractive; export DEBIAN_FRONTEND; ${line}`], { stdio: 'ignore' });
    if (has('/usr/bin/xvfb-run')) return true;
  }
  console.error(`Tests of the window need a virtual display. Install it with:\n  sudo sh -c '${line}'`);
  return false;
}
