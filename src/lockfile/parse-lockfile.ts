import type { Lockfile } from './dependency.js';
import { FORMATS } from './formats.js';
import { JSON_FORMAT } from './json-format.js';
import type { LockfileFormat, LockfileInput } from './lockfile-format.js';
import type { LoadVirtualTree } from './npm-tree.js';

/** Enough for every mark that a format is known by. */
const BEGINNING_BYTES = 4096;

/**
 * Reads an untrusted lockfile of any format, or an SBOM of npm packages,
 * completely, or throws an `AuditError` with one line that names the file and,
 * where it can, the line in it. `loadTree` finds the edges of npm lockfiles.
 *
 * Not checked here: whether `resolved` belongs to the name, and the integrity.
 */
export async function parseLockfile(
  input: LockfileInput,
  loadTree: LoadVirtualTree,
): Promise<Lockfile> {
  return detectFormat(input).read(input, loadTree);
}

/**
 * The format of a file: that of its name, since its package manager would go by
 * that too; where no package manager calls a file so, that of its beginning.
 */
export function detectFormat({ path, bytes }: LockfileInput): LockfileFormat {
  const name = fileNameOf(path);
  const named = FORMATS.find(({ fileNames }) => fileNames.includes(name));
  if (named !== undefined) return named;
  const beginning = new TextDecoder().decode(
    bytes.subarray(0, BEGINNING_BYTES),
  );
  return FORMATS.find((one) => one.matches(beginning)) ?? JSON_FORMAT;
}

function fileNameOf(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
