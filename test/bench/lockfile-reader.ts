import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv, stdout } from 'node:process';

import { requireCommonJs } from '../../src/commonjs.js';
import { loadVirtualTree } from '../../src/io/arborist-tree.js';
import { parseLockfile } from '../../src/lockfile/parse-lockfile.js';

/**
 * Reads one lockfile, once, in a process of its own, and prints what it cost:
 * `FOLDER FILE` with the lockfile stage, `FOLDER` alone with npm's own reader.
 * Libraries are loaded before, and so is the file.
 */
const [, , folder = '', file] = argv;
const read = file === undefined ? readWithNpm() : await readStage(file);
const usage = process.cpuUsage();
const started = performance.now();
const entries = await read();
const wallMs = performance.now() - started;
const { user, system } = process.cpuUsage(usage);
const peakMiB = process.resourceUsage().maxRSS / 1024;
const cost = { wallMs, cpuMs: (user + system) / 1000, peakMiB, entries };
stdout.write(JSON.stringify(cost));

async function readStage(path: string): Promise<() => Promise<number>> {
  // As the program does: an import goes on taking CPU time for a while.
  requireCommonJs('npm-package-arg');
  requireCommonJs('@npmcli/arborist');
  await import('../../src/lockfile/npm-lockfile.js');
  await import('../../src/lockfile/sbom.js');
  await import('../../src/lockfile/pnpm.js');
  await import('../../src/lockfile/yarn.js');
  await import('../../src/lockfile/bun.js');
  const bytes = await readFile(join(folder, path));
  const manifest = await readFile(join(folder, 'package.json')).catch(
    () => null,
  );
  return async () => {
    const input = { path, bytes, manifest };
    return (await parseLockfile(input, loadVirtualTree)).entries;
  };
}

function readWithNpm(): () => Promise<number> {
  const Arborist = requireCommonJs('@npmcli/arborist');
  return async () => {
    const tree = await new Arborist({ path: folder }).loadVirtual();
    return tree.inventory.size - 1;
  };
}
