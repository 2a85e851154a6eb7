import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Ajv, type ValidateFunction } from 'ajv';
import formatsPlugin from 'ajv-formats';
import { expect } from 'vitest';

const resolve = createRequire(import.meta.url).resolve;

/** OASIS's schema, as a package of its editors ships it (2.1.0-rtm.5). */
export async function compileSarif(): Promise<ValidateFunction> {
  const entry = resolve('@microsoft/jest-sarif');
  const url = new URL(
    'schemas/sarif-2.1.0-rtm.5.json',
    `file://${entry.slice(0, entry.lastIndexOf('lib/') + 4)}`,
  );
  const { id, $schema, ...schema } = JSON.parse(
    await readFile(url, 'utf8'),
  ) as Record<string, unknown>;
  // Read as a later draft, in which what it uses means the same.
  expect([id, $schema]).toEqual([
    expect.stringContaining('sarif-2.1.0-rtm.5'),
    'http://json-schema.org/draft-04/schema#',
  ]);
  const ajv = new Ajv({
    ...{ strict: false, allErrors: true, unicodeRegExp: false },
  });
  formatsPlugin.default(ajv);
  return ajv.compile(schema);
}
