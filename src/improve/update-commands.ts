import type { Lockfile } from '../lockfile/dependency.js';

/** A workspace that asks for a package itself. */
export interface AskingWorkspace {
  /** Relative to the project, with slashes. */
  readonly folder: string;
  /** Null where its manifest does not say one. */
  readonly name: string | null;
}

/** One update that a command has to make. */
export type Update = { readonly name: string; readonly version: string } & (
  | {
      /** The project, some workspaces, or both name it themselves. */
      readonly by: 'request';
      readonly ofRoot: boolean;
      readonly workspaces: readonly AskingWorkspace[];
    }
  /** What others ask for, to the newest that they allow. */
  | { readonly by: 'ranges' }
  /** What others ask for by these ranges, to a version of our choice. */
  | { readonly by: 'override'; readonly ranges: readonly string[] }
);

/** How a package manager is told to update; null where it has no command. */
interface Manager {
  /** Whether the command for the root reaches what only workspaces ask for. */
  readonly reachesWorkspaces?: true;
  /** Direct dependencies to exact versions. */
  readonly direct: (specs: string) => string;
  /** The same in a workspace. */
  readonly workspace: (
    workspace: AskingWorkspace,
    specs: string,
  ) => string | null;
  readonly transitive: ((names: string) => string) | null;
  readonly override:
    | ((
        overrides: readonly Extract<Update, { readonly by: 'override' }>[],
      ) => readonly string[])
    | null;
}

/**
 * As the managers document them; overrides and workspaces were tried on npm,
 * pnpm 8 to 12, Yarn 1.22 and 4.18 and Bun 1.4. Where pnpm reads overrides differs
 * by its version, which a lockfile does not tell; no command of it adds to those
 * in pnpm-workspace.yaml, and pnpm 9 takes no such file without workspaces.
 */
const MANAGERS: Readonly<Record<Lockfile['format'], Manager | null>> = {
  'package-lock': npm(),
  'npm-shrinkwrap': npm(),
  'pnpm-lock': {
    direct: (specs) => `pnpm update ${specs}`,
    workspace: ({ folder }, specs) =>
      `pnpm --filter ${quote(`./${folder}`)} update ${specs}`,
    transitive: (names) => `pnpm update --depth Infinity ${names}`,
    override: (overrides) => [
      '# pnpm 10 and before:',
      `npm pkg set ${members('pnpm.overrides', overrides)}`,
      `# pnpm 11 and later, by hand in pnpm-workspace.yaml: overrides: { ${yamlMembers(overrides)} }`,
      'pnpm install',
    ],
  },
  'yarn-v1': {
    direct: (specs) => `yarn upgrade ${specs}`,
    workspace: ({ name }, specs) =>
      name === null ? null : `yarn workspace ${quote(name)} upgrade ${specs}`,
    transitive: null,
    override: (overrides) => [
      `npm pkg set ${members('resolutions', overrides)}`,
      'yarn install',
    ],
  },
  'yarn-berry': {
    reachesWorkspaces: true,
    direct: (specs) => `yarn up ${specs}`,
    workspace: (_workspace, specs) => `yarn up ${specs}`,
    transitive: (names) => `yarn up --recursive ${names}`,
    override: (overrides) =>
      overrides.flatMap(({ name, version, ranges }) =>
        ranges.map(
          (range) =>
            `yarn set resolution ${quote(`${name}@npm:${range}`)} ${quote(`npm:${version}`)}`,
        ),
      ),
  },
  'bun-lock': {
    direct: (specs) => `bun update ${specs}`,
    workspace: ({ folder }, specs) => `bun add --cwd ${quote(folder)} ${specs}`,
    transitive: null,
    override: (overrides) => [
      `bun pm pkg set ${members('overrides', overrides)}`,
      'bun install',
    ],
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
    direct: (specs) => `npm install ${specs}`,
    workspace: ({ folder }, specs) =>
      `npm install ${specs} --workspace ${quote(folder)}`,
    transitive: (names) => `npm update ${names}`,
    override: (overrides) => [
      `npm pkg set ${members('overrides', overrides)}`,
      'npm install',
    ],
  };
}

/** Members of package.json: in brackets, as names have dots. */
function members(
  field: string,
  overrides: readonly Extract<Update, { readonly by: 'override' }>[],
): string {
  return unique(
    overrides.map(({ name, version }) => quote(`${field}[${name}]=${version}`)),
  ).join(' ');
}

/** Of a mapping in YAML; on one line, whatever is in them. */
function yamlMembers(
  overrides: readonly Extract<Update, { readonly by: 'override' }>[],
): string {
  return unique(
    overrides.map(
      ({ name, version }) =>
        `${JSON.stringify(name)}: ${JSON.stringify(version)}`,
    ),
  ).join(', ');
}

/** Whether the package manager of `format` has commands that make `update`. */
export function canMake(update: Update, format: string): boolean {
  const manager = managerOf(format);
  if (manager === null) return false;
  switch (update.by) {
    case 'request':
      return (
        (update.ofRoot ||
          update.workspaces.length > 0 ||
          manager.reachesWorkspaces === true) &&
        update.workspaces.every(
          (workspace) => manager.workspace(workspace, '') !== null,
        )
      );
    case 'ranges':
      return manager.transitive !== null;
    case 'override':
      return manager.override !== null;
  }
}

/**
 * Commands for a shell that make `updates`, each of which `canMake` has to allow.
 * What no command does is said in a comment of the shell's, which begins with `#`.
 * Names and versions come from strangers: what is not plain is quoted.
 */
export function updateCommands(
  updates: readonly Update[],
  format: string,
): readonly string[] {
  const manager = managerOf(format);
  if (manager === null || updates.length === 0) return [];
  const requested = updates.filter((each) => each.by === 'request');
  const names = updates.filter(({ by }) => by === 'ranges');
  const overrides = updates.filter((each) => each.by === 'override');
  const isOfRoot = (each: (typeof requested)[number]): boolean =>
    each.ofRoot || manager.reachesWorkspaces === true;
  const specsOf = (some: readonly Update[]): string =>
    unique(some.map(({ name, version }) => quote(`${name}@${version}`))).join(
      ' ',
    );
  const ofRoot = requested.filter(isOfRoot);
  const folders = new Map(
    requested
      .flatMap(({ workspaces }) => workspaces)
      .map((workspace) => [workspace.folder, workspace]),
  );
  const ofWorkspaces =
    manager.reachesWorkspaces === true
      ? []
      : [...folders.values()].map((workspace) =>
          manager.workspace(
            workspace,
            specsOf(
              requested.filter(({ workspaces }) =>
                workspaces.some(({ folder }) => folder === workspace.folder),
              ),
            ),
          ),
        );
  return [
    ...(ofRoot.length === 0 ? [] : [manager.direct(specsOf(ofRoot))]),
    ...ofWorkspaces.flatMap((command) => command ?? []),
    ...(names.length === 0 || manager.transitive === null
      ? []
      : [
          manager.transitive(
            unique(names.map(({ name }) => quote(name))).join(' '),
          ),
        ]),
    ...(overrides.length === 0 || manager.override === null
      ? []
      : manager.override(overrides)),
  ];
}

/** What no shell reads as anything but itself, and no program as an option. */
const PLAIN = /^[\w@.][\w@./:+-]*$/;

function quote(text: string): string {
  return PLAIN.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted();
}
