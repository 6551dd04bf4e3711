import { execFile, spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

test.runIf(process.platform === 'linux')('npm start without a display says so and names the command line', () => {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, ['scripts/start.mjs'], { env, encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stderr).toContain('There is no display here.');
  expect(stderr).toContain('npx asklab --help');
});

test.runIf(process.platform === 'linux')('npm start on a display that does not answer says so', () => {
  const { WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  for (const DISPLAY of [':4711', 'localhost:59000', 'nonsense']) {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/start.mjs'], {
      env: { ...env, DISPLAY },
      encoding: 'utf8',
    });
    expect(status).toBe(1);
    expect(stderr).toContain(`The display does not answer (DISPLAY=${DISPLAY}).`);
    expect(stderr).toContain('npx asklab --help');
  }
});

/** A display as far as connecting goes. */
async function withDisplay<Answer>(use: (display: string) => Answer): Promise<Answer> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return use(`127.0.0.1:${port - 6000}`);
  } finally {
    server.close();
  }
}

/** The scripts in a checkout of their own, whose Electron is whatever a test puts there. */
describe('Electron', () => {
  let checkout: string;
  let official: string;
  const repackaged = (): string => join(checkout, '.cache/asklab/package/bin/electron');
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'asklab-start-'));
    cpSync('scripts', join(checkout, 'scripts'), { recursive: true });
    official = join(checkout, 'node_modules/electron');
    mkdirSync(official, { recursive: true });
    writeFileSync(join(official, 'install.js'), 'process.exit(1)');
    mkdirSync(join(checkout, '.cache/asklab/package/bin'), { recursive: true });
    writeFileSync(repackaged(), '');
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  function find(allowFallback: boolean): { found: unknown; says: string } {
    const script = `import { findElectron } from './scripts/electron.mjs';
      const found = findElectron(process.execPath, { allowFallback: ${String(allowFallback)} });
      console.log(JSON.stringify({ found }));`;
    const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: checkout,
      encoding: 'utf8',
    });
    const lines = stdout.trim().split('\n');
    const { found } = JSON.parse(lines.pop() ?? '') as { found: unknown };
    return { found, says: [...lines, stderr].join('\n') };
  }
  /** Packages count as installed; `install` makes nothing new. */
  function installed(): void {
    writeFileSync(join(checkout, 'package-lock.json'), '{}');
    writeFileSync(join(checkout, 'node_modules/.package-lock.json'), '{}');
    writeFileSync(
      join(checkout, 'scripts/wordnet.mjs'),
      'export const hasWordNet = () => true, makeWordNet = () => undefined;',
    );
  }
  /** `npm start` on a display, with the checkout's own tools first. */
  function startHere(): Promise<SpawnSyncReturns<string>> {
    return withDisplay((DISPLAY) =>
      spawnSync(process.execPath, ['scripts/start.mjs'], {
        cwd: checkout,
        env: { ...process.env, DISPLAY, PATH: `${checkout}/bin${delimiter}${process.env['PATH'] ?? ''}` },
        encoding: 'utf8',
      }),
    );
  }
  function putOfficial(): string {
    mkdirSync(join(official, 'dist'));
    writeFileSync(join(official, 'dist/electron'), '');
    writeFileSync(join(official, 'path.txt'), 'electron');
    return join(official, 'dist/electron');
  }

  test.each([true, false])('the official one comes first, without a word (fallback allowed: %s)', (allowFallback) => {
    const found = putOfficial();
    expect(find(allowFallback)).toEqual({ found, says: '' });
  });

  test('the official one is downloaded where it is missing', () => {
    const write = `const fs = require('node:fs');
      fs.mkdirSync(__dirname + '/dist');
      fs.writeFileSync(__dirname + '/dist/electron', '');
      fs.writeFileSync(__dirname + '/path.txt', 'electron');`;
    writeFileSync(join(official, 'install.js'), write);
    expect(find(false)).toEqual({ found: join(official, 'dist/electron'), says: '' });
  });

  test('npm start takes no other one, although the test build is there, and says what is missing', () => {
    const { found, says } = find(false);
    expect(found).toBeNull();
    expect(says).toContain('Electron could not be downloaded.');
  });

  test.runIf(process.platform === 'linux' && process.arch === 'x64')(
    'tests fall back to the test build and say whose it is; within a day they do not try the download again',
    () => {
      const first = find(true);
      expect(first.found).toBe(repackaged());
      expect(first.says).toContain("a third party's repackage");
      const tried = join(checkout, 'tried');
      writeFileSync(join(official, 'install.js'), `require('node:fs').writeFileSync(${JSON.stringify(tried)}, '')`);
      expect(find(true).found).toBe(repackaged());
      expect(existsSync(tried)).toBe(false);
      // npm start does: the person may be connected now.
      find(false);
      expect(existsSync(tried)).toBe(true);
    },
  );

  test.runIf(process.platform === 'linux')('npm start without an Electron names the command line', async () => {
    installed();
    const { status, stderr } = await startHere();
    expect(status).toBe(1);
    expect(stderr).toContain('Electron could not be downloaded.');
    expect(stderr).toContain('npx asklab --help');
  });

  test.runIf(process.platform === 'linux')(
    'npm start names the libraries that Electron lacks, and where they are',
    async () => {
      installed();
      putOfficial();
      mkdirSync(join(checkout, 'bin'));
      writeFileSync(
        join(checkout, 'bin/ldd'),
        `#!/bin/sh
echo "	libgtk-3.so.0 => not found"
echo "	libc.so.6 => /lib/libc.so.6 (0x00007f)"
echo "	libnss3.so => not found"
echo "	libnssutil3.so => not found"
echo "	libstrange.so.1 => not found"
`,
        { mode: 0o755 },
      );
      const { status, stderr } = await startHere();
      expect(status).toBe(1);
      expect(stderr).toContain('libgtk-3.so.0, libnss3.so, libnssutil3.so, libstrange.so.1.');
      expect(stderr).toMatch(/sudo apt-get install -y --no-install-recommends libgtk-3-0(t64)? libnss3\n/);
      expect(stderr).toContain('npx asklab --help');
    },
  );
});

