import { isJsonObject, type JsonObject } from '../json/strict-json.js';
import type { BunPackage, BunPackages } from './bun-packages.js';
import type { Origin } from './dependency.js';
import type { Entry } from './join-entries.js';
import { quote, refuseEntry } from './lockfile-source.js';
import type { LockfileSource } from './lockfile-source.js';
import { isExactVersion, isPackageName } from './npm-grammar.js';
import type { Refuse } from './read-fields.js';
import { own } from './read-fields.js';
import { resolvedForm } from './resolved-form.js';

/** Judges each entry of `packages`; what cannot be judged ends the audit. */
export function judgeBunEntries(
  packages: BunPackages,
  record: JsonObject,
  source: LockfileSource,
): readonly Entry[] {
  const patches = own(record, 'patchedDependencies');
  const patched = new Set(isJsonObject(patches) ? Object.keys(patches) : []);
  return [...packages.values()].map((one): Entry => {
    const { key, name, installedName, specification } = one;
    const refuse: Refuse = (message) => refuseEntry(source, key, message);
    for (const each of [name, installedName]) {
      if (isPackageName(each)) continue;
      refuse(`expected a package name, found ${quote(each)}`);
    }
    const origin = originOf(one, refuse);
    const version = origin.kind === 'registry' ? specification : '';
    return {
      location: key,
      nodes: [key],
      id: { name, version },
      aliases: installedName === name ? [] : [installedName],
      integrity: one.integrity,
      origin,
      patched: patched.has(`${name}@${specification}`) || patched.has(name),
    };
  });
}

function originOf(
  { specification, tarball }: BunPackage,
  refuse: Refuse,
): Origin {
  if (isExactVersion(specification))
    return { kind: 'registry', resolved: tarball };
  const [, scheme = ''] = /^(workspace|root|link):/.exec(specification) ?? [];
  switch (scheme) {
    case 'workspace':
    case 'root':
      return { kind: 'workspace', resolved: null };
    case 'link':
      return { kind: 'link', resolved: specification };
  }
  const form = resolvedForm(specification);
  switch (form) {
    case 'http':
      return { kind: 'remote-tarball', resolved: specification };
    case 'git':
      return isArchivePath(specification)
        ? { kind: 'file', resolved: specification }
        : { kind: 'git', resolved: specification };
    case 'file':
      return { kind: 'file', resolved: specification };
    case 'unclear':
      if (isArchivePath(specification)) {
        return { kind: 'file', resolved: specification };
      }
      return refuse(`expected an exact version, found ${quote(specification)}`);
  }
}

/** A path of the project to an archive may look like a repository of GitHub. */
function isArchivePath(specification: string): boolean {
  return (
    !/[:#]/.test(specification) && /\.(?:tgz|tar\.gz)$/i.test(specification)
  );
}
