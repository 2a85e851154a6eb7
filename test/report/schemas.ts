import { readFile } from 'node:fs/promises';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formatsPlugin from 'ajv-formats';

/** A schema that is shipped, by its file name. */
export async function readSchema(name: string): Promise<unknown> {
  const url = new URL(`../../schema/${name}`, import.meta.url);
  return JSON.parse(await readFile(url, 'utf8'));
}

/** Compiles `schema`, which may refer to the `others`. */
export function compile(
  schema: unknown,
  others: readonly unknown[] = [],
): ValidateFunction {
  const ajv = new Ajv2020({ allErrors: true, strictTypes: false });
  // CommonJS: the function is the default export of the default export.
  formatsPlugin.default(ajv);
  for (const other of others) ajv.addSchema(isObject(other) ? other : {});
  return ajv.compile(isObject(schema) ? schema : {});
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every object of the schema, with where it is. */
export function walk(
  node: unknown,
  path = '#',
): [string, Record<string, unknown>][] {
  if (Array.isArray(node)) {
    return node.flatMap((one, index) => walk(one, `${path}/${index}`));
  }
  if (!isObject(node)) return [];
  const inner = Object.entries(node).flatMap(([key, value]) =>
    walk(value, `${path}/${key}`),
  );
  return [[path, node], ...inner];
}

/**
 * The schema as it would be if nothing could ever be added, but to the objects
 * at `open`, which others extend.
 */
export function closed(schema: unknown, open: readonly string[] = []): unknown {
  const copy: unknown = structuredClone(schema);
  for (const [path, node] of walk(copy)) {
    if (!isObject(node['properties']) || open.includes(path)) continue;
    node['unevaluatedProperties'] ??= false;
  }
  return copy;
}

/** Every object describes and requires each of its properties, in order. */
export function undescribed(schema: unknown): string[] {
  return walk(schema).flatMap(([path, node]) => {
    const properties = node['properties'];
    if (node['type'] !== 'object' || !isObject(properties)) return [];
    const names = Object.keys(properties);
    const isComplete =
      JSON.stringify(node['required']) === JSON.stringify(names);
    const bare = names.filter((name) => {
      const property = properties[name];
      if (!isObject(property)) return true;
      const { description } = property;
      const isWord =
        typeof description === 'string' && description.endsWith('.');
      return !isWord && typeof property['$ref'] !== 'string';
    });
    return [
      ...(isComplete ? [] : [path]),
      ...bare.map((name) => `${path}/properties/${name}`),
    ];
  });
}
