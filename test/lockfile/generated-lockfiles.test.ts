import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { GENERATED_FORMATS } from '../../fixtures/generated-lockfiles/generated-formats.js';
import {
  inputOf,
  type GeneratedLockfile,
} from '../../fixtures/generated-lockfiles/generated-lockfile.js';
import {
  buildProject,
  integrityOf,
  type ModelNeed,
  type ModelProject,
} from '../../fixtures/generated-lockfiles/project-model.js';
import { loadVirtualTree } from '../../src/io/arborist-tree.js';
import type { Dependency, Lockfile } from '../../src/lockfile/dependency.js';
import { resolveVirtualTree } from '../../src/lockfile/npm-resolve.js';
import type { LoadVirtualTree } from '../../src/lockfile/npm-tree.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';

const PICK = fc.record({
  parent: fc.nat(1_000),
  type: fc.nat(1_000),
  extra: fc.array(fc.nat(1_000), { maxLength: 3 }),
  sameAs: fc.option(fc.nat(1_000), { freq: 3 }),
});
const PICKS = fc.array(PICK, { maxLength: 25 });
const WORKSPACES = fc.nat(3);

/** The edges that npm's reader finds, as is shown elsewhere; its files cost more time. */
const plainTree: LoadVirtualTree = (project) =>
  Promise.resolve(resolveVirtualTree(project, () => 'registry'));

function read(
  lockfile: GeneratedLockfile,
  project: ModelProject,
  loadTree = plainTree,
): Promise<Lockfile> {
  return parseLockfile(inputOf(lockfile, project), loadTree);
}

/** Packages that are reached from the tops by needs of other kinds. */
function reached(
  { tops, packages }: ModelProject,
  left: (type: ModelNeed['type']) => boolean,
): ReadonlySet<number> {
  const found = new Set<number>();
  const follow = (needs: readonly ModelNeed[]): void => {
    for (const { to, type } of needs) if (!left(type)) found.add(to);
  };
  for (const { needs } of tops) follow(needs);
  // A set hands out what is added to it while it is walked through.
  for (const index of found) follow(packages[index]?.needs ?? []);
  return found;
}

/** What every format has to say of the packages, by name and version. */
function expected(project: ModelProject): ReadonlyMap<string, object> {
  const production = reached(project, (type) => type === 'dev');
  const required = reached(project, (type) => type === 'optional');
  const direct = new Set(
    project.tops.flatMap(({ needs }) => needs.map(({ to }) => to)),
  );
  return new Map(
    project.packages.map((one, index) => [
      `${one.name}@${one.version}`,
      {
        integrity: integrityOf(one),
        production: production.has(index),
        direct: direct.has(index),
        optional: !required.has(index),
      },
    ]),
  );
}

function found(
  { dependencies }: Lockfile,
  { hasIntegrity, hasKinds }: Reads,
): ReadonlyMap<string, object> {
  const registry = dependencies.filter(
    ({ origin }) => origin.kind === 'registry',
  );
  return new Map(
    registry.map(({ id, integrity, production, direct, optional }) => [
      `${id.name}@${id.version}`,
      {
        ...(hasIntegrity && { integrity }),
        ...{ production, direct },
        ...(hasKinds && { optional }),
      },
    ]),
  );
}

/** What a format has of what was put into it. */
interface Reads {
  readonly hasIntegrity: boolean;
  /** Version 1 of npm's does not say which dependencies are optional. */
  readonly hasKinds: boolean;
}
const SBOMS = ['CycloneDX', 'SPDX'];

describe.each(GENERATED_FORMATS)('$name', ({ name, hasWorkspaces, write }) => {
  const isSbom = SBOMS.includes(name);
  const reads = {
    hasIntegrity: name !== 'Yarn Berry',
    hasKinds: name !== 'package-lock 1',
  };
  const project = fc
    .tuple(PICKS, hasWorkspaces ? WORKSPACES : fc.constant(0))
    .map(([picks, workspaces]) => buildProject(picks, workspaces));

  it('has each entry in one dependency, and nothing twice', async () => {
    await fc.assert(
      fc.asyncProperty(project, async (model) => {
        const generated = write(model);
        const { entries, dependencies } = await read(generated, model);
        const locations = dependencies.flatMap((each) => each.locations);
        expect(entries).toBe(generated.entries);
        expect(locations).toHaveLength(entries);
        expect(new Set(locations).size).toBe(entries);
        expect(new Set(dependencies.map(identity)).size).toBe(
          dependencies.length,
        );
      }),
      { numRuns: 150 },
    );
  });

  it('says of each package what was put into it', async () => {
    await fc.assert(
      fc.asyncProperty(project, async (model) => {
        const lockfile = await read(write(model), model);
        const wanted = new Map(
          [...expected(model)].map(([id, facts]) => [
            id,
            { ...facts, ...(isSbom && EVERYTHING) },
          ]),
        );
        const all = found(lockfile, { hasIntegrity: true, hasKinds: true });
        expect([...all.keys()].toSorted()).toEqual(
          [...wanted.keys()].toSorted(),
        );
        for (const [id, facts] of found(lockfile, reads)) {
          expect(wanted.get(id), id).toMatchObject(facts);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('is read the same whatever the order of its entries', async () => {
    const shuffled = project.chain((model) => {
      const generated = write(model);
      return fc.tuple(
        fc.constant(model),
        fc.constant(generated),
        fc.tuple(
          ...generated.sections.map(({ blocks }) =>
            fc.shuffledSubarray([...blocks], { minLength: blocks.length }),
          ),
        ),
      );
    });
    await fc.assert(
      fc.asyncProperty(shuffled, async ([model, generated, orders]) => {
        const sections = generated.sections.map((section, index) => ({
          ...section,
          blocks: orders[index] ?? [],
        }));
        const first = await read(generated, model);
        const second = await read({ ...generated, sections }, model);
        expect(comparable(second, isSbom)).toEqual(comparable(first, isSbom));
      }),
      { numRuns: 150 },
    );
  });
});

it.each(['package-lock 1', 'package-lock 3'])(
  '%s: npm’s own reader makes the same of it',
  async (name) => {
    const format = GENERATED_FORMATS.find((one) => one.name === name);
    if (format === undefined) throw new Error('no such format');
    const projects = fc.tuple(
      PICKS,
      format.hasWorkspaces ? WORKSPACES : fc.constant(0),
    );
    await fc.assert(
      fc.asyncProperty(projects, async ([picks, workspaces]) => {
        const model = buildProject(picks, workspaces);
        const generated = format.write(model);
        const plain = await read(generated, model);
        expect(await read(generated, model, loadVirtualTree)).toEqual(plain);
      }),
      { numRuns: 30 },
    );
  },
);

/** An SBOM says nothing of who needs whom. */
const EVERYTHING = { production: true, direct: true, optional: false };

function identity(one: Dependency): string {
  const { id, integrity, archiveChecksum, origin } = one;
  return JSON.stringify([id, integrity, archiveChecksum, origin]);
}

/** Without the places in the file; those of an SBOM are its only names. */
function comparable(
  { dependencies }: Lockfile,
  isSbom: boolean,
): readonly object[] {
  return dependencies.map((one) => ({
    ...one,
    ...{ line: null, column: null },
    ...(isSbom && { locations: one.locations.length }),
  }));
}
