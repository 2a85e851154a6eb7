import { AuditError } from '../../src/errors.js';
import type { Lockfile } from '../../src/lockfile/dependency.js';
import type { LoadVirtualTree } from '../../src/lockfile/npm-tree.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';
import { fileOf, INTEGRITY } from './lockfile-input.js';

export const YARN_LOCK = 'yarn.lock';
const CHECKSUM = '10c0/'.padEnd(133, 'ab');

/** Manifests of a project: the root's, and its workspaces' by their folder. */
export interface Manifests {
  readonly root?: object;
  readonly workspaces?: Readonly<Record<string, object>>;
}

/** No edges but npm's are found by others. */
const noTree: LoadVirtualTree = () => {
  throw new Error('asked for a tree of npm');
};

/** A lockfile of Yarn 1 with the entries given as text. */
export function v1(...entries: readonly string[]): string {
  return `# yarn lockfile v1\n\n\n${entries.join('\n')}`;
}

/** An entry of Yarn 1 for a version of a registry; `more` are further lines. */
export function v1Entry(
  key: string,
  { name = '', version = '1.0.0', more = '', integrity = INTEGRITY } = {},
): string {
  const real = name === '' ? key.slice(0, key.lastIndexOf('@')) : name;
  const file = `${real.slice(real.indexOf('/') + 1)}-${version}.tgz`;
  return (
    `"${key}":\n  version "${version}"\n` +
    `  resolved "https://registry.yarnpkg.com/${real}/-/${file}"\n` +
    `  integrity ${integrity}\n${more}`
  );
}

/** A lockfile of Yarn Berry whose root is `my-app` and asks for `asks`. */
export function berry(asks: string, ...entries: readonly string[]): string {
  const root = `"my-app@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "my-app@workspace:."\n`;
  const list = asks === '' ? '' : `  dependencies:\n${asks}`;
  return `__metadata:\n  version: 8\n\n${[root + list, ...entries].join('\n')}`;
}

/** An entry of Yarn Berry with its own resolution and a checksum. */
export function berryEntry(
  key: string,
  resolution: string,
  { version = '1.0.0', more = '', checksum = CHECKSUM } = {},
): string {
  const pin = checksum === '' ? '' : `  checksum: ${checksum}\n`;
  return `"${key}":\n  version: ${version}\n  resolution: "${resolution}"\n${more}${pin}`;
}

/** Reads `text` as a `yarn.lock` with those manifests. */
export async function parseYarn(
  text: string,
  { root, workspaces }: Manifests = {},
): Promise<Lockfile> {
  return parseLockfile(
    {
      path: YARN_LOCK,
      bytes: new TextEncoder().encode(text),
      manifest: root === undefined ? null : fileOf(root),
      ...(workspaces !== undefined && {
        workspaces: new Map(
          Object.entries(workspaces).map(([folder, one]) => [
            folder,
            fileOf(one),
          ]),
        ),
      }),
    },
    noTree,
  );
}

/** The message that reading `text` ends with; empty if it ends well. */
export async function yarnFailure(
  text: string,
  manifests: Manifests = {},
): Promise<string> {
  try {
    await parseYarn(text, manifests);
  } catch (error) {
    if (error instanceof AuditError && error.code === 'LOCKFILE_INVALID') {
      return error.message;
    }
    throw error;
  }
  return '';
}
