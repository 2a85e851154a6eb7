import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderPackageText } from '../../src/report/render-package-text.js';
import type { TextOptions } from '../../src/report/render-text.js';
import {
  goodSubject,
  hostileSubject,
  packageReportOf,
  samplePackageReport,
  weakSubject,
} from './sample-package-report.js';
import {
  HOSTILE_NAME,
  incompleteFinding,
  outOfScope,
  sampleDependency,
  signed,
  tamperedFinding,
  unavailable,
} from './sample-report.js';

const PLAIN: TextOptions = {
  width: 80,
  color: false,
  verbose: false,
  quiet: false,
};

describe.each([60, 80, 140])('at %i columns', (width) => {
  it.each([
    ['a good one', 'package-good', packageReportOf([goodSubject()])],
    ['one in every state', 'package-states', samplePackageReport()],
  ])('%s looks as in the file', async (_what, name, report) => {
    const text = renderPackageText(report, { ...PLAIN, width });
    await expect(text).toMatchFileSnapshot(
      `__snapshots__/${name}-${width}.txt`,
    );
  });
});

const looks = fc.record({
  width: fc.constantFrom(40, 60, 79, 80, 100, 140, 160),
  verbose: fc.boolean(),
  quiet: fc.boolean(),
});

describe('any look', () => {
  const render = (look: Partial<TextOptions>): string =>
    renderPackageText(samplePackageReport(), { ...PLAIN, ...look });

  it('has no line wider than the terminal', () => {
    fc.assert(
      fc.property(looks, (look) => {
        for (const line of render(look).split('\n')) {
          expect(stringWidth(line)).toBeLessThanOrEqual(look.width);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('has no control character but newlines, and no log command', () => {
    fc.assert(
      fc.property(looks, (look) => {
        const text = render(look);
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
        const coloured = render({ ...look, color: true });
        expect(coloured).toContain('\u{1b}[');
        expect(stripVTControlCharacters(coloured)).toBe(render(look));
      }),
      { numRuns: 30 },
    );
  });

  it('tells every package and every reason', () => {
    fc.assert(
      fc.property(looks, (look) => {
        const text = render(look);
        for (const { name } of samplePackageReport().packages) {
          if (name !== HOSTILE_NAME) expect(text).toContain(name);
        }
        for (const code of ['subject-digest', 'identity-ref', 'no-sha512']) {
          expect(text).toContain(code);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('escapes every text of a report', () => {
    const closed = new Set([
      ...['level', 'consequence', 'scope', 'evidence', 'verification'],
      ...['origin', 'outcome', 'group', 'registrySignature'],
    ]);
    const hostile = (value: unknown, key = ''): unknown => {
      if (typeof value === 'string') {
        return closed.has(key) ? value : HOSTILE_NAME;
      }
      if (Array.isArray(value)) return value.map((one) => hostile(one));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, inner]) => [
          name,
          hostile(inner, name),
        ]),
      );
    };
    const report = hostile(samplePackageReport()) as ReturnType<
      typeof samplePackageReport
    >;
    for (const width of [40, 80, 160]) {
      const text = renderPackageText(report, {
        ...PLAIN,
        width,
        verbose: true,
      });
      expect(text).toContain('\\u{1b}');
      expect(text).not.toMatch(/[^\P{C}\n]|^\s*::|##\[/mu);
    }
  });
});

describe('a package', () => {
  const render = (...parameters: Parameters<typeof packageReportOf>): string =>
    renderPackageText(packageReportOf(...parameters), PLAIN);
  const refused = unavailable(sampleDependency('a'));
  const hostile = hostileSubject();

  it.each([
    ['good', goodSubject(), 'provenance, verified'],
    ['rejected', hostile, 'rejected: subject-digest'],
    ['unverifiable', weakSubject(), 'unverifiable: weak-integrity'],
    ['not asked', refused, 'not asked: auth'],
    ['signed only', signed(sampleDependency('a')), 'registry signature'],
    ['from git', outOfScope(sampleDependency('a'), 'git'), 'out of scope: git'],
  ])('%s leads with its state', (_what, subject, state) => {
    const [title = ''] = render([subject]).split('\n\n');
    expect(title).toContain(state);
  });

  it('leads with the most telling rejection, and tells the others after', () => {
    const text = render([hostile], [tamperedFinding(hostile)]);
    const [finding, other, list] = [
      text.indexOf('error  evidence-rejected'),
      text.indexOf('rejected  identity-ref'),
      text.indexOf('  checks'),
    ];
    expect(finding).toBeGreaterThan(0);
    expect(other).toBeGreaterThan(finding);
    expect(list).toBeGreaterThan(other);
    expect(text).not.toContain('rejected  subject-digest');
  });

  it('tells each rejection where policy finds nothing', () => {
    expect(render([hostile])).toContain('rejected  subject-digest');
  });

  it('does not name the command that is running', () => {
    const text = render([hostile], [tamperedFinding(hostile)]);
    expect(text).not.toContain('provenance-audit show');
  });

  it('lists every check, and an attestation that proves nothing', () => {
    const text = render([goodSubject()]);
    expect(text).toContain('checks  10 passed, 2 not made');
    expect(text.match(/^ {4}[✔✖?–] /gm)).toHaveLength(12);
    expect(text).toContain('attestation 0: npm publish v0.1');
    expect(text).toContain('attestation 2: https://example.org/sbom');
    expect(text).toContain('also signed');
    expect(text).toContain('as widget');
  });

  it('is only title and reasons when quiet', () => {
    const report = packageReportOf(
      [goodSubject(), weakSubject()],
      [incompleteFinding(weakSubject())],
    );
    const text = renderPackageText(report, { ...PLAIN, quiet: true });
    expect(text).not.toContain('checks');
    expect(text).not.toContain('harmless');
    expect(text).toContain('undecided  no-sha512');
    expect(
      renderPackageText(packageReportOf([goodSubject()]), {
        ...PLAIN,
        quiet: true,
      }),
    ).toMatch(/^@acme\/widget 1\.0\.0 +provenance, verified\n$/);
  });

  it('has digests in full when verbose', () => {
    const report = packageReportOf([goodSubject()]);
    const full = renderPackageText(report, { ...PLAIN, verbose: true });
    expect(full.length).toBeGreaterThan(
      renderPackageText(report, PLAIN).length,
    );
    expect(full).not.toContain('…');
  });
});
