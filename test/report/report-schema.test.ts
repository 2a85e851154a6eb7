import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../src/facts/facts.js';
import { buildReport } from '../../src/report/build-report.js';
import {
  greenReport,
  sampleInput,
  sampleReport,
  selectiveReport,
} from './sample-report.js';
import {
  closed,
  compile,
  isObject,
  readSchema,
  undescribed,
  walk,
} from './schemas.js';

const SCHEMA = await readSchema('report.schema.json');

/** A valid report but for the property at `path`. */
function edit(path: readonly string[], change: 'delete' | 'nonsense'): unknown {
  const report: unknown = JSON.parse(JSON.stringify(sampleReport()));
  const owner = path
    .slice(0, -1)
    .reduce<unknown>(
      (node, key) =>
        Array.isArray(node)
          ? (node.find((one) => isObject(one) && isObject(one[key])) ??
            node[Number(key)])
          : isObject(node)
            ? node[key]
            : undefined,
      report,
    );
  if (!isObject(owner)) throw new Error(`nothing at ${path.join('/')}`);
  const key = path.at(-1) ?? '';
  if (change === 'nonsense') owner[key] = { nonsense: true };
  else if (!Reflect.deleteProperty(owner, key)) throw new Error('not deleted');
  return report;
}

describe('report.schema.json', () => {
  const validate = compile(closed(SCHEMA));

  it.each([
    ['every state', sampleReport()],
    ['a project that passes', greenReport()],
    ['a part of a lockfile', selectiveReport()],
    ['no dependency', buildReport(sampleInput([], []))],
  ])('describes each property of a report of %s', (_what, report) => {
    expect(validate(JSON.parse(JSON.stringify(report)))).toBe(true);
    expect(validate.errors).toBeNull();
  });

  it('accepts a field that a later version adds', () => {
    const later = { ...sampleReport(), invented: 1 };
    expect(compile(SCHEMA)(later)).toBe(true);
    expect(validate(later)).toBe(false);
  });

  const properties = isObject(SCHEMA) ? SCHEMA['properties'] : null;
  const required = isObject(properties)
    ? Object.keys(properties).map((key) => [key])
    : [];
  const nested = [
    ['tool', 'verifier'],
    ['lockfile', 'sha256'],
    ['trustRoot', 'trustedRootSha256'],
    ['policy', 'origin'],
    ['summary', 'coverage'],
    ['summary', 'coverage', 'production', 'ratio'],
    ['summary', 'notProven', 'unavailable'],
    ['summary', 'failing', 'tampered'],
    ['dependencies', '0', 'purl'],
    ['dependencies', '0', 'verification'],
    ['findings', '0', 'consequence'],
    ['findings', '0', 'remedy'],
    ['durations', 'total'],
  ];
  it.each([...required, ...nested].map((path) => [path.join('.'), path]))(
    'refuses a report without or with a wrong %s',
    (_name, path) => {
      const open = compile(SCHEMA);
      expect(open(sampleReport())).toBe(true);
      expect(open(edit(path, 'delete'))).toBe(false);
      expect(open(edit(path, 'nonsense'))).toBe(false);
    },
  );

  it('describes and requires every property', () => {
    const objects = walk(SCHEMA).filter(
      ([, node]) => node['type'] === 'object',
    );
    expect(objects.length).toBeGreaterThan(10);
    expect(undescribed(SCHEMA)).toEqual([]);
  });

  it('knows the levels of the facts stage', () => {
    const level = walk(SCHEMA).find(([path]) =>
      path.endsWith('/dependency/properties/level'),
    );
    expect(level?.[1]['enum']).toEqual(LEVELS);
  });
});
