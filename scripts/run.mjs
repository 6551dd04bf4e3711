// Named tasks of package.json, each run with a Node that fits. `node scripts/run.mjs check`
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { prepareDisplay } from './display.mjs';
import { findElectron } from './electron.mjs';
import { findNode, install, root, run } from './setup.mjs';

const modules = {
  prettier: 'prettier/bin/prettier.cjs',
  eslint: 'eslint/bin/eslint.js',
  tsc: 'typescript/bin/tsc',
  'svelte-check': 'svelte-check/bin/svelte-check',
  depcruise: 'dependency-cruiser/bin/dependency-cruiser.mjs',
  knip: 'knip/bin/knip.js',
  vitest: 'vitest/vitest.mjs',
};

const formatted = [
  'src-main/**/*.ts',
  'src-renderer/**/*.{ts,svelte,css,html}',
  'tests/**/*.ts',
  'scripts/**/*.mjs',
  '*.config.{ts,js}',
];
const cache = (name) => join(root, 'node_modules', '.cache', 'asklab', name);
const cached = (name) => ['--cache', '--cache-location', cache(name)];
const types = (name) => [
  'tsc',
  '-p',
  `tsconfig.${name}.json`,
  '--incremental',
  '--tsBuildInfoFile',
  cache(`tsc-${name}`),
];

/** Tools that don't wait for each other; the slowest first. */
const checks = [
  ['eslint', ...cached('eslint'), 'src-main', 'src-renderer', 'tests', 'scripts'],
  ['svelte-check', '--tsconfig', './tsconfig.renderer.json', '--fail-on-warnings', '--output', 'human'],
  types('node'),
  types('main'),
  ['prettier', ...cached('prettier'), '--check', '--log-level', 'warn', ...formatted],
  ['depcruise', 'src-main', 'src-renderer', '--output-type', 'err'],
  types('shared'),
  ['knip', '--no-progress'],
];

const tasks = {
  build: ['scripts/build.mjs'],
  format: ['prettier', '--write', '--log-level', 'warn', ...formatted],
  vitest: ['vitest', ...process.argv.slice(3)],
  bench: ['tests/bench/store.ts', ...process.argv.slice(3)],
  'bench:inference': ['tests/bench/inference.ts', ...process.argv.slice(3)],
  'bench:metrics': ['tests/bench/metrics.ts', ...process.argv.slice(3)],
  'bench:rounds': ['tests/bench/rounds.ts', ...process.argv.slice(3)],
  'test:interchange': ['tests/interchange/check.ts'],
};

const resolve = ([tool, ...rest]) => [join(root, modules[tool] ? join('node_modules', modules[tool]) : tool), ...rest];

/** Runs one tool and prints its output when it ends; answers whether it was content. */
function check(node, tool) {
  return new Promise((done) => {
    const started = Date.now();
    const child = spawn(node, resolve(tool), { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('close', (code) => {
      const seconds = ((Date.now() - started) / 1000).toFixed(0);
      const name = tool[0] === 'tsc' ? tool.slice(0, 3).join(' ') : tool[0];
      console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)${code === 0 ? '' : `\n${output}`}`);
      done(code === 0);
    });
  });
}

/** Every check, as many at a time as there are cores, four at most. */
async function checkAll(node) {
  const queue = [...checks];
  const results = [];
  const lane = async () => {
    for (let tool = queue.shift(); tool; tool = queue.shift()) results.push(await check(node, tool));
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, lane));
  return results.every(Boolean);
}

/** The window's bench needs Electron, a display and a build; without them the others run and it says so. */
function bench(node) {
  const wanted = process.argv
    .slice(3)
    .filter((word) =>
      ['import', 'export', 'million-import', 'million-export', 'million', 'browse', 'paint'].includes(word),
    );
  const inWindow = (wanted.length === 0 || wanted.includes('paint')) && prepareDisplay();
  const electron = inWindow ? findElectron(node, { allowFallback: true }) : null;
  if (!electron || run(node, [join(root, 'scripts/build.mjs')]) !== 0) return run(node, resolve(tasks.bench));
  const display = process.platform === 'linux' ? ['xvfb-run', '-a', '-s', '-screen 0 1400x900x24'] : [];
  const [command, ...rest] = [...display, node, ...resolve(tasks.bench)];
  return run(command, rest, { env: { ...process.env, ASKLAB_ELECTRON: electron } });
}

const name = process.argv[2];
install();
const node = findNode();
if (name === 'check') process.exitCode = (await checkAll(node)) ? 0 : 1;
else if (name === 'bench') process.exitCode = bench(node);
else if (tasks[name]) process.exitCode = run(node, resolve(tasks[name]));
else {
  console.error(`No task "${name}". Tasks: check, ${Object.keys(tasks).join(', ')}.`);
  process.exitCode = 64;
}
