import { AuditError } from '../errors.js';
import { FORMATS } from './formats.js';
import { invalidLockfile } from './lockfile-source.js';

const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ['pnpm-lock.yaml', 'pnpm'],
  ['bun.lock', 'Bun'],
  ['bun.lockb', 'Bun'],
]);

/** Whether a package manager takes a file of this name for its lockfile. */
export function isLockfileName(name: string): boolean {
  return SUPPORTED.includes(name) || UNSUPPORTED.has(name);
}

/**
 * Which of the files in a project folder is its lockfile, with a note for the
 * user where that is not obvious. Of two that one package manager reads, the
 * one that it prefers wins. Throws an `AuditError` if there is none, none that
 * can be read, or those of several package managers, which may say different
 * things.
 */
export function chooseLockfile(names: readonly string[]): {
  readonly file: string;
  readonly note: string | null;
} {
  const found = FORMATS.map(({ manager, fileNames }) => ({
    manager,
    files: fileNames.filter((name) => names.includes(name)),
  })).filter(({ files }) => files.length > 0);
  const others = [...UNSUPPORTED.keys()].filter((name) => names.includes(name));
  const all = [...found.flatMap(({ files }) => files), ...others];
  if (found.length + others.length > 1) {
    const message = `several lockfiles: ${all.join(', ')}; name the one to audit with --lockfile`;
    throw new AuditError('USAGE', message);
  }
  const [file, passedOver] = all;
  if (file === undefined) throw noLockfile();
  refuseUnsupported(file);
  const manager = found[0]?.manager ?? '';
  const note =
    passedOver === undefined
      ? null
      : `${file} is audited and ${passedOver} is not: ${manager} uses the former where both exist`;
  return { file, note };
}

/** Throws for a file, by its name, that another package manager wrote. */
export function refuseUnsupported(file: string): void {
  const manager = UNSUPPORTED.get(file);
  if (manager === undefined) return;
  throw invalidLockfile(
    `${file}: not supported yet: lockfiles of ${manager}; expected ${listed(SUPPORTED, 'or')}`,
  );
}

const SUPPORTED = FORMATS.flatMap(({ fileNames }) => fileNames).toSorted();

function noLockfile(): AuditError {
  const message = `no lockfile here: looked for ${listed(SUPPORTED, 'and')}; npm install --package-lock-only writes one`;
  return new AuditError('LOCKFILE_MISSING', message);
}

function listed(words: readonly string[], conjunction: string): string {
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1) ?? ''}`;
}
