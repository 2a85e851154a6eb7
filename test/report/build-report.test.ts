import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Finding, Subject } from '../../src/policy/verdict.js';
import { buildReport } from '../../src/report/build-report.js';
import { renderJson, renderJsonParts } from '../../src/report/render-json.js';
import type { Report } from '../../src/report/report.js';
import {
  incompleteFinding,
  NO_FACTS,
  outOfScope,
  rejected,
  sampleDependency,
  sampleInput,
  sampleProvenance,
  sampleReport,
  signed,
  tamperedFinding,
  unavailable,
  unsigned,
  unsignedWarning,
  unverifiable,
  verified,
  violatedFinding,
} from './sample-report.js';

function build(
  subjects: readonly Subject[],
  findings: readonly Finding[] = [],
): Report {
  return buildReport(sampleInput(subjects, findings));
}

const anyDependency = fc
  .record({
    name: fc.constantFrom('a', 'b', '@acme/a', '__proto__'),
    version: fc.constantFrom('1.0.0', '2.0.0'),
    production: fc.boolean(),
    direct: fc.boolean(),
    resolved: fc.option(fc.constantFrom('x', 'y')),
    integrity: fc.option(fc.constantFrom('sha512-x', 'sha512-y')),
  })
  .map(({ name, version, resolved, integrity, production, direct }) =>
    sampleDependency(name, version, {
      origin: { kind: 'registry', resolved },
      integrity,
      production,
      direct,
    }),
  );

const anySubject: fc.Arbitrary<Subject> = fc
  .tuple(
    anyDependency,
    fc.constantFrom(
      verified,
      signed,
      unsigned,
      rejected,
      unverifiable,
      unavailable,
      (one: ReturnType<typeof sampleDependency>) => outOfScope(one, 'git'),
      (one: ReturnType<typeof sampleDependency>) => outOfScope(one, 'bundled'),
      // Rejected although the registry could not be asked.
      (one: ReturnType<typeof sampleDependency>): Subject => ({
        ...rejected(one),
        evidence: unavailable(one).evidence,
      }),
    ),
  )
  .map(([dependency, toSubject]) => toSubject(dependency));

const anySubjects = fc.array(anySubject, { maxLength: 40 }).map((subjects) =>
  // Distinct places, as in a lockfile.
  subjects.map((subject, index) => ({
    ...subject,
    dependency: {
      ...subject.dependency,
      locations: [`node_modules/${index}`],
    },
  })),
);

const sum = (row: Readonly<Record<string, number>>): number =>
  Object.values(row).reduce((total, count) => total + count, 0);

describe('buildReport counts', () => {
  it('every dependency exactly once in every row', () => {
    fc.assert(
      fc.property(anySubjects, (subjects) => {
        const { summary, dependencies } = build(subjects);
        expect(dependencies).toHaveLength(subjects.length);
        expect(summary.dependencies).toBe(subjects.length);
        expect(summary.inScope + sum(summary.outOfScope)).toBe(subjects.length);
        expect(sum(summary.evidence)).toBe(summary.inScope);
        expect(sum(summary.verification)).toBe(summary.inScope);
        expect(sum(summary.level)).toBe(summary.inScope);
        const { all } = summary.coverage;
        expect(all.eligible).toBe(summary.inScope);
        expect(all.verified + sum(summary.notProven)).toBe(summary.inScope);
      }),
    );
  });

  it('coverage that is never rounded up', () => {
    fc.assert(
      fc.property(anySubjects, (subjects) => {
        for (const one of Object.values(build(subjects).summary.coverage)) {
          expect(one.ratio * one.eligible).toBeLessThanOrEqual(one.verified);
          expect(one.ratio === 1).toBe(
            one.eligible > 0 && one.verified === one.eligible,
          );
        }
      }),
    );
  });

  it.each([
    ['nothing', [], { verified: 0, eligible: 0, ratio: 0 }],
    [
      'two of three',
      [verified, verified, signed],
      { verified: 2, eligible: 3, ratio: 0.6666 },
    ],
    [
      'what could not be asked, below the line',
      [verified, unavailable],
      { verified: 1, eligible: 2, ratio: 0.5 },
    ],
    [
      'what was rejected or is unverifiable, below the line',
      [verified, rejected, unverifiable, unsigned],
      { verified: 1, eligible: 4, ratio: 0.25 },
    ],
  ])('coverage of %s', (_what, makers, coverage) => {
    const subjects = makers.map((make, index) =>
      make(sampleDependency(`package-${index}`)),
    );
    expect(build(subjects).summary.coverage.all).toEqual(coverage);
  });

  it('coverage without what is out of scope', () => {
    const subjects = [
      verified(sampleDependency('a')),
      outOfScope(sampleDependency('b'), 'git'),
    ];
    expect(build(subjects).summary.coverage.all.ratio).toBe(1);
  });

  it('coverage of production and of what the root names apart', () => {
    const { coverage } = build([
      verified(sampleDependency('a', '1.0.0', { production: false })),
      signed(sampleDependency('b', '1.0.0', { direct: true })),
    ]).summary;
    expect(coverage.production).toEqual({ verified: 0, eligible: 1, ratio: 0 });
    expect(coverage.direct).toEqual({ verified: 0, eligible: 1, ratio: 0 });
    expect(coverage.all.verified).toBe(1);
  });

  it('no provenance of a dependency with rejected evidence', () => {
    const dependency = sampleDependency('a');
    const subject: Subject = {
      ...rejected(dependency),
      facts: {
        ...NO_FACTS,
        verification: 'rejected',
        provenance: sampleProvenance(),
      },
    };
    expect(build([subject]).summary.coverage.all.verified).toBe(0);
  });

  it('a package with two findings once among the failing', () => {
    const subject = signed(sampleDependency('a'));
    const { summary } = build(
      [subject],
      [violatedFinding(subject), violatedFinding(subject)],
    );
    expect(summary.failing).toEqual({
      tampered: 0,
      violated: 1,
      incomplete: 0,
    });
    expect(summary.findings).toEqual({ error: 2, warning: 0 });
  });
});

