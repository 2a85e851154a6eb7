import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Whether the terminal that runs the tests has colours may not decide one.
    env: { NO_COLOR: '', FORCE_COLOR: '0' },
  },
});
