import { AuditError } from '../errors.js';
import { FORMATS } from './formats.js';

/** Whether a package manager takes a file of this name for its lockfile. */
export function isLockfileName(name: string): boolean {
  return SUPPORTED.includes(name);
}

/**
 * Which of the files in a project folder is its lockfile, with a note for the
 * user where that is not obvious. Of two that one package manager reads, the
 * one that it prefers wins. Throws an `AuditError` if there is none, or those of
 * several package managers, which may say different things.
 */
export function chooseLockfile(names: readonly string[]): {
  readonly file: string;
  readonly note: string | null;
} {
  const found = FORMATS.map(({ manager, fileNames }) => ({
    manager,
    files: fileNames.filter((name) => names.includes(name)),
  })).filter(({ files }) => files.length > 0);
  const all = found.flatMap(({ files }) => files);
  if (found.length > 1) {
    const message = `several lockfiles: ${all.join(', ')}; name the one to audit with --lockfile`;
    throw new AuditError('USAGE', message);
  }
  const [file, passedOver] = all;
  if (file === undefined) throw noLockfile();
  const manager = found[0]?.manager ?? '';
  const note =
    passedOver === undefined
      ? null
      : `${file} is audited and ${passedOver} is not: ${manager} uses the former where both exist`;
  return { file, note };
}

const SUPPORTED = FORMATS.flatMap(({ fileNames }) => fileNames).toSorted();

function noLockfile(): AuditError {
  const message = `no lockfile here: looked for ${listed(SUPPORTED)}; npm install --package-lock-only writes one`;
  return new AuditError('LOCKFILE_MISSING', message);
}

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;
}
