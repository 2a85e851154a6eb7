import { AuditError } from '../errors.js';
import type { Dependency } from '../lockfile/dependency.js';
import type { PackageSpec } from './package-spec.js';
import { similarNames } from './similar-names.js';

const MAX_VERSIONS = 5;

/**
 * The dependencies that `wanted` means: by name or alias, in every version
 * unless it names one. Throws `AuditError` `USAGE` if there is none, with what
 * there is instead. `lockfile` is its name, for that message.
 */
export function selectPackages(
  dependencies: readonly Dependency[],
  { name, version }: PackageSpec,
  lockfile: string,
): readonly Dependency[] {
  const named = dependencies.filter((each) => namesOf(each).includes(name));
  const found = named.filter(
    ({ id }) => version === null || id.version === version,
  );
  if (found.length > 0) return found;
  const wanted = version === null ? name : `${name} ${version}`;
  const instead =
    named.length > 0
      ? `it has ${listVersions(named)}`
      : suggest(similarNames(name, dependencies.flatMap(namesOf)));
  throw new AuditError('USAGE', `${lockfile} has no ${wanted}; ${instead}`);
}

function namesOf({ id, aliases }: Dependency): readonly string[] {
  return [id.name, ...aliases];
}

function listVersions(dependencies: readonly Dependency[]): string {
  const versions = [
    ...new Set(
      dependencies.map(({ id }) => id.version || 'one without version'),
    ),
  ];
  const shown = versions.slice(0, MAX_VERSIONS).join(', ');
  const more = versions.length - MAX_VERSIONS;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function suggest(names: readonly string[]): string {
  return names.length === 0
    ? 'no name in it is alike'
    : `did you mean ${names.join(' or ')}?`;
}
