// Builds METEOR's synonyms where they are missing, and out/: main, engine and inference processes and the preload script as CommonJS, the page with Svelte.
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './setup.mjs';
import { makeWordNet } from './wordnet.mjs';

const native = ['electron', 'better-sqlite3', 'onnxruntime-node'];

function node(outDir, input) {
  return build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external: native },
    build: {
      ssr: true,
      outDir: join(root, outDir),
      target: 'node24',
      minify: false,
      rollupOptions: {
        input,
        external: native,
        output: { format: 'cjs', entryFileNames: '[name].cjs', chunkFileNames: '[name].cjs' },
      },
    },
  });
}

makeWordNet(root);
await node('out/main', {
  main: join(root, 'src-main/main/main.ts'),
  engine: join(root, 'src-main/engine/process.ts'),
  'reading-thread': join(root, 'src-main/engine/io/reading-thread.ts'),
  'checking-thread': join(root, 'src-main/engine/store/checking-thread.ts'),
  'choosing-thread': join(root, 'src-main/engine/diverse/choosing-thread.ts'),
  inference: join(root, 'src-main/inference/process.ts'),
});
await node('out/preload', { preload: join(root, 'src-main/preload/preload.ts') });
await build({
  root: join(root, 'src-renderer'),
  base: './',
  configFile: false,
  logLevel: 'warn',
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: join(root, 'out/renderer'),
    emptyOutDir: true,
    target: 'chrome142',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
