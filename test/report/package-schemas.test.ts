import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/verification/check-catalogue.js';
import {
  packageReportOf,
  samplePackageReport,
} from './sample-package-report.js';
import {
  closed,
  compile,
  isObject,
  readSchema,
  undescribed,
} from './schemas.js';

const REPORT = await readSchema('report.schema.json');
const PACKAGES = await readSchema('package-report.schema.json');
/** A package has these fields and more. */
const EXTENDED = ['#/$defs/dependency'];

function plain(report: unknown): unknown {
  return JSON.parse(JSON.stringify(report));
}

describe('package-report.schema.json', () => {
  const validate = compile(closed(PACKAGES), [closed(REPORT, EXTENDED)]);

  it.each([
    ['packages in every state', samplePackageReport()],
    ['no package', packageReportOf([])],
  ])('describes each property of a report on %s', (_what, report) => {
    validate(plain(report));
    expect(validate.errors).toBeNull();
  });

  it('accepts a field that a later version adds, where it is not closed', () => {
    const later = { ...samplePackageReport(), invented: 1 };
    expect(compile(PACKAGES, [REPORT])(plain(later))).toBe(true);
    expect(validate(plain(later))).toBe(false);
  });

  it.each(Object.keys(samplePackageReport()))('requires %s', (name) => {
    const report = plain(samplePackageReport());
    if (!isObject(report)) throw new Error('no object');
    expect(Reflect.deleteProperty(report, name)).toBe(true);
    expect(compile(PACKAGES, [REPORT])(report)).toBe(false);
  });

  it.each(['checks', 'attestations', 'purl', 'verification'])(
    'requires %s of a package',
    (name) => {
      const report = samplePackageReport();
      const packages = report.packages.map((one) =>
        Object.fromEntries(Object.entries(one).filter(([key]) => key !== name)),
      );
      const open = compile(PACKAGES, [REPORT]);
      expect(open(plain({ ...report, packages }))).toBe(false);
    },
  );

  it('describes and requires every property', () => {
    expect(undescribed(PACKAGES)).toEqual([]);
  });

  it('knows checks and numbers as the catalogue has them', () => {
    for (const [id, { number, group }] of Object.entries(CHECKS)) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(number).toMatch(/^C[0-9]+$/);
      expect(JSON.stringify(PACKAGES)).toContain(`"${group}"`);
    }
  });
});
