/** Layer rules of docs/architecture.md. */
const layer = (name, from, to, comment) => ({ name, severity: 'error', comment, from: { path: from }, to: { path: to } });

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    layer('shared-imports-nothing', '^src-main/shared', '^src-(main/(?!shared)|renderer)', 'shared is the bottom layer'),
    { name: 'shared-is-pure', severity: 'error', from: { path: '^src-main/shared' }, to: { dependencyTypes: ['core'] } },
    { ...layer('engine-alone', '^src-main/engine', '^src-(main/(main|preload|inference|cli)|renderer)', 'the engine runs under plain Node; the inference client holds no runtime'), to: { path: '^src-(main/(main|preload|inference|cli)|renderer)', pathNot: '^src-main/inference/client\\.ts$' } },
    layer('engine-no-electron', '^src-main/(engine|inference|cli|shared)', 'node_modules/electron/', 'only main and preload know Electron'),
    layer('inference-alone', '^src-main/inference', '^src-(main/(main|preload|engine|cli)|renderer)', 'inference is a process of its own'),
    { name: 'one-runtime-file', severity: 'error', comment: 'transformers.js habit: the runtime sits behind one file', from: { path: '^src-main', pathNot: '^src-main/inference/runtime\\.ts$' }, to: { path: 'node_modules/onnxruntime-node' } },
    layer('main-is-thin', '^src-main/(main|preload)', '^src-(main/(engine|inference|cli)|renderer)', 'main starts the other processes by path'),
    layer('renderer-only-shared', '^src-renderer', '^src-main/(?!shared)', 'the page talks through the contract'),
    { name: 'features-apart', severity: 'error', from: { path: '^src-renderer/features/([^/]+)/' }, to: { path: '^src-renderer/features/', pathNot: '^src-renderer/features/$1/' } },
    layer('ui-knows-no-feature', '^src-renderer/ui', '^src-renderer/(features|app/(?!i18n\\.ts|keys\\.ts|ownKeys\\.ts))', 'controls know the language and the names of keys, nothing else of the page'),
    layer('store-below-services', '^src-main/engine/store', '^src-main/engine/(services|jobs|io)', 'repositories never import services'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.svelte', '.json', '.mjs', '.cjs'] },
  },
};
