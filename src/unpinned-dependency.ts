import type { Dependency } from './lockfile/dependency.js';
import type { PackageId } from './package/package-id.js';

/**
 * A version of a registry as if a lockfile pinned these bytes, at no certain
 * place and for nobody.
 */
export function unpinnedDependency(
  id: PackageId,
  integrity: string | null,
): Dependency {
  return {
    id,
    integrity,
    aliases: [],
    origin: { kind: 'registry', resolved: null },
    locations: [],
    production: false,
    direct: false,
    optional: false,
    omittedBy: [],
    paths: [],
    requiredBy: [],
    workspaces: [],
    patched: false,
    line: null,
    column: null,
  };
}
