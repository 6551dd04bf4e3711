import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'tests/{unit,store,contract,inference,renderer}/**/*.test.ts',
      ...(process.env['ASKLAB_ELECTRON'] ? ['tests/e2e/**/*.test.ts'] : []),
      ...(process.env['ASKLAB_PACKAGED'] ? ['tests/package/**/*.test.ts'] : []),
    ],
    // Native addons and real files: processes, not threads.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } }, // a busy machine answers late
  },
});
