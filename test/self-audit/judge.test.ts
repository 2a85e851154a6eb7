import { describe, expect, it } from 'vitest';

import { judge, judgeRecorded } from './judge.js';

const dependency = {
  scope: 'in-scope',
  integrity: 'sha512-AAAA',
  unavailable: { code: 'registry-without-evidence' },
};
const finding = {
  level: 'error',
  consequence: 'incomplete',
  rule: 'evidence-unavailable',
  package: 'left-pad@1.3.0',
  message: 'none',
};
const silent = {
  exitCode: 3,
  summary: {
    inScope: 1,
    outOfScope: {},
    evidence: { unavailable: 1 },
    verification: { verified: 0 },
  },
  dependencies: [dependency],
  findings: [finding],
};

it('accepts a registry that serves none, and says so', () => {
  expect(judge(silent)).toContain('none of 1 packages is proven here');
});

it('accepts an audit that passed', () => {
  const summary = { ...silent.summary, verification: { verified: 1 } };
  const passed = { ...silent, exitCode: 0, summary, findings: [] };
  expect(judge(passed)).toContain('policy met, 1 of 1');
});

it.each([
  ['rejected evidence', { exitCode: 4 }],
  ['a violation', { findings: [{ ...finding, consequence: 'violated' }] }],
  [
    'a registry that could not be reached',
    { dependencies: [{ ...dependency, unavailable: { code: 'network' } }] },
  ],
  [
    'one answer that did not come, among others',
    {
      dependencies: [
        dependency,
        { ...dependency, unavailable: { code: 'timeout' } },
      ],
    },
  ],
  [
    'an entry without a SHA-512',
    { dependencies: [{ ...dependency, integrity: 'sha1-AAAA' }] },
  ],
  [
    'a dependency by git',
    { exitCode: 0, summary: { ...silent.summary, outOfScope: { git: 1 } } },
  ],
])('refuses %s', (_what, change) => {
  expect(() => judge({ ...silent, ...change })).toThrow();
});

describe('recorded evidence', () => {
  const release = {
    name: 'sigstore',
    version: '2.3.1',
    verification: 'verified',
  };
  const about = { ...finding, rule: 'setting-without-effect' };
  const proven = { exitCode: 0, dependencies: [release], findings: [about] };

  it('is accepted where all of it is proven', () => {
    expect(judgeRecorded(proven)).toBe('sigstore@2.3.1 verified');
  });

  it('is accepted without registry signatures, which nobody recorded', () => {
    const unsigned = { ...finding, rule: 'registry-signature-missing' };
    const change = { exitCode: 1, findings: [about, unsigned] };
    expect(judgeRecorded({ ...proven, ...change })).toContain('verified');
  });

  it.each([
    ['that violates something', { exitCode: 1 }],
    ['that is rejected', { exitCode: 4 }],
    ['of nothing', { dependencies: [] }],
    [
      'that proves nothing',
      { dependencies: [release, { ...release, verification: 'none' }] },
    ],
    ['with a finding', { findings: [{ ...finding, rule: 'source-changed' }] }],
  ])('is refused %s', (_what, change) => {
    expect(() => judgeRecorded({ ...proven, ...change })).toThrow('recorded');
  });
});
