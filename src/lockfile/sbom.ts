import { createHash } from 'node:crypto';

import type { JsonObject } from '../json/strict-json.js';
import { comparePackageIds, compareText } from '../package/package-id.js';
import { readCycloneDx } from './cyclonedx.js';
import type { Dependency, Lockfile, OriginKind } from './dependency.js';
import { MAX_ENTRIES } from './lockfile-limits.js';
import { invalidLockfile, quote, refuseEntry } from './lockfile-source.js';
import type { LockfileSource } from './lockfile-source.js';
import { isExactVersion, isPackageName } from './npm-grammar.js';
import { parseNpmPurl, type NpmPurl } from './npm-purl.js';
import type { Refuse } from './read-fields.js';
import { resolvedForm } from './resolved-form.js';
import { onlyOf, type RefuseAt, type SbomEntry } from './sbom-entry.js';
import { toIntegrity } from './sbom-hashes.js';
import type { SbomFormat } from './sbom-format.js';
import { locateElements } from './sbom-lines.js';
import { readSpdx } from './spdx.js';

/**
 * Reads an SBOM, untrusted, whose packages are then audited as those of a
 * lockfile would be. It has no graph that could be relied on: everything counts
 * as production and as direct, so that no rule passes over it. Packages of other
 * kinds than npm's are counted and no more.
 *
 * What is not as the formats have it is an `AuditError`: `LOCKFILE_INVALID`.
 */
export function readSbom(
  path: string,
  document: {
    readonly record: JsonObject;
    readonly text: string;
    readonly bytes: Uint8Array;
  },
  { format, formatVersion }: SbomFormat,
): Lockfile {
  const { record, text, bytes } = document;
  const places = locateElements(text);
  const source: LockfileSource = { path, places };
  const refuseAt: RefuseAt = (location) => (message) =>
    refuseEntry(source, location, message);
  const content =
    format === 'cyclonedx'
      ? readCycloneDx(record, refuseAt)
      : readSpdx(record, refuseAt);
  if (content.entries.length > MAX_ENTRIES) {
    throw invalidLockfile(`${path}: more than ${MAX_ENTRIES} packages`);
  }
  const read = content.entries.flatMap(
    (entry) => readEntry(entry, refuseAt(entry.location), source) ?? [],
  );
  return {
    path,
    format,
    formatVersion,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    entries: read.length,
    foreign: content.entries.length - read.length,
    rootName: content.rootName ?? 'root',
    dependencies: join(read),
  };
}

/** One entry by itself; null for what is no npm package. */
function readEntry(
  entry: SbomEntry,
  refuse: Refuse,
  { places }: LockfileSource,
): Dependency | null {
  if (entry.purl === null) return null;
  const parsed = parseNpmPurl(entry.purl);
  if (parsed.status === 'other') return null;
  if (parsed.status === 'malformed') {
    return refuse(`expected ${parsed.expected}, found ${quote(entry.purl)}`);
  }
  const { id } = parsed.purl;
  if (!isPackageName(id.name)) {
    refuse(`expected a package name, found ${quote(id.name)}`);
  }
  if (!isExactVersion(id.version)) {
    refuse(`expected an exact version, found ${quote(id.version)}`);
  }
  if (entry.version !== null && entry.version !== id.version) {
    refuse(`version ${quote(entry.version)} is not that of the package URL`);
  }
  const integrity = toIntegrity(entry.hashes, refuse);
  const place = places.get(entry.location);
  return {
    id,
    aliases: aliasOf(entry, id.name),
    integrity,
    origin: originOf(entry, parsed.purl, { integrity, refuse }),
    locations: [entry.location],
    production: true,
    direct: true,
    optional: false,
    omittedBy: [],
    paths: [],
    requiredBy: [''],
    workspaces: [],
    patched: false,
    line: place?.line ?? null,
    column: place?.column ?? null,
  };
}

/** npm writes the folder's name, others leave the scope out. */
function aliasOf({ name }: SbomEntry, realName: string): readonly string[] {
  const isSame = name === realName || name === realName.split('/').at(-1);
  return name === null || isSame || !isPackageName(name) ? [] : [name];
}

function originOf(
  { download, isBundled, isPrivate }: SbomEntry,
  { vcsUrl, downloadUrl }: NpmPurl,
  {
    integrity,
    refuse,
  }: { readonly integrity: string | null; readonly refuse: Refuse },
): Dependency['origin'] {
  if (vcsUrl !== null) return { kind: 'git', resolved: vcsUrl };
  const resolved = onlyOf(
    [download, downloadUrl].filter((each) => each !== null),
    'place to download from',
    refuse,
  );
  if (resolved === null) {
    const isPinned = integrity !== null;
    return {
      kind: kindOfUnresolved({ isPinned, isBundled, isPrivate }),
      resolved,
    };
  }
  const form = resolvedForm(resolved);
  switch (form) {
    case 'git':
    case 'file':
      return { kind: form, resolved };
    case 'http':
      return { kind: 'registry', resolved };
    case 'unclear':
      return refuse(`no known origin: ${quote(resolved)}`);
  }
}

/** What has a hash of its own is an archive of its own. */
function kindOfUnresolved({
  isPinned,
  isBundled,
  isPrivate,
}: {
  readonly isPinned: boolean;
  readonly isBundled: boolean;
  readonly isPrivate: boolean;
}): OriginKind {
  if (isPinned) return 'registry';
  if (isBundled) return 'bundled';
  return isPrivate ? 'workspace' : 'registry';
}

/** Those that agree in all that counts, as one; sorted. */
function join(read: readonly Dependency[]): readonly Dependency[] {
  const groups = new Map<string, Dependency[]>();
  for (const one of read) {
    const { name, version } = one.id;
    const { kind, resolved } = one.origin;
    const key = JSON.stringify([name, version, kind, resolved, one.integrity]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return [...groups]
    .flatMap(([key, group]) => {
      const [first] = group;
      return first === undefined ? [] : [{ key, value: merge(first, group) }];
    })
    .toSorted(
      (a, b) =>
        comparePackageIds(a.value.id, b.value.id) ||
        compareText(a.value.origin.kind, b.value.origin.kind) ||
        compareText(a.key, b.key),
    )
    .map(({ value }) => value);
}

function merge(first: Dependency, group: readonly Dependency[]): Dependency {
  const aliases = new Set(group.flatMap((each) => each.aliases));
  return {
    ...first,
    aliases: [...aliases].toSorted(compareText),
    locations: group
      .flatMap(({ locations }) => locations)
      .toSorted(compareText),
  };
}
