import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/policy/verdict.js';
import type { InspectedPackage } from '../../src/report/package-report.js';
import {
  failed,
  notMade,
  ofAttestation,
  passed,
  undecided,
} from '../../src/verification/check.js';
import {
  goodSubject,
  hostileSubject,
  packageReportOf,
  samplePackageReport,
  withChecks,
} from './sample-package-report.js';
import {
  rejected,
  sampleDependency,
  tamperedFinding,
  verified,
  violatedFinding,
} from './sample-report.js';

function only(packages: readonly InspectedPackage[]): InspectedPackage {
  const [first] = packages;
  if (first === undefined) throw new Error('no package');
  return first;
}

describe('a report on packages', () => {
  it('keeps every check with outcome, expected and found', () => {
    const { checks } = only(packageReportOf([hostileSubject()]).packages);
    expect(checks).toHaveLength(8);
    expect(checks[0]).toEqual({
      check: 'entry-kind',
      number: 'C1',
      group: 'lockfile',
      title: 'kind of entry',
      attestation: null,
      outcome: 'passed',
      code: null,
      message: null,
      expected: 'a tarball of a registry',
      found: 'registry',
    });
    expect(checks[5]).toMatchObject({
      check: 'subject-digest',
      outcome: 'failed',
      code: 'subject-digest',
      attestation: 0,
    });
    expect(checks[1]).toMatchObject({ outcome: 'not-made', code: null });
  });

  it('keeps all rejections, the most telling first', () => {
    const { rejections } = only(packageReportOf([hostileSubject()]).packages);
    expect(rejections.map(({ code }) => code)).toEqual([
      'subject-digest',
      'identity-ref',
    ]);
  });

  it.each([
    ['passed', [passed('signature')], 'verified'],
    ['passed but for one', [passed('signature'), rejection()], 'rejected'],
    [
      'passed but for an undecided one',
      [passed('signature'), doubt()],
      'undecided',
    ],
    ['failed beside an undecided one', [doubt(), rejection()], 'rejected'],
    ['not made', [notMade('signature', 'the form was wrong')], 'undecided'],
    ['none', [], 'undecided'],
  ] as const)(
    'rates an attestation whose checks are %s',
    (_what, checks, outcome) => {
      const subject = withChecks(
        verified(sampleDependency('a')),
        ofAttestation(checks, 0),
        ['https://slsa.dev/provenance/v1'],
      );
      expect(only(packageReportOf([subject]).packages).attestations).toEqual([
        { predicateType: 'https://slsa.dev/provenance/v1', outcome },
      ]);
    },
  );

  it('has no checks out of scope', () => {
    const one = samplePackageReport().packages.find(
      ({ name }) => name === 'from-git',
    );
    expect(one).toMatchObject({ checks: [], attestations: [] });
  });

  it('leaves findings about the whole audit out of findings and result', () => {
    const subject = goodSubject();
    const whole: Finding = { ...violatedFinding(subject), subject: null };
    expect(packageReportOf([subject], [whole])).toMatchObject({
      result: 'pass',
      exitCode: 0,
      findings: [],
    });
    const bad = rejected(sampleDependency('b'));
    expect(packageReportOf([bad], [whole, tamperedFinding(bad)])).toMatchObject(
      {
        result: 'tampered',
        exitCode: 4,
        findings: [{ rule: 'evidence-rejected' }],
      },
    );
  });

  it('is the same whatever the order of the packages', () => {
    const [a, b] = [goodSubject(), hostileSubject()];
    expect(JSON.stringify(packageReportOf([a, b]))).toBe(
      JSON.stringify(packageReportOf([b, a])),
    );
  });
});

function rejection() {
  return failed('subject-name', {
    kind: 'mismatch',
    code: 'subject-name',
    message: 'another package',
  });
}

function doubt() {
  return undecided('signing-key', {
    code: 'registry-keys-missing',
    message: 'no keys',
  });
}