/** A checkout with a lock file that asks for one package, and an npm that takes a moment and notes that it ran. */
describe.runIf(process.platform !== 'win32')('Packages', () => {
  let checkout: string;
  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), 'asklab-install-'));
    cpSync('scripts', join(checkout, 'scripts'), { recursive: true });
    const wanted = { packages: { 'node_modules/one': { version: '1.0.0' } } };
    writeFileSync(join(checkout, 'package-lock.json'), JSON.stringify(wanted));
    writeFileSync(
      join(checkout, 'scripts/wordnet.mjs'),
      'export const hasWordNet = () => true, makeWordNet = () => undefined;',
    );
    writeFileSync(
      join(checkout, 'npm'),
      '#!/bin/sh\necho npm says; echo ran >> ran; sleep 1; mkdir -p node_modules; cp package-lock.json node_modules/.package-lock.json\n',
      { mode: 0o755 },
    );
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  const script = "import { install } from './scripts/setup.mjs'; install(); process.stdin.pipe(process.stdout);";
  function command(): { cwd: string; env: NodeJS.ProcessEnv; encoding: 'utf8' } {
    const env = { ...process.env, PATH: `${checkout}${delimiter}${process.env['PATH'] ?? ''}` };
    return { cwd: checkout, env, encoding: 'utf8' };
  }
  const arguments_ = ['--input-type=module', '-e', script];

  test('two commands at once install once: the second waits, and says so', async () => {
    const both = [1, 2].map(() => promisify(execFile)(process.execPath, arguments_, command()));
    both.forEach((one) => one.child.stdin?.end());
    const said = (await Promise.all(both)).map(({ stderr }) => stderr).sort();
    expect(readFileSync(join(checkout, 'ran'), 'utf8')).toBe('ran\n');
    expect(said[0]).toContain('Another command is installing');
    expect(said[1]).toContain('Installing packages…');
    expect(existsSync(join(checkout, '.cache/installing'))).toBe(false);
  });

  test('a pipe through a command that installs first is left alone', () => {
    const { stdout, stderr } = spawnSync(process.execPath, arguments_, { ...command(), input: 'a row\n' });
    expect(stdout).toBe('a row\n');
    expect(stderr).toContain('npm says');
  });

  test('an installation that was killed holds no one up', () => {
    mkdirSync(join(checkout, '.cache'));
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(checkout, '.cache/installing'), String(pid));
    const { status } = spawnSync(process.execPath, arguments_, { ...command(), input: '' });
    expect(status).toBe(0);
    expect(readFileSync(join(checkout, 'ran'), 'utf8')).toBe('ran\n');
  });
});
