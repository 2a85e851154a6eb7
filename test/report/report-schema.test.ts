import { readFile } from 'node:fs/promises';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { LEVELS } from '../../src/facts/facts.js';
import { buildReport } from '../../src/report/build-report.js';
import { greenReport, sampleInput, sampleReport } from './sample-report.js';

const SCHEMA: unknown = JSON.parse(
  await readFile(
    new URL('../../schema/report.schema.json', import.meta.url),
    'utf8',
  ),
);

function compile(schema: unknown): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
  // CommonJS: the function is the default export of the default export.
  formatsPlugin.default(ajv);
  return ajv.compile(isObject(schema) ? schema : {});
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every object of the schema, with where it is. */
function walk(node: unknown, path = '#'): [string, Record<string, unknown>][] {
  if (Array.isArray(node)) {
    return node.flatMap((one, index) => walk(one, `${path}/${index}`));
  }
  if (!isObject(node)) return [];
  const inner = Object.entries(node).flatMap(([key, value]) =>
    walk(value, `${path}/${key}`),
  );
  return [[path, node], ...inner];
}

/** The schema as it would be if nothing could ever be added. */
function closed(): unknown {
  const copy: unknown = structuredClone(SCHEMA);
  for (const [, node] of walk(copy)) {
    if (isObject(node['properties'])) node['additionalProperties'] ??= false;
  }
  return copy;
}

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
  const validate = compile(closed());

  it.each([
    ['every state', sampleReport()],
    ['a project that passes', greenReport()],
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
    for (const [path, node] of objects) {
      const properties = node['properties'];
      if (!isObject(properties)) continue;
      expect(node['required'], path).toEqual(Object.keys(properties));
      for (const [name, property] of Object.entries(properties)) {
        expect(property, `${path}/${name}`).toMatchObject({
          description: expect.stringMatching(/\.$/) as unknown,
        });
      }
    }
  });

  it('knows the levels of the facts stage', () => {
    const level = walk(SCHEMA).find(([path]) =>
      path.endsWith('/dependency/properties/level'),
    );
    expect(level?.[1]['enum']).toEqual(LEVELS);
  });
});
