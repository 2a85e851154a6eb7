import type { Origin } from './dependency.js';
import { quote } from './lockfile-source.js';
import { isExactVersion, isPackageName } from './npm-grammar.js';
import { mapIn, textIn } from './pnpm-fields.js';
import type { PnpmKey } from './pnpm-key.js';
import type { PackageId } from '../package/package-id.js';
import type { Refuse } from './read-fields.js';
import type { YamlMap } from './yaml-value.js';

const MAX_UNAUDITED_TEXT = 512;

/** What an entry of `packages` is. */
export interface PnpmIdentity {
  readonly id: PackageId;
  readonly integrity: string | null;
  readonly origin: Origin;
}

/**
 * Judges an entry of `packages`, untrusted. It is in scope (`registry`) wherever
 * its key is that of a registry's package, whatever its resolution says: then
 * what contradicts the key makes it undecidable and not exempt.
 */
export function identifyPnpmPackage(
  fields: YamlMap,
  key: PnpmKey,
  refuse: Refuse,
): PnpmIdentity {
  const resolution = mapIn(fields, 'resolution', refuse);
  const integrity = textIn(resolution, 'integrity', refuse);
  const name = textIn(fields, 'name', refuse);
  const version = textIn(fields, 'version', refuse);
  const origin = originOf(resolution, key, { integrity, refuse });
  if (key.registry === null) {
    const id = { name: name ?? key.name ?? '', version: version ?? '' };
    return { id: otherId(id, origin, refuse), integrity, origin };
  }
  // pnpm goes by these fields where it finds them.
  const isOther =
    (name !== null && name !== key.registry.name) ||
    (version !== null && version !== key.registry.version);
  if (isOther) refuse(`is ${quote(`${name ?? ''}@${version ?? ''}`)} within`);
  if (!isPackageName(key.registry.name)) {
    refuse(`expected a package name, found ${quote(key.registry.name)}`);
  }
  if (!isExactVersion(key.registry.version)) {
    refuse(`expected an exact version, found ${quote(key.registry.version)}`);
  }
  return { id: key.registry, integrity, origin };
}

/** What comes from elsewhere has a version only if it says so. */
function otherId(id: PackageId, { kind }: Origin, refuse: Refuse): PackageId {
  if (!isPackageName(id.name)) {
    refuse(`expected a package name, found ${quote(id.name)}`);
  }
  if (id.version.length > MAX_UNAUDITED_TEXT) {
    refuse(`expected a version, found ${quote(id.version)}`);
  }
  const isKept = kind !== 'remote-tarball' || isExactVersion(id.version);
  return isKept ? id : { ...id, version: '' };
}

/** Archives that hosts of git repositories make of a commit. */
const GIT_ARCHIVE =
  /^https:\/\/(?:codeload\.github\.com|bitbucket\.org|gitlab\.com|api\.github\.com)\//;

function originOf(
  resolution: YamlMap,
  key: PnpmKey,
  {
    integrity,
    refuse,
  }: { readonly integrity: string | null; readonly refuse: Refuse },
): Origin {
  const type = textIn(resolution, 'type', refuse);
  const tarball = textIn(resolution, 'tarball', refuse);
  const { kind, resolved } = ((): Origin => {
    switch (type) {
      case 'git': {
        const repository = textIn(resolution, 'repo', refuse) ?? '';
        const commit = textIn(resolution, 'commit', refuse) ?? '';
        return { kind: 'git', resolved: `${repository}#${commit}` };
      }
      case 'directory': {
        const directory = textIn(resolution, 'directory', refuse);
        return { kind: 'file', resolved: directory };
      }
      // Node.js and other runtimes, which are no packages of a registry.
      case 'binary':
      case 'variations':
        return { kind: 'remote-tarball', resolved: null };
      case null:
        return { kind: tarballKind(tarball), resolved: tarball };
      default:
        return refuse(`no known origin: type ${quote(type)}`);
    }
  })();
  if (key.registry !== null) return { kind: 'registry', resolved };
  const isFrom = type !== null || tarball !== null;
  if (isFrom) return { kind, resolved };
  const what = integrity === null ? 'nothing' : 'an integrity alone';
  return refuse(`no known origin: ${what}`);
}

function tarballKind(tarball: string | null): Origin['kind'] {
  if (tarball?.startsWith('file:') === true) return 'file';
  return GIT_ARCHIVE.test(tarball ?? '') ? 'git' : 'remote-tarball';
}
