import { AuditError } from '../errors.js';
import { invalidLockfile } from './lockfile-source.js';

const SHRINKWRAP = 'npm-shrinkwrap.json';
const PACKAGE_LOCK = 'package-lock.json';
const UNSUPPORTED: ReadonlyMap<string, string> = new Map([
  ['pnpm-lock.yaml', 'pnpm'],
  ['yarn.lock', 'Yarn'],
  ['bun.lock', 'Bun'],
  ['bun.lockb', 'Bun'],
]);

/**
 * Which of the files in a project folder is its lockfile, with a note for the
 * user where that is not obvious. As npm does, the shrinkwrap file wins. Throws
 * an `AuditError` if there is none, none that can be read, or several that may
 * say different things.
 */
export function chooseLockfile(names: readonly string[]): {
  readonly file: string;
  readonly note: string | null;
} {
  const others = [...UNSUPPORTED.keys()].filter((name) => names.includes(name));
  const own = [SHRINKWRAP, PACKAGE_LOCK].filter((name) => names.includes(name));
  const [file] = own;
  const [other] = others;
  if (file === undefined && other === undefined) {
    const message = `no lockfile here: looked for ${PACKAGE_LOCK} and ${SHRINKWRAP}; npm install --package-lock-only writes one`;
    throw new AuditError('LOCKFILE_MISSING', message);
  }
  if (file === undefined || other === undefined) {
    refuseUnsupported(other ?? '');
    return { file: file ?? '', note: own.length > 1 ? SHRINKWRAP_WINS : null };
  }
  const message = `several lockfiles: ${[...own, ...others].join(', ')}; name the one to audit with --lockfile`;
  throw new AuditError('USAGE', message);
}

const SHRINKWRAP_WINS = `${SHRINKWRAP} is audited and ${PACKAGE_LOCK} is not: npm uses the former where both exist`;

/** Throws for a file, by its name, that another package manager wrote. */
export function refuseUnsupported(file: string): void {
  const manager = UNSUPPORTED.get(file);
  if (manager === undefined) return;
  throw invalidLockfile(
    `${file}: not supported yet: lockfiles of ${manager}; expected ${PACKAGE_LOCK} or ${SHRINKWRAP}`,
  );
}
