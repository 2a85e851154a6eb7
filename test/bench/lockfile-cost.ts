import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import type { GeneratedFormat } from '../../fixtures/generated-lockfiles/generated-formats.js';
import { inputOf } from '../../fixtures/generated-lockfiles/generated-lockfile.js';
import { largeProject } from '../../fixtures/generated-lockfiles/project-model.js';
import type { Cost } from './measure.js';

const READER = fileURLToPath(new URL('lockfile-reader.js', import.meta.url));

/** What reading one lockfile cost, the process's start left out of the times. */
export interface ReadCost extends Cost {
  readonly entries: number;
}

/** A folder with a lockfile; without its name npm's own reader reads it. */
export interface ReadCommand {
  readonly folder: string;
  readonly file?: string;
}

/** Reads it once in a process of its own. */
export async function readOnce({
  folder,
  file,
}: ReadCommand): Promise<ReadCost> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...[READER, folder],
    ...(file === undefined ? [] : [file]),
  ]);
  return JSON.parse(stdout) as ReadCost;
}

/** Takes turns between them, `rounds` times; the costs of each. */
export async function readInTurns(
  commands: readonly ReadCommand[],
  rounds: number,
): Promise<readonly (readonly ReadCost[])[]> {
  const costs = commands.map((): ReadCost[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, command] of commands.entries()) {
      costs[index]?.push(await readOnce(command));
    }
  }
  return costs;
}

/** Writes a generated project with `size` packages into a folder of its own. */
export async function writeGenerated(
  parent: string,
  format: GeneratedFormat,
  size: number,
): Promise<Required<ReadCommand>> {
  const folder = join(parent, `${format.name.replaceAll(' ', '-')}-${size}`);
  const project = largeProject(size);
  const { path, bytes, manifest } = inputOf(format.write(project), project);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, path), bytes);
  if (manifest !== null)
    await writeFile(join(folder, 'package.json'), manifest);
  return { folder, file: path };
}
