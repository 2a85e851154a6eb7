/** Where a value stands: member names, and positions of elements as text. */
export type Path = readonly string[];

/** Every path below the root, parents before their members. */
export function pathsOf(value: unknown, path: Path = []): readonly Path[] {
  return entriesOf(value).flatMap(([key, member]) => [
    [...path, key],
    ...pathsOf(member, [...path, key]),
  ]);
}

/** The value at `path`; undefined where there is none. */
export function valueAt(value: unknown, path: Path): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const entry = entriesOf(value).find(([own]) => own === key);
  return entry === undefined ? undefined : valueAt(entry[1], rest);
}

/** Members or elements; none of a value that has no parts. */
export function entriesOf(
  value: unknown,
): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null
    ? Object.entries(value)
    : [];
}

/**
 * A copy in which `change` takes the place of the member at `path`: no member,
 * one, or several. Several of an object must differ in name.
 */
export function changeAt(
  value: unknown,
  path: Path,
  change: (key: string, member: unknown) => readonly Member[],
): unknown {
  const [key, ...rest] = path;
  const members = entriesOf(value).flatMap(([own, member]) => {
    if (own !== key) return [[own, member] as const];
    return rest.length > 0
      ? [[own, changeAt(member, rest, change)] as const]
      : change(own, member);
  });
  return Array.isArray(value)
    ? members.map(([, member]) => member)
    : Object.fromEntries(members);
}

/** A name, without meaning in a list, and a value. */
export type Member = readonly [string, unknown];

/** A copy with `other` at `path`, where something must stand already. */
export function replaceAt(value: unknown, path: Path, other: unknown): unknown {
  return path.length === 0
    ? other
    : changeAt(value, path, (key) => [[key, other]]);
}

/** A copy in which the object at `path` has one more member, `name`. */
export function addMember(
  value: unknown,
  path: Path,
  [name, member]: Member,
): unknown {
  const own = Object.fromEntries(entriesOf(valueAt(value, path)));
  return replaceAt(value, path, { ...own, [name]: member });
}

/** As it is written in messages: `attestations[0].bundle`. */
export function formatPath(path: Path): string {
  return path
    .map((key) => (/^\d+$/.test(key) ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
}
