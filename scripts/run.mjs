// Named tasks of package.json, each run with a Node that fits. `node scripts/run.mjs check`
import { existsSync } from 'node:fs';
import { findNode, install, root, run } from './setup.mjs';
import { join } from 'node:path';

const tools = {
  prettier: 'prettier/bin/prettier.cjs',
  eslint: 'eslint/bin/eslint.js',
  'svelte-check': 'svelte-check/bin/svelte-check',
  tsc: 'typescript/bin/tsc',
  depcruise: 'dependency-cruiser/bin/dependency-cruiser.mjs',
  vitest: 'vitest/vitest.mjs',
};

const formatted = [
  'src-main/**/*.ts',
  'src-renderer/**/*.{ts,svelte,css,html}',
  'tests/**/*.ts',
  'scripts/**/*.mjs',
  '*.config.{ts,js}',
];

const cache = (tool) => join(root, 'node_modules', '.cache', 'asklab', tool);

const tasks = {
  check: [
    ['prettier', '--cache', '--cache-location', cache('prettier'), '--check', ...formatted],
    ['eslint', '--cache', '--cache-location', cache('eslint'), 'src-main', 'src-renderer', 'tests', 'scripts'],
    ['tsc', '-p', 'tsconfig.shared.json'],
    ['tsc', '-p', 'tsconfig.node.json'],
    ['tsc', '-p', 'tsconfig.main.json'],
    ['svelte-check', '--tsconfig', './tsconfig.renderer.json', '--fail-on-warnings', '--output', 'human'],
    ['depcruise', 'src-main', 'src-renderer', '--output-type', 'err'],
  ],
  build: [['scripts/build.mjs']],
  format: [['prettier', '--write', ...formatted]],
  vitest: [['vitest', ...process.argv.slice(3)]],
  'bench:inference': [['tests/bench/inference.ts', ...process.argv.slice(3)]],
};

install();
const node = findNode();
const steps = tasks[process.argv[2]];
if (!steps) {
  console.error(`No task "${process.argv[2]}". Tasks: ${Object.keys(tasks).join(', ')}.`);
  process.exit(64);
}
let failed = 0;
for (const [tool, ...toolArguments] of steps) {
  const path = join(root, tools[tool] ? join('node_modules', tools[tool]) : tool);
  if (!existsSync(path)) throw new Error(`${path} is missing.`);
  if (steps.length > 1) console.log(`\n── ${tool} ${toolArguments.slice(0, 2).join(' ')}`);
  if (run(node, [path, ...toolArguments]) !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
