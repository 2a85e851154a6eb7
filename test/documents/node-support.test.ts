import { readFile } from 'node:fs/promises';

import semver from 'semver';
import { expect, it } from 'vitest';

import { ROOT } from './markdown.js';

const read = (path: string): Promise<string> =>
  readFile(new URL(path, ROOT), 'utf8');
const { engines } = JSON.parse(await read('package.json')) as {
  readonly engines: { readonly node: string };
};
const { packages } = JSON.parse(await read('package-lock.json')) as {
  readonly packages: Readonly<
    Record<
      string,
      { readonly dev?: boolean; readonly engines?: { readonly node?: string } }
    >
  >;
};
const installed = Object.entries(packages).flatMap(([location, entry]) =>
  location === '' || entry.dev === true || entry.engines?.node === undefined
    ? []
    : [entry.engines.node],
);
/** The first version of each part of the range, and of what is kept running. */
const firsts = engines.node
  .split(' || ')
  .map((part) => semver.minVersion(part)?.version ?? '');
const OLDEST = '20.19.0';

it('promises what every dependency promises, and not less', () => {
  expect(installed.length).toBeGreaterThan(100);
  const narrower = installed.filter(
    (range) => !semver.subset(engines.node, range),
  );
  expect(narrower).toEqual([]);
  expect(installed).toContain(engines.node);
});

it('is tried with the first version of each, and with the oldest that runs', async () => {
  const script = await read('test/node-versions/run');
  const [, list = ''] = /^VERSIONS=\((.*)\)$/m.exec(script) ?? [];
  const tried = list.split(' ').map((each) => semver.coerce(each)?.version);
  expect(tried).toEqual([OLDEST, ...firsts]);
  expect(semver.satisfies(OLDEST, engines.node)).toBe(false);
});

it('is said everywhere as it is', async () => {
  expect(await read('README.md')).toContain(`\`${engines.node}\``);
  for (const path of ['README.md', 'CONTRIBUTING.md']) {
    expect(await read(path)).toContain('20.19');
  }
  const contributing = await read('CONTRIBUTING.md');
  for (const version of firsts) {
    expect(contributing).toContain(version.replace(/\.0(?:\.0)?$/, ''));
  }
});
