import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { buildReport } from '../../src/report/build-report.js';
import { renderText, type TextOptions } from '../../src/report/render-text.js';
import type { Report } from '../../src/report/report.js';
import {
  greenReport,
  HOSTILE_NAME,
  incompleteFinding,
  outOfScope,
  rejected,
  sampleDependency,
  sampleInput,
  sampleReport,
  selectiveReport,
  signed,
  tamperedFinding,
  unavailable,
  unsigned,
  unsignedWarning,
  unverifiable,
  verified,
  violatedFinding,
} from './sample-report.js';

const PLAIN: TextOptions = {
  width: 80,
  color: false,
  verbose: false,
  quiet: false,
};

function render(report: Report, options: Partial<TextOptions> = {}): string {
  return renderText(report, { ...PLAIN, ...options });
}

const named = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `package-${index}`);

describe.each([60, 80, 140])('at %i columns', (width) => {
  it.each([
    ['failing', sampleReport(), false],
    ['failing-verbose', sampleReport(), true],
    ['green', greenReport(), false],
    ['selective', selectiveReport(), false],
  ])('looks as in %s', async (name, report, verbose) => {
    await expect(render(report, { width, verbose })).toMatchFileSnapshot(
      `__snapshots__/${name}-${width}.txt`,
    );
  });
});

const looks = fc.record({
  width: fc.constantFrom(40, 60, 79, 80, 100, 140, 160),
  verbose: fc.boolean(),
  quiet: fc.boolean(),
});

it('tells of a part, however short it is', () => {
  const [quiet] = render(selectiveReport(), { quiet: true }).split('\n');
  expect(quiet).toBe('✔ policy met by what was selected');
  expect(render(greenReport(), { quiet: true })).toBe('✔ policy met\n');
});

