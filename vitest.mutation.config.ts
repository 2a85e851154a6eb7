import { defineConfig } from 'vitest/config';

/** The tests of the stages that `npm run mutation` changes, and no others. */
export default defineConfig({
  test: {
    include: ['test/verification/**/*.test.ts', 'test/facts/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    env: { NO_COLOR: '', FORCE_COLOR: '0' },
  },
});
