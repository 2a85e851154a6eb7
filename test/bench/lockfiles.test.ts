import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { afterAll, describe, expect, it } from 'vitest';

import { GENERATED_FORMATS } from '../../fixtures/generated-lockfiles/generated-formats.js';
import { inputOf } from '../../fixtures/generated-lockfiles/generated-lockfile.js';
import { largeProject } from '../../fixtures/generated-lockfiles/project-model.js';
import { loadVirtualTree } from '../../src/io/arborist-tree.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';
import { cutLockfile } from './lockfile-real.js';

const RUN = fileURLToPath(
  new URL('../../dist/test/bench/lockfile-run.js', import.meta.url),
);
const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-bench-test-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('npm run bench:lockfiles', () => {
  it('measures formats, and real lockfiles that it is shown', async () => {
    const real = join(folder, 'real', 'some-project');
    await mkdir(real, { recursive: true });
    await writeFile(join(real, 'package-lock.json'), lockfile());
    const argv = [
      '--only=Yarn',
      '--size=20',
      '--few=10',
      '--rounds=1',
      `--real=${real}/..`,
    ];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [RUN, ...argv],
      { cwd: folder },
    );
    for (const name of ['Yarn 1', 'Yarn Berry']) {
      expect(stdout).toMatch(
        new RegExp(
          `^\\| ${name}: seconds \\(\\d+\\.\\d\\d of CPU\\) \\| at most 2 \\|`,
          'm',
        ),
      );
      expect(stdout).toContain(`| ${name}: MiB | at most 300 |`);
      expect(stdout).toContain(`| ${name}: 10 packages against npm`);
    }
    expect(stdout).toContain('some-project/package-lock.json: 10 entries');
    expect(stdout).not.toContain('not measured');
    expect(stdout).toBe(
      await readFile(join(folder, 'reports', 'bench-lockfiles.md'), 'utf8'),
    );
  }, 120_000);

  it('cuts a lockfile to one that can still be read', async () => {
    for (const version of [1, 2, 3]) {
      const whole = JSON.parse(lockfile(version)) as Record<string, object>;
      const { packages } = whole;
      // npm sorts by location: the link is far from the workspace's folder.
      const sorted =
        packages === undefined
          ? whole
          : { ...whole, packages: Object.fromEntries(byKey(packages)) };
      const cut = cutLockfile(JSON.stringify(sorted), 7);
      const { entries } = await parseLockfile(
        {
          path: 'package-lock.json',
          bytes: Buffer.from(JSON.stringify(cut)),
          manifest: null,
        },
        loadVirtualTree,
      );
      expect(entries).toBeGreaterThanOrEqual(6);
      expect(entries).toBeLessThan(20);
    }
  });
});

function byKey(members: object): readonly [string, unknown][] {
  return Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** With a workspace, whose link is the first entry. */
function lockfile(version = 3): string {
  const project = largeProject(30, version === 1 ? 0 : 1);
  const format = GENERATED_FORMATS.find(
    ({ name }) => name === `package-lock ${version}`,
  );
  if (format === undefined) throw new Error('no such format');
  return Buffer.from(inputOf(format.write(project), project).bytes).toString();
}
