import { expect, it } from 'vitest';
import { slsaLevel } from '../../src/facts/slsa-level.js';
import { sampleProvenance } from '../report/sample-report.js';

const GENERATOR = 'https://github.com/slsa-framework/slsa-github-generator';
const isolated = {
  buildType: `${GENERATOR}/delegator-generic@v0`,
  builder: `${GENERATOR}/.github/workflows/builder_nodejs_slsa3.yml@refs/tags/v2.1.0`,
};

it.each([
  ['no provenance', null, 0],
  ['npm on a hosted runner', {}, 2],
  ['GitLab’s runner', { runner: 'gitlab-hosted' as const }, 2],
  ['the project’s own runner', { runner: 'self-hosted' as const }, 1],
  ['a runner that nobody names', { runner: null }, 1],
  ['SLSA’s generator', isolated, 3],
  [
    'the generator on another’s runner',
    { ...isolated, runner: 'self-hosted' as const },
    1,
  ],
  [
    'a branch of the generator',
    {
      ...isolated,
      builder: isolated.builder.replace('tags/v2.1.0', 'heads/x'),
    },
    2,
  ],
  ['its builder alone', { builder: isolated.builder }, 2],
  ['its build type alone', { buildType: isolated.buildType }, 2],
])('%s is build level %s', (_what, change, level) => {
  const provenance =
    change === null ? null : { ...sampleProvenance(), ...change };
  expect(slsaLevel(provenance)).toBe(level);
});
