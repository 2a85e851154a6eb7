import fc from 'fast-check';
import { toBody } from './harness.js';
import {
  addMember,
  changeAt,
  entriesOf,
  formatPath,
  pathsOf,
  replaceAt,
  valueAt,
  type Path,
} from './json.js';
import { bytesAt, signedPaths, withBytes } from './signed-fields.js';

/** A document as served, and in words how it differs from an honest one. */
export interface Mutated {
  readonly document: Buffer;
  readonly what: string;
}

/** Shown by its description alone when a test fails. */
export function mutated(document: Buffer, what: string): Mutated {
  const shown = { [fc.toStringMethod]: () => what };
  return { document, what, ...shown };
}

/** One byte below the base64 of a signed value or a signature, changed. */
export function flippedField(document: unknown): fc.Arbitrary<Mutated> {
  const fields = signedPaths(document).map((path) => ({
    path,
    bytes: bytesAt(document, path),
  }));
  return fc
    .record({
      field: fc.constantFrom(...fields),
      position: fc.nat(1_000_000),
      mask: fc.integer({ min: 1, max: 255 }),
    })
    .map(({ field: { path, bytes }, position, mask }) => {
      const at = position % bytes.length;
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ mask;
      return mutated(
        toBody(withBytes(document, path, changed)),
        `${formatPath(path)}, byte ${at} ^ ${mask}`,
      );
    });
}

/** One change of a JSON value: a new value, and what was done. */
export interface Edit {
  readonly value: unknown;
  readonly what: string;
}

/** Stands for a number that JSON can write but a double cannot hold. */
const HUGE = '\u0000huge';

/** What a value is replaced by, besides a list around itself. */
const REPLACEMENTS: readonly unknown[] = [null, 0, '', [], {}, 'a', HUGE];

/** The value at `path` gone, replaced by each other kind, or put in a list. */
export function editsAt(document: unknown, path: Path): readonly Edit[] {
  const where = formatPath(path);
  return [
    { value: changeAt(document, path, () => []), what: `${where} removed` },
    ...[...REPLACEMENTS, [valueAt(document, path)]].map((other) => ({
      value: replaceAt(document, path, other),
      what: `${where} = ${JSON.stringify(other).slice(0, 40)}`,
    })),
  ];
}

/** As served; the number too large for a double is written out. */
export function toText(document: unknown): Buffer {
  const text = JSON.stringify(document);
  return Buffer.from(text.replaceAll(JSON.stringify(HUGE), '1e999'));
}

/**
 * One to three edits one after the other: a value removed, replaced by another
 * kind or by another value of the document, exchanged with another, copied
 * under another name, an element repeated.
 */
export function editedValue(document: unknown): fc.Arbitrary<Mutated> {
  const numbers = fc.tuple(fc.nat(), fc.nat(), fc.nat());
  return fc.array(numbers, { minLength: 1, maxLength: 3 }).map((choices) => {
    const edits: string[] = [];
    let value = document;
    for (const choice of choices) {
      const edit = editOnce(value, choice);
      edits.push(edit.what);
      value = edit.value;
    }
    return mutated(toText(value), edits.join('; '));
  });
}

type Choice = readonly [number, number, number];

function editOnce(document: unknown, [kind, first, second]: Choice): Edit {
  const paths = pathsOf(document);
  const path = paths[first % paths.length];
  const other = paths[second % paths.length];
  if (path === undefined || other === undefined) {
    return { value: document, what: 'nothing is left' };
  }
  const sides = `${formatPath(path)} and ${formatPath(other)}`;
  const value = valueAt(document, path);
  switch (kind % 5) {
    case 0: {
      const edits = editsAt(document, path);
      return edits[second % edits.length] ?? { value: document, what: 'none' };
    }
    case 1:
      return {
        value: replaceAt(document, other, value),
        what: `copied over: ${sides}`,
      };
    case 2:
      return {
        value: replaceAt(
          replaceAt(document, path, valueAt(document, other)),
          other,
          value,
        ),
        what: `exchanged: ${sides}`,
      };
    case 3:
      return {
        value: addMember(document, parentOf(document, other), [
          path.at(-1) ?? '',
          value,
        ]),
        what: `copied beside: ${sides}`,
      };
    default:
      return {
        value: changeAt(document, path, (key, member) => [
          [key, member],
          [`${key}2`, member],
        ]),
        what: `twice: ${formatPath(path)}`,
      };
  }
}

/** The nearest object that holds the value at `path`. */
function parentOf(document: unknown, path: Path): Path {
  const parent = path.slice(0, -1);
  return Array.isArray(valueAt(document, parent)) && parent.length > 0
    ? parentOf(document, parent)
    : parent;
}

/**
 * A member written twice, with the same, no or another value, before or after
 * the others, its name also in another spelling.
 */
export function repeatedMember(document: unknown): fc.Arbitrary<Mutated> {
  const objects = objectPaths(document);
  const values = [[], ...pathsOf(document)];
  return fc
    .record({
      object: fc.constantFrom(...objects),
      member: fc.nat(100),
      value: fc.option(fc.constantFrom(...values), { freq: 3 }),
      isFirst: fc.boolean(),
      isEscaped: fc.boolean(),
    })
    .map(({ object, member, value: other, isFirst, isEscaped }) => {
      const own = entriesOf(valueAt(document, object));
      const [name = '', same] = own[member % own.length] ?? [];
      const value =
        other === null
          ? null
          : other.length > 0
            ? valueAt(document, other)
            : same;
      const again = [TWIN, value] as const;
      const members = isFirst ? [again, ...own] : [...own, again];
      const text = JSON.stringify(
        replaceAt(document, object, Object.fromEntries(members)),
      );
      const spelled = isEscaped ? escapeFirst(name) : JSON.stringify(name);
      return mutated(
        Buffer.from(text.replace(JSON.stringify(TWIN), () => spelled)),
        `${formatPath([...object, name])} twice, ${spelled}`,
      );
    });
}

/** Stands for a name that an object has already. */
const TWIN = '\u0000twin';

function escapeFirst(name: string): string {
  const code = name.charCodeAt(0).toString(16).padStart(4, '0');
  return `"\\u${code}${name.slice(1)}"`;
}

/** One or two values, or whole parts, taken over from another document. */
export function graftedParts(
  document: unknown,
  donors: readonly unknown[],
): fc.Arbitrary<Mutated> {
  const places = [...pathsOf(document).entries()];
  return fc.constantFrom(...donors.entries()).chain(([number, donor]) => {
    const shared = places.filter(
      ([, path]) => valueAt(donor, path) !== undefined,
    );
    const paths = fc.uniqueArray(fc.constantFrom(...shared), {
      minLength: 1,
      maxLength: 2,
      selector: ([position]) => position,
    });
    return paths.map((taken) => {
      const grafted = taken.reduce(
        (value, [, path]) =>
          valueAt(value, path) === undefined
            ? value
            : replaceAt(value, path, valueAt(donor, path)),
        document,
      );
      const names = taken.map(([, path]) => formatPath(path)).join(' and ');
      return mutated(toBody(grafted), `${names} of donor ${number}`);
    });
  });
}

/** Every object of `document` that has members. */
function objectPaths(document: unknown): readonly Path[] {
  return [[], ...pathsOf(document)].filter((path) => {
    const value = valueAt(document, path);
    return !Array.isArray(value) && entriesOf(value).length > 0;
  });
}
