import { defineConfig } from 'vitest/config';

/**
 * `npm run fuzz`: ten times the mutations of a normal run, beginning elsewhere.
 * `PROVENANCE_AUDIT_FUZZ` and `PROVENANCE_AUDIT_FUZZ_SEED` ask for other numbers;
 * a failure prints the seed.
 */
const {
  PROVENANCE_AUDIT_FUZZ = '200000',
  PROVENANCE_AUDIT_FUZZ_SEED = '8128',
} = process.env;

export default defineConfig({
  test: {
    include: ['test/fuzz/**/*.test.ts'],
    // Each file is one long computation: both cores of a small machine.
    maxWorkers: '100%',
    hookTimeout: 60_000,
    env: {
      NO_COLOR: '',
      FORCE_COLOR: '0',
      PROVENANCE_AUDIT_FUZZ,
      PROVENANCE_AUDIT_FUZZ_SEED,
    },
  },
});
