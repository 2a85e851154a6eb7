import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Nothing of the developer's own npm configuration may decide a test.
    env: { NO_COLOR: '', FORCE_COLOR: '0' },
  },
});
