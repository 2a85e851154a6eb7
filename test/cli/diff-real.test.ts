import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { createSigstore } from '../../fixtures/private-sigstore.js';
import { projectOf } from '../../fixtures/projects.js';
import type { DiffReport } from '../../src/report/diff-report.js';
import { sharedArchive } from '../shared-data.js';
import { createScene, runMain, type Scene } from './scene.js';

const folder = await sharedArchive('real-lockfiles');
const sigstore = await createSigstore();
const scenes: Scene[] = [];
afterEach(async () => {
  for (const scene of scenes.splice(0)) await scene.close();
});

const OTHER_BYTES = `sha512-${Buffer.alloc(64, 7).toString('base64')}`;

interface Edited {
  readonly text: string;
  /** `kind name before > after`, sorted. */
  readonly changes: readonly string[];
}

interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
}

/** Updates, exchanges, removes and adds entries that stand once. */
function editNpm(text: string): Edited {
  const lock = JSON.parse(text) as { packages: Record<string, Entry> };
  const { packages } = lock;
  const names = Object.keys(packages).map((key) =>
    key.split('node_modules/').at(-1),
  );
  const plain = Object.entries(packages).flatMap(([key, entry]) => {
    const name = key.startsWith('node_modules/') ? key.slice(13) : '';
    const isOnce = names.filter((each) => each === name).length === 1;
    return isOnce && entry.integrity !== undefined && entry.inBundle !== true
      ? [{ key, name, version: entry.version ?? '' }]
      : [];
  });
  const [one, two, three, four] = plain;
  if (!one || !two || !three || !four) throw new Error('too few entries');
  const changed = (key: string, change: Entry): void => {
    packages[key] = { ...packages[key], ...change };
  };
  changed(one.key, { version: '999.0.0', integrity: OTHER_BYTES });
  changed(two.key, { integrity: OTHER_BYTES });
  packages['node_modules/brand-new'] = {
    version: '1.0.0',
    integrity: OTHER_BYTES,
  };
  const rest = Object.fromEntries(
    Object.entries(packages).filter(([key]) => key !== three.key),
  );
  return {
    text: JSON.stringify({ ...lock, packages: rest }),
    changes: [
      'added brand-new - > 1.0.0',
      `re-resolved ${two.name} ${two.version} > ${two.version}`,
      `removed ${three.name} ${three.version} > -`,
      `updated ${one.name} ${one.version} > 999.0.0`,
    ].toSorted(),
  };
}

/** Updates one package and exchanges the bytes of another, by their text. */
function editPnpm(text: string): Edited {
  const entries = [
    ...text.matchAll(
      /^ {2}(['"]?)((?:@[\w.-]+\/)?[\w.-]+)@(\d[\w.+-]*)\1:\n {4}resolution: \{integrity: (sha512-[\w+/=]+)\}/gm,
    ),
  ].map(([, , name = '', version = '', integrity = '']) => ({
    ...{ name, version, integrity },
  }));
  const once = entries.filter(
    ({ name }) => entries.filter((each) => each.name === name).length === 1,
  );
  const [first] = once;
  const update = once.find(
    ({ name, version }) =>
      name !== first?.name &&
      // Nothing but itself spells these, so that the text stays consistent.
      !text.includes(`${name}@${version}(`) &&
      !text.includes(`(${name}@${version})`) &&
      !text.includes(`      ${name}:\n        specifier`) &&
      !text.includes(`-${name}@${version}`) &&
      !text.includes(`/${name}@${version}`) &&
      !name.startsWith('@'),
  );
  if (!first || !update) throw new Error('too few entries');
  const { name, version } = update;
  return {
    text: text
      .replaceAll(first.integrity, OTHER_BYTES)
      .replaceAll(`${name}@${version}`, `${name}@999.0.0`)
      .replaceAll(`      ${name}: ${version}\n`, `      ${name}: 999.0.0\n`),
    changes: [
      `re-resolved ${first.name} ${first.version} > ${first.version}`,
      `updated ${name} ${version} > 999.0.0`,
    ].toSorted(),
  };
}

// Skipped where the folder of shared material is not beside the repository.
describe.skipIf(folder === null).each([
  ['npm-cli-package-lock-v3', 'package-lock.json', editNpm],
  ['vuejs-core-pnpm-9-0', 'pnpm-lock.yaml', editPnpm],
] as const)('diff of %s', (name, file, edit) => {
  async function openScene(): Promise<{
    readonly scene: Scene;
    readonly base: string;
    readonly text: string;
  }> {
    const scene = await createScene(sigstore, projectOf([]), {
      lockfile: 'unused.json',
    });
    scenes.push(scene);
    const text = await readFile(join(folder ?? '', name, file), 'utf8');
    await mkdir(join(scene.folder, 'old'));
    const base = join(scene.folder, 'old', file);
    await writeFile(base, text);
    return { scene, base, text };
  }

  async function diff(
    { scene, base }: { readonly scene: Scene; readonly base: string },
    text: string,
  ): Promise<DiffReport> {
    const path = join(scene.project, file);
    await writeFile(path, text);
    const argv = ['diff', base, '--json', '--lockfile', file];
    const ended = await runMain(scene, [...argv, ...scene.options]);
    if (ended.stdout === '') throw new Error(ended.stderr);
    return JSON.parse(ended.stdout) as DiffReport;
  }

  it('lists exactly what was edited, and asks about nothing else', async () => {
    const { text, ...rest } = await openScene();
    const edited = edit(text);
    const report = await diff(rest, edited.text);
    expect(
      report.changes
        .map(
          ({ kind, name: changed, before, after }) =>
            `${kind} ${changed} ${before?.version ?? '-'} > ${after?.version ?? '-'}`,
        )
        .toSorted(),
    ).toEqual(edited.changes);
    const swapped = edited.changes.filter((each) =>
      each.startsWith('re-resolved'),
    );
    expect(
      report.findings.filter(({ rule }) => rule === 'integrity-changed'),
    ).toHaveLength(swapped.length);
    const names = edited.changes.map((each) => each.split(' ')[1] ?? '');
    for (const { path } of rest.scene.registry.requests) {
      const asked = decodeURIComponent(path);
      expect(names.some((each) => asked.includes(each))).toBe(true);
    }
  }, 180_000);

  it('lists nothing where nothing was', async () => {
    const { text, ...rest } = await openScene();
    const report = await diff(rest, text);
    expect(report).toMatchObject({ changes: [], result: 'pass' });
    expect(rest.scene.registry.requests).toEqual([]);
  }, 180_000);
});