describe('any look', () => {
  it('has no line wider than the terminal', () => {
    fc.assert(
      fc.property(looks, (look) => {
        for (const line of render(sampleReport(), look).split('\n')) {
          expect(stringWidth(line)).toBeLessThanOrEqual(look.width);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('has no control character but newlines, and no log command', () => {
    fc.assert(
      fc.property(looks, (look) => {
        const text = render(sampleReport(), look);
        expect(text).not.toMatch(/[^\P{C}\n]/u);
        expect(text).not.toMatch(/^\s*::|##\[/m);
        expect(text).not.toMatch(/ $/m);
        expect(text).toMatch(/[^\n]\n$/);
      }),
      { numRuns: 30 },
    );
  });

  it('says the same with colours', () => {
    fc.assert(
      fc.property(looks, (look) => {
        const coloured = render(sampleReport(), { ...look, color: true });
        expect(coloured).toContain('\u{1b}[');
        expect(stripVTControlCharacters(coloured)).toBe(
          render(sampleReport(), look),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('tells every error', () => {
    fc.assert(
      fc.property(looks, (look) => {
        const text = render(sampleReport(), look);
        for (const rule of ['evidence-rejected', 'provenance-missing']) {
          expect(text).toContain(rule);
        }
        for (const name of ['left-widget', 'plain', 'old-thing', 'alpha']) {
          expect(text).toContain(name);
        }
      }),
      { numRuns: 30 },
    );
  });

  it.each([0, 1, -5, NaN, 1e6, Infinity])(
    'survives a terminal of %d columns',
    (width) => {
      const widest = Math.max(
        ...render(sampleReport(), { width, verbose: true })
          .split('\n')
          .map((line) => stringWidth(line)),
      );
      expect(widest).toBeGreaterThan(20);
      expect(widest).toBeLessThanOrEqual(160);
    },
  );
});

describe('a project that passes', () => {
  const text = render(greenReport());

  it('fits on a screen', () => {
    expect(text.split('\n').length).toBeLessThanOrEqual(24);
  });

  it('gives the verdict before any number', () => {
    expect(text.split('\n').slice(0, 3)).toEqual([
      'provenance-audit  package-lock.json, 412 packages',
      '',
      '✔ policy met',
    ]);
  });

  it('ends with what provenance does not say', () => {
    expect(text.trimEnd().split('\n').at(-1)).toBe(
      'Provenance tells where a package was built, not that it is harmless.',
    );
  });

  it('is one line when quiet', () => {
    expect(render(greenReport(), { quiet: true })).toBe('✔ policy met\n');
  });
});

describe('the verdict', () => {
  const [a, b, c] = [
    sampleDependency('a'),
    sampleDependency('b'),
    sampleDependency('c'),
  ].map((one) => rejected(one));
  if (!a || !b || !c) throw new Error('three subjects');
  const whole = { ...violatedFinding(a), subject: null };

  it.each([
    ['one rejected', [tamperedFinding(a)], 'evidence rejected for 1 package'],
    [
      'two of each',
      [a, b].flatMap((one) => [
        tamperedFinding(one),
        violatedFinding(one),
        incompleteFinding(one),
      ]),
      'evidence rejected for 2 packages, policy violated by 2, 2 could not be',
    ],
    [
      'two findings of one package',
      [violatedFinding(a), violatedFinding(a)],
      'policy violated by 1 package',
    ],
    [
      'incomplete only',
      [incompleteFinding(a)],
      '1 package could not be checked',
    ],
    ['the audit as a whole', [whole], 'policy violated'],
    [
      'the audit as a whole, and packages',
      [whole, tamperedFinding(c)],
      'evidence rejected for 1 package, policy violated',
    ],
  ])('on %s', (_what, findings, verdict) => {
    const report = buildReport(sampleInput([a, b, c], findings));
    expect(render(report, { quiet: true }).split('\n')[0]).toContain(
      `✖ ${verdict}`,
    );
  });

  it('counts warnings without failing', () => {
    const report = buildReport(sampleInput([a], [unsignedWarning(a)]));
    expect(render(report)).toContain('✔ policy met, 1 warning\n');
  });
});

describe('findings', () => {
  it('are told in the order of their gravity', () => {
    const rules = [
      ...render(sampleReport()).matchAll(/^(?:error|warning) {2}([a-z-]+)/gm),
    ].map(([, rule]) => rule);
    expect(rules).toEqual([
      'evidence-rejected',
      'evidence-rejected',
      'provenance-missing',
      'evidence-unavailable',
      'weak-integrity',
      'registry-signature-missing',
    ]);
  });

  it('of one kind become one block that names every package', () => {
    const subjects = named(30).map((name) => signed(sampleDependency(name)));
    const report = buildReport(
      sampleInput(subjects, subjects.map(violatedFinding)),
    );
    const text = render(report);
    expect(text.match(/^error/gm)).toHaveLength(1);
    expect(text).toContain('provenance-missing  30 packages');
    for (const name of named(30)) expect(text).toContain(`${name}@1.0.0 (line`);
  });

  it('of one registry and reason become one block, even without end', () => {
    const asked = named(50).map((name) => unavailable(sampleDependency(name)));
    const weak = unverifiable(sampleDependency('weak'));
    const report = buildReport(
      sampleInput([...asked, weak], [...asked, weak].map(incompleteFinding)),
    );
    const text = render(report);
    expect(text.match(/^error/gm)).toHaveLength(2);
    expect(text).toContain('50 packages of npm.acme.example');
    expect(text).toMatch(/package-2@1\.0\.0 and\s+47 more/);
    expect(render(report, { verbose: true })).toContain('package-49@1.0.0');
  });

  it('that warn are counted, with the first names', () => {
    const subjects = named(40).map((name) => unsigned(sampleDependency(name)));
    const report = buildReport(
      sampleInput(subjects, subjects.map(unsignedWarning)),
    );
    const text = render(report);
    expect(text).toContain('registry-signature-missing  40 packages');
    expect(text).toContain('and 37 more');
    expect(text.split('\n').length).toBeLessThanOrEqual(24);
    expect(render(report, { quiet: true })).toBe('✔ policy met, 40 warnings\n');
  });

  it('show digests short where they differ early, whole where not', () => {
    const subject = rejected(sampleDependency('a'));
    const finding = tamperedFinding(subject);
    const show = (expected: string, found: string): string =>
      render(
        buildReport(sampleInput([subject], [{ ...finding, expected, found }])),
        { width: 140 },
      );
    const [one, two] = ['aa'.repeat(32), 'bb'.repeat(32)];
    expect(show(one, two)).toMatch(/expected {2}a{24}…\n +found {5}b{24}…\n/);
    const near = `${one.slice(0, -1)}b`;
    expect(show(one, near)).toContain(one);
    expect(show(one, near)).toContain(near);
  });

  it('show the reason of an exemption', () => {
    const report = sampleReport();
    const findings = report.findings.map((one) => ({
      ...one,
      exempted: 'vendored copy reviewed',
    }));
    expect(render({ ...report, findings })).toContain('vendored copy reviewed');
  });

  it('show some ways to a package, and all when verbose', () => {
    const paths = ['b', 'c', 'd', 'e', 'f'].map((name) => [
      'my-app',
      name,
      'a',
    ]);
    const subject = signed(sampleDependency('a', '1.0.0', { paths }));
    const report = buildReport(
      sampleInput([subject], [violatedFinding(subject)]),
    );
    expect(render(report)).toContain('my-app › c › a');
    expect(render(report)).not.toContain('my-app › d › a');
    expect(render(report)).toContain('and at least 3 other ways');
    expect(render(report, { verbose: true })).toContain('my-app › f › a');
  });
});

describe('coverage', () => {
  it.each([
    ['no dependency', 0, 0, '░░░░░░░░░░░░░░░░░░░░        –   0 of 0'],
    ['all', 3, 3, '████████████████████  100.0 %   3 of 3'],
    ['all but one of many', 1999, 2000, '99.9 %   1999 of 2000'],
    [
      'two thirds, rounded down',
      2,
      3,
      '█████████████░░░░░░░   66.6 %   2 of 3',
    ],
  ])('of %s', (_what, proven, total, line) => {
    const subjects = named(total).map((name, index) =>
      (index < proven ? verified : signed)(sampleDependency(name)),
    );
    const text = render(buildReport(sampleInput(subjects, [])));
    expect(text).toContain(line);
  });

  it('leaves out rows without a count', () => {
    const text = render(
      buildReport(sampleInput([verified(sampleDependency('a'))], [])),
    );
    expect(text).not.toContain('not proven');
    expect(text).not.toContain('out of scope');
    expect(text).toContain('package-lock.json, 1 package\n');
  });

  it('says what the rest is', () => {
    const report = buildReport(
      sampleInput(
        [
          outOfScope(sampleDependency('a'), 'remote-tarball'),
          outOfScope(sampleDependency('b'), 'git'),
          signed(sampleDependency('c')),
        ],
        [],
      ),
    );
    expect(render(report)).toContain('not proven    1 without provenance\n');
    expect(render(report)).toContain(
      'out of scope  2: 1 git, 1 remote tarball\n',
    );
  });
});

describe('the trust root', () => {
  const tuf = sampleInput([], []).trustRoot;
  it.each([
    [{}, 'Sigstore TUF root 16, checked 3 hours ago'],
    [{ refreshedAt: '2026-11-22T10:00:03.000Z' }, 'checked just now'],
    [{ refreshedAt: '2026-11-22T09:59:00.000Z' }, 'checked just now'],
    [{ refreshedAt: '2026-11-22T09:15:00.000Z' }, 'checked 45 minutes ago'],
    [{ refreshedAt: '2026-11-22T09:00:00.000Z' }, 'checked 1 hour ago'],
    [
      { refreshedAt: '2026-11-24T10:00:00.000Z' },
      'in the future by this clock',
    ],
    [{ refreshedAt: 'nonsense' }, 'checked at an unknown time'],
    [
      { origin: 'cache', refreshedAt: '2026-11-12T10:00:00.000Z' },
      'Sigstore TUF root 16 from the cache, checked 10 days ago',
    ],
    [{ expires: '2026-11-25T10:00:00.000Z' }, ', expires in 3 days'],
    [{ expires: '2026-11-20T10:00:00.000Z' }, ', expired 2 days ago'],
    [{ npmKeysSha256: null }, ', no registry keys'],
    [
      { origin: 'file', rootVersion: null, expires: null, refreshedAt: null },
      'given as a file, sha256 6a6a6a6a6a6a…, freshness unknown',
    ],
  ] as const)('%o', (overrides, text) => {
    const input = {
      ...sampleInput([], []),
      trustRoot: { ...tuf, ...overrides },
    };
    expect(render(buildReport(input), { width: 140 })).toContain(text);
  });
});

it.each([
  [0, '0.0 s'],
  [1943, '1.9 s'],
  [59_999, '59.9 s'],
  [125_000, '2 min 5 s'],
])('%i ms are %s', (total, text) => {
  const report = buildReport({ ...sampleInput([], []), durations: { total } });
  expect(render(report)).toContain(`done in       ${text}, 0 asked`);
});

it('escapes every text of a report', () => {
  const hostile = (value: unknown): unknown => {
    if (typeof value === 'string') return HOSTILE_NAME;
    if (Array.isArray(value)) return value.map(hostile);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        CLOSED.has(key) && typeof inner === 'string' ? inner : hostile(inner),
      ]),
    );
  };
  const report = hostile(sampleReport()) as Report;
  for (const width of [40, 80, 160]) {
    const text = render(report, { width, verbose: true });
    expect(text).toContain('\\u{1b}');
    expect(text).not.toMatch(/[^\P{C}\n]|^\s*::|##\[/mu);
  }
});

/** Closed sets: nobody outside chooses these words. */
const CLOSED = new Set([
  'level',
  'consequence',
  'scope',
  'evidence',
  'verification',
  'result',
  'origin',
]);