describe('buildReport', () => {
  it('gives the same bytes for every order of the subjects', () => {
    fc.assert(
      fc.property(
        anySubjects.chain((subjects) =>
          fc.tuple(
            fc.constant(subjects),
            fc.shuffledSubarray(subjects, { minLength: subjects.length }),
          ),
        ),
        ([subjects, shuffled]) => {
          const { dependencies } = build(subjects);
          expect(JSON.stringify(build(shuffled).dependencies)).toBe(
            JSON.stringify(dependencies),
          );
        },
      ),
    );
  });

  it('sorts by name, then version, by code unit', () => {
    const subjects = [
      ['b', '1.0.0'],
      ['a', '2.0.0'],
      ['B', '1.0.0'],
      ['a', '10.0.0'],
    ].map(([name, version]) => signed(sampleDependency(name ?? '', version)));
    expect(
      build(subjects).dependencies.map(({ name, version }) => name + version),
    ).toEqual(['B1.0.0', 'a10.0.0', 'a2.0.0', 'b1.0.0']);
  });

  it('sorts one name and version by origin, address and integrity', () => {
    const keys = [
      ['git', 'x', 'sha512-a'],
      ['registry', null, 'sha512-b'],
      ['registry', 'x', null],
      ['registry', 'x', 'sha512-a'],
      ['registry', 'y', 'sha512-a'],
    ] as const;
    const subjects = keys.map(([kind, resolved, integrity], index) =>
      signed(
        sampleDependency('a', '1.0.0', {
          origin: { kind, resolved },
          integrity,
          // The places alone would give the opposite order.
          locations: [`node_modules/${keys.length - index}`],
        }),
      ),
    );
    expect(
      build(subjects.toReversed()).dependencies.map((one) => [
        one.resolved,
        one.integrity,
        one.locations[0],
      ]),
    ).toEqual(
      subjects.map(({ dependency }) => [
        dependency.origin.resolved,
        dependency.integrity,
        dependency.locations[0],
      ]),
    );
  });

  it('puts errors first and keeps the order of the rules otherwise', () => {
    const subject = rejected(sampleDependency('a'));
    const { findings, result, exitCode } = build(
      [subject],
      [
        unsignedWarning(subject),
        tamperedFinding(subject),
        violatedFinding(subject),
      ],
    );
    expect(findings.map(({ rule }) => rule)).toEqual([
      'evidence-rejected',
      'provenance-missing',
      'registry-signature-missing',
    ]);
    expect({ result, exitCode }).toEqual({ result: 'tampered', exitCode: 4 });
  });

  it('says where a finding is, and nowhere for the audit as a whole', () => {
    const subject = unavailable(sampleDependency('a', '1.0.0', { line: 7 }));
    const whole = { ...incompleteFinding(subject), subject: null };
    const { findings } = build([subject], [incompleteFinding(subject), whole]);
    expect(findings).toMatchObject([
      {
        package: 'a@1.0.0',
        location: { file: 'package-lock.json', line: 7, column: 5 },
        paths: [['my-app', 'build-kit', 'a']],
      },
      { package: null, location: null, paths: [] },
    ]);
  });

  it('states names as purl, dates as ISO 8601', () => {
    const [one] = build([verified(sampleDependency('@acme/a'))]).dependencies;
    expect(one).toMatchObject({
      purl: 'pkg:npm/%40acme/a@1.0.0',
      provenance: { signedAt: '2026-11-02T10:14:00.000Z' },
      publish: { signedAt: '2026-11-02T10:15:00.000Z' },
    });
  });

  it.each([
    [
      'evidence without facts',
      { ...signed(sampleDependency('a')), facts: null },
    ],
    [
      'facts out of scope',
      { ...outOfScope(sampleDependency('a'), 'git'), facts: NO_FACTS },
    ],
  ])('refuses %s', (_what, subject) => {
    expect(() => build([subject])).toThrow('facts belong to dependencies');
  });
});

describe('renderJson', () => {
  const json = renderJson(sampleReport());

  it('keeps every value', () => {
    expect(JSON.parse(json)).toEqual(sampleReport());
  });

  it('is indented and ends with one newline', () => {
    expect(json).toMatch(/^\{\n {2}"schemaVersion": 1,\n[^]*\n\}\n$/);
  });

  it('has nothing that a terminal or a log would obey', () => {
    // Not even C1, which JSON.stringify leaves as it is.
    expect(json).not.toMatch(/[^\P{C}\n]|##\[/u);
  });

  it('is the same for the same input', () => {
    expect(renderJson(sampleReport())).toBe(json);
  });

  it('is the same in parts', () => {
    const parts = [...renderJsonParts(sampleReport())];
    expect(parts.join('')).toBe(json);
    expect(parts.length).toBeGreaterThan(sampleReport().dependencies.length);
  });
});
