import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { greenReport, sampleReport } from './sample-report.js';
import { compile, isObject, readSchema, walk } from './schemas.js';

/** A report and its schema as they were when they were recorded. */
async function readRecorded(name: string): Promise<unknown> {
  const url = new URL(`recorded/${name}`, import.meta.url);
  return JSON.parse(await readFile(url, 'utf8'));
}

const recordedSchema = await readRecorded('report-v1.schema.json');
const recordedReport = await readRecorded('report-v1.json');

/** Today's schema, which requires what it did then and nothing added since. */
async function relaxedSchema(): Promise<unknown> {
  const schema = await readSchema('report.schema.json');
  const then = new Map(walk(recordedSchema));
  for (const [path, node] of walk(schema)) {
    const before = then.get(path)?.['required'];
    if (!Array.isArray(node['required'])) continue;
    node['required'] = Array.isArray(before) ? before : [];
  }
  return schema;
}

it('whoever read reports of then can read those of today', () => {
  const validate = compile(recordedSchema);
  for (const report of [recordedReport, sampleReport(), greenReport()]) {
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
  }
});

it('whoever reads reports of today can read those of then', async () => {
  const validate = compile(await relaxedSchema());
  expect(validate(recordedReport), JSON.stringify(validate.errors)).toBe(true);
});

it('notices what is taken away or changed', async () => {
  const validate = compile(recordedSchema);
  const { lockfile, ...rest } = sampleReport();
  expect(validate(rest)).toBe(false);
  const renamed = { ...rest, lockfile: { ...lockfile, entries: '3' } };
  expect(validate(renamed)).toBe(false);
  const changed = await relaxedSchema();
  const entries = walk(changed).find(([path]) =>
    path.endsWith('/lockfile/properties/entries'),
  )?.[1];
  if (!isObject(entries)) throw new Error('no entries in the schema');
  entries['type'] = 'string';
  expect(compile(changed)(recordedReport)).toBe(false);
});
