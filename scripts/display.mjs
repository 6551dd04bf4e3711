// What a window needs on Linux: installed on Debian as root for the tests, else named.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

/** Debian's package of each library that Electron loads and a bare machine may lack. */
const packageOf = {
  'libgtk-3.so.0': 'libgtk-3-0',
  'libgdk-3.so.0': 'libgtk-3-0',
  'libnss3.so': 'libnss3',
  'libnssutil3.so': 'libnss3',
  'libsmime3.so': 'libnss3',
  'libnspr4.so': 'libnspr4',
  'libasound.so.2': 'libasound2',
  'libgbm.so.1': 'libgbm1',
  'libatk-1.0.so.0': 'libatk1.0-0',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
  'libatspi.so.0': 'libatspi2.0-0',
  'libcups.so.2': 'libcups2',
  'libdbus-1.so.3': 'libdbus-1-3',
  'libexpat.so.1': 'libexpat1',
  'libglib-2.0.so.0': 'libglib2.0-0',
  'libgobject-2.0.so.0': 'libglib2.0-0',
  'libgio-2.0.so.0': 'libglib2.0-0',
  'libpango-1.0.so.0': 'libpango-1.0-0',
  'libcairo.so.2': 'libcairo2',
  'libudev.so.1': 'libudev1',
  'libxkbcommon.so.0': 'libxkbcommon0',
  'libX11.so.6': 'libx11-6',
  'libxcb.so.1': 'libxcb1',
  'libXcomposite.so.1': 'libxcomposite1',
  'libXdamage.so.1': 'libxdamage1',
  'libXext.so.6': 'libxext6',
  'libXfixes.so.3': 'libxfixes3',
  'libXrandr.so.2': 'libxrandr2',
};
const forTests = [
  ...['xvfb', 'xauth', 'libgtk-3-0', 'libnss3', 'libasound2', 'libgbm1', 'libxss1', 'libatk-bridge2.0-0'],
  ...['fonts-noto-cjk', 'fonts-noto-core'],
];

/** Where libraries are on Debian, on x64 and arm64, and elsewhere. */
const libraries = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64', '/usr/lib'];

const installed = (packages) => `apt-get install -y --no-install-recommends ${packages.join(' ')}`;

/** Newer Debian and Ubuntu have some of the packages under a name that ends in t64. */
function asNamedHere(name) {
  return spawnSync('apt-cache', ['show', `${name}t64`], { stdio: 'ignore' }).status === 0 ? `${name}t64` : name;
}

/** True where a virtual display can be had. */
export function prepareDisplay() {
  if (process.platform !== 'linux') return true;
  const ready = () =>
    existsSync('/usr/bin/xvfb-run') &&
    existsSync('/usr/bin/xauth') &&
    libraries.some((folder) => existsSync(join(folder, 'libgtk-3.so.0')));
  if (ready()) return true;
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log('Installing a virtual display and the libraries of Electron…');
    const quietly = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    spawnSync('apt-get', ['update'], quietly);
    const line = installed(forTests.map(asNamedHere)).replace('apt-get', 'apt-get -o DPkg::Lock::Timeout=300');
    spawnSync('sh', ['-c', line], quietly);
    if (ready()) return true;
  }
  const line = `apt-get update && ${installed(forTests.map(asNamedHere))}`;
  console.error(`Tests of the window need a virtual display. Install it with:\n  sudo sh -c '${line}'`);
  return false;
}

/** Says which libraries an executable lacks and how to get them; null where it lacks none. */
export function missingLibraries(executable) {
  if (process.platform !== 'linux') return null;
  const { stdout } = spawnSync('ldd', [executable], { encoding: 'utf8' });
  const missing = [...(stdout ?? '').matchAll(/^\s*(\S+) => not found/gmu)].map(([, name]) => name);
  if (missing.length === 0) return null;
  const packages = [...new Set(missing.flatMap((name) => packageOf[name] ?? []))].map(asNamedHere);
  const remedy = packages.length > 0 ? ` On Debian and Ubuntu install them with:\n  sudo ${installed(packages)}` : '';
  return `Electron needs libraries that are not here: ${missing.join(', ')}.${remedy}`;
}

/** Says why no window can be shown; null where one can. */
export async function missingDisplay({ DISPLAY, WAYLAND_DISPLAY, XDG_RUNTIME_DIR = '' } = process.env) {
  if (process.platform !== 'linux') return null;
  if (!DISPLAY && !WAYLAND_DISPLAY) return 'There is no display here. Start Asklab from a desktop session.';
  if (WAYLAND_DISPLAY && (await answers({ path: join(XDG_RUNTIME_DIR, WAYLAND_DISPLAY) }))) return null;
  const [, host = '', number = ''] = /^(?:unix\/?|(.*)):(\d+)/u.exec(DISPLAY ?? '') ?? [];
  const places = host
    ? [{ host, port: 6000 + Number(number) }]
    : [{ path: `/tmp/.X11-unix/X${number}` }, { path: `\0/tmp/.X11-unix/X${number}` }];
  for (const place of places) if (await answers(place)) return null;
  const named = DISPLAY ? `DISPLAY=${DISPLAY}` : `WAYLAND_DISPLAY=${WAYLAND_DISPLAY}`;
  return `The display does not answer (${named}). Start Asklab from a desktop session, or set the display that is there.`;
}

function answers(place) {
  return new Promise((resolve) => {
    const socket = connect(place);
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(3000, () => end(false));
    socket.on('connect', () => end(true)).on('error', () => end(false));
  });
}
