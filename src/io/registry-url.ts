import type { RegistryRequest } from '../evidence/registry.js';
import type { PackageId } from '../package/package-id.js';

/**
 * The URL that answers `request`, or null where name or version would not stay
 * below the registry's base, as with a package named `..`.
 *
 * Built from the base alone: the URL in `dist.attestations` is the registry's
 * to choose and could point anywhere (SECURITY.md C7).
 */
export function registryUrl({
  kind,
  id,
  registry,
}: RegistryRequest): string | null {
  switch (kind) {
    case 'version':
      return below(
        registry,
        `${escapeName(id)}/${encodeURIComponent(id.version)}`,
      );
    case 'attestations':
      return below(
        registry,
        `-/npm/v1/attestations/${escapeName(id)}@${encodeURIComponent(id.version)}`,
      );
    case 'publish-time':
    case 'history':
      return packumentUrl(id, registry);
  }
}

/** The URL of the document about all versions; null as above. */
export function packumentUrl(id: PackageId, registry: string): string | null {
  return below(registry, escapeName(id));
}

/**
 * Where npm registries keep the archive of a version, null as above: built from
 * the base alone, as the others are.
 */
export function archiveUrl(
  { name, version }: PackageId,
  registry: string,
): string | null {
  const base = name.slice(name.lastIndexOf('/') + 1);
  const file = `${encodeURIComponent(base)}-${encodeURIComponent(version)}.tgz`;
  const folder = name.split('/').map(encodeURIComponent).join('/');
  return below(registry, `${folder.replace(/^%40/, '@')}/-/${file}`);
}

/** npm's spelling: the `@` of a scope as it is, its slash as `%2f`. */
function escapeName({ name }: PackageId): string {
  return encodeURIComponent(name).replace(/^%40/, '@').replace('%2F', '%2f');
}

function below(base: string, path: string): string | null {
  const url = new URL(base).href + path;
  // Equal unless the parser saw something to resolve or to escape.
  return hrefOf(url) === url ? url : null;
}

function hrefOf(url: string): string | null {
  try {
    return new URL(url).href;
  } catch {
    return null;
  }
}
