import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Property tests are bound by the processor: no core is left idle.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Whether the terminal that runs the tests has colours may not decide one.
    env: { NO_COLOR: '', FORCE_COLOR: '0' },
  },
});
