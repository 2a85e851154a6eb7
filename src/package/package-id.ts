/** Name and version of one npm package version, as the lockfile claims them. */
export interface PackageId {
  /** Real name, with scope: `@acme/widget`. Never the folder of an alias. */
  readonly name: string;
  /** Exact version: `1.2.3`. Empty where a local folder declares none. */
  readonly version: string;
}

/** `name@version`, for messages and for commands the user can copy. */
export function formatPackageId(id: PackageId): string {
  return id.version === '' ? id.name : `${id.name}@${id.version}`;
}

/**
 * The package URL under which npm attests a version: a leading `@` is written
 * `%40`, nothing else is escaped, there are no qualifiers.
 *
 * Source: npm-package-arg `toPurl`; purl specification, type `npm`.
 */
export function toPurl(id: PackageId): string {
  const name = id.name.startsWith('@') ? `%40${id.name.slice(1)}` : id.name;
  return id.version === ''
    ? `pkg:npm/${name}`
    : `pkg:npm/${name}@${id.version}`;
}

/** The scope with its `@`, or null for an unscoped name. */
export function scopeOf(name: string): string | null {
  return name.startsWith('@') && name.includes('/')
    ? name.slice(0, name.indexOf('/'))
    : null;
}

/** Orders by name, then version, by code unit: the same on every machine. */
export function comparePackageIds(a: PackageId, b: PackageId): number {
  return compareText(a.name, b.name) || compareText(a.version, b.version);
}

/** Orders by code unit. `localeCompare` differs between machines. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
