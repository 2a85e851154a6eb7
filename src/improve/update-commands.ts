import type { Lockfile } from '../lockfile/dependency.js';

/** One update that a command has to make. */
export interface Update {
  readonly name: string;
  readonly version: string;
  /** The project names it itself. */
  readonly direct: boolean;
}

/** How a package manager is told to update. */
interface Manager {
  /** Whether that reaches what only workspaces ask for, from the root. */
  readonly reachesWorkspaces?: true;
  /** Direct dependencies to exact versions. */
  readonly direct: (specs: readonly string[]) => string;
  /**
   * What others depend on, to the newest that they allow; null where it has no
   * command for that.
   */
  readonly transitive: ((names: readonly string[]) => string) | null;
}

/** Source: the documentation of each manager's command. */
const MANAGERS: Readonly<Record<Lockfile['format'], Manager | null>> = {
  'package-lock': npm(),
  'npm-shrinkwrap': npm(),
  'pnpm-lock': {
    direct: (specs) => `pnpm update ${specs.join(' ')}`,
    transitive: (names) => `pnpm update --depth Infinity ${names.join(' ')}`,
  },
  'yarn-v1': {
    direct: (specs) => `yarn upgrade ${specs.join(' ')}`,
    transitive: null,
  },
  'yarn-berry': {
    reachesWorkspaces: true,
    direct: (specs) => `yarn up ${specs.join(' ')}`,
    transitive: (names) => `yarn up --recursive ${names.join(' ')}`,
  },
  'bun-lock': {
    direct: (specs) => `bun update ${specs.join(' ')}`,
    transitive: null,
  },
  cyclonedx: null,
  spdx: null,
};

function managerOf(format: string): Manager | null {
  const known: Readonly<Record<string, Manager | null>> = MANAGERS;
  return Object.hasOwn(known, format) ? (known[format] ?? null) : null;
}

function npm(): Manager {
  return {
    direct: (specs) => `npm install ${specs.join(' ')}`,
    transitive: (names) => `npm update ${names.join(' ')}`,
  };
}

/** Whether there is a command for what only other packages ask for. */
export function canUpdateTransitive(format: string): boolean {
  return (managerOf(format)?.transitive ?? null) !== null;
}

/**
 * Whether there is a command for what the project asks for itself, or one of its
 * workspaces alone: others would add it to the root.
 */
export function canUpdateDirect(
  format: string,
  { isOfWorkspace }: { readonly isOfWorkspace: boolean },
): boolean {
  const manager = managerOf(format);
  return (
    manager !== null && (!isOfWorkspace || manager.reachesWorkspaces === true)
  );
}

/**
 * Commands for a shell that make `updates`, at most two. Names and versions come
 * from strangers: what is not plain is quoted. Empty where none can be made.
 */
export function updateCommands(
  updates: readonly Update[],
  format: string,
): readonly string[] {
  const manager = managerOf(format);
  if (manager === null) return [];
  const specs = unique(
    updates
      .filter(({ direct }) => direct)
      .map(({ name, version }) => quote(`${name}@${version}`)),
  );
  const names = unique(
    updates.filter(({ direct }) => !direct).map(({ name }) => quote(name)),
  );
  return [
    ...(specs.length === 0 ? [] : [manager.direct(specs)]),
    ...(names.length === 0 || manager.transitive === null
      ? []
      : [manager.transitive(names)]),
  ];
}

/** What no shell reads as anything but itself, and no program as an option. */
const PLAIN = /^[\w@][\w@./+-]*$/;

function quote(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}
