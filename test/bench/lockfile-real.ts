import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import type { ReadCommand } from './lockfile-cost.js';

/** Names under which package managers write their lockfiles. */
const LOCKFILES = new Set([
  ...['package-lock.json', 'npm-shrinkwrap.json'],
  ...['pnpm-lock.yaml', 'yarn.lock', 'bun.lock'],
]);

/** The form is the same, and npm's newest reader looks for no other name. */
const CUT = 'package-lock.json';

/** A real lockfile, copied to where nothing else is. */
export interface RealLockfile {
  /** Its folder's name, and its own. */
  readonly name: string;
  readonly whole: Required<ReadCommand>;
  /** The first of its entries, if it is one of npm's; else null. */
  readonly cut: Required<ReadCommand> | null;
}

/** Finds the lockfiles below `folder` and copies them into `parent`. */
export async function copyReal(
  folder: string,
  parent: string,
  entries: number,
): Promise<readonly RealLockfile[]> {
  const files = await readdir(folder, { recursive: true });
  const found = files.filter((file) => LOCKFILES.has(basename(file))).sort();
  const copied: RealLockfile[] = [];
  for (const path of found) {
    const file = basename(path);
    const name = basename(dirname(path));
    const to = join(parent, name);
    await mkdir(to, { recursive: true });
    await cp(join(folder, path), join(to, file));
    const text = await readFile(join(folder, path), 'utf8');
    const cut = file.endsWith('.json') ? cutLockfile(text, entries) : null;
    if (cut !== null) {
      await mkdir(join(parent, `${name}-cut`), { recursive: true });
      await writeFile(join(parent, `${name}-cut`, CUT), JSON.stringify(cut));
    }
    copied.push({
      name: `${name}/${file}`,
      whole: { folder: to, file },
      cut:
        cut === null
          ? null
          : { folder: join(parent, `${name}-cut`), file: CUT },
    });
  }
  return copied;
}

type Members = Readonly<Record<string, unknown>>;

/** The lockfile of npm with the first of its entries, and a root that asks for no others. */
export function cutLockfile(text: string, entries: number): object {
  const record = JSON.parse(text) as Members;
  const packages = record['packages'] as Members | undefined;
  if (packages === undefined) {
    const dependencies = record['dependencies'] as Members;
    return { ...record, dependencies: cutMembers(dependencies, entries) };
  }
  const { '': root = {}, ...installed } = packages;
  const others = cutMembers(withoutFolders(installed), entries);
  const isKept = (name: string): boolean =>
    others[`node_modules/${name}`] !== undefined;
  const asked = Object.entries(root as Members).map(
    ([field, value]): [string, unknown] => {
      const isMap = field.endsWith('ependencies') && !Array.isArray(value);
      if (!isMap) return [field, value];
      const names = Object.entries(value as Members);
      return [
        field,
        Object.fromEntries(names.filter(([name]) => isKept(name))),
      ];
    },
  );
  return {
    ...record,
    dependencies: undefined,
    packages: { '': Object.fromEntries(asked), ...others },
  };
}

function cutMembers(members: Members, count: number): Members {
  return Object.fromEntries(Object.entries(members).slice(0, count));
}

/** Workspaces ask for one another: without any, what is cut off is asked for by none. */
function withoutFolders(packages: Members): Members {
  return Object.fromEntries(
    Object.entries(packages).filter(
      ([location, value]) =>
        location.startsWith('node_modules/') &&
        (value as Members)['link'] !== true,
    ),
  );
}
