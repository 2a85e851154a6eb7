import type { OriginKind } from './dependency.js';
import {
  isOnly,
  isRegistryByProject,
  isUnknown,
  type Asked,
} from './npm-asked.js';
import type { NpmEntry } from './npm-entry.js';
import { resolvedForm } from './resolved-form.js';

/**
 * Where the bytes of `entry` come from: what npm would install, and `registry`
 * (which is audited) wherever edges and `resolved` leave a doubt, so that an
 * odd `resolved` alone hides nothing. Null if that cannot be told.
 *
 * A link or a folder downloads nothing. A git repository or a file counts as
 * such unless the project itself asks for a registry version; a tarball
 * address does only if all who ask for the package ask for a tarball.
 *
 * Source: SECURITY.md C1; npm documentation, package-lock.json, `resolved`.
 */
export function originKind(
  entry: NpmEntry,
  asked: Asked,
  isBundled: boolean,
): OriginKind | null {
  if (entry.isLink) return 'link';
  if (entry.installedName === null) return folderKind(entry);
  const { resolved } = entry;
  if (resolved === null) {
    const isInTarball = isBundled && entry.integrity === null;
    return isInTarball ? 'bundled' : 'registry';
  }
  switch (resolvedForm(resolved)) {
    case 'git':
      return isAskedForElsewhere(asked) ? 'git' : 'registry';
    case 'file':
      return isAskedForElsewhere(asked) ? 'file' : 'registry';
    case 'http':
      return isTarballAddress(entry, asked) ? 'remote-tarball' : 'registry';
    case 'unclear':
      return null;
  }
}

/** npm gives folders neither an address nor a digest. */
function folderKind(entry: NpmEntry): OriginKind | null {
  const { resolved, integrity } = entry;
  const isLocal = resolved === null || resolvedForm(resolved) === 'file';
  return isLocal && integrity === null ? 'workspace' : null;
}

/**
 * Whether something else than a registry version is asked for, and not only by
 * a package of the tree against the project's own word. Which other form it is
 * is not compared: npm has many spellings for each.
 */
function isAskedForElsewhere(asked: Asked): boolean {
  return !isRegistryByProject(asked) && !isOnly(asked, 'registry');
}

function isTarballAddress(entry: NpmEntry, asked: Asked): boolean {
  // Version 1 repeats in the place of the version what was asked for.
  return isUnknown(asked) ? entry.hasAddressAsVersion : isOnly(asked, 'remote');
}
