/**
 * Mutation testing of what decides: `npm run mutation`. Not part of the normal
 * run, since it takes about an hour. docs/testing.md has the last one.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts' },
  plugins: ['@stryker-mutator/vitest-runner'],
  mutate: ['src/verification/**/*.ts', 'src/facts/**/*.ts'],
  coverageAnalysis: 'perTest',
  // Static mutants are tables and patterns: those that decide must be mutated too.
  ignoreStatic: false,
  reporters: ['clear-text', 'json', 'progress-append-only'],
  jsonReporter: { fileName: 'reports/mutation.json' },
  clearTextReporter: { allowColor: false, logTests: false },
  thresholds: { high: 95, low: 90, break: 90 },
  concurrency: 2,
  tempDirName: '.stryker-tmp',
};
