import svelte from 'eslint-plugin-svelte';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['out', 'dist', 'node_modules', 'tests/golden', 'tests/fixtures', 'trainer', '.cache'] },
  ...tseslint.configs.strict,
  ...svelte.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Named exports only, so that a name is the same everywhere.' },
      ],
      eqeqeq: 'error',
    },
  },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: tseslint.parser, extraFileExtensions: ['.svelte'] } },
    // Sets and maps are held in $state.raw and replaced whole, so they need not be reactive inside.
    rules: { 'prefer-const': 'off', 'svelte/prefer-svelte-reactivity': 'off' },
  },
  { files: ['*.config.{ts,js,mjs,cjs}', 'scripts/**'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['src-main/engine/**', 'src-main/inference/**', 'src-main/cli/**', 'src-main/shared/**', 'src-renderer/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        { paths: [{ name: 'electron', message: 'Only src-main/main and src-main/preload may import Electron.' }] },
      ],
    },
  },
  {
    files: ['src-main/main/**', 'src-main/preload/**'],
    ignores: ['src-main/main/ipc.ts', 'src-main/preload/**'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'electron', importNames: ['ipcMain'], message: 'Use src-main/main/ipc.ts: it checks the sender.' },
          ],
        },
      ],
    },
  },
);
