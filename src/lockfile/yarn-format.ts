import type { LockfileFormat, LockfileInput } from './lockfile-format.js';
import type { SymlDialect } from './syml-lines.js';

/** What Yarn 1 puts at the beginning, and what its successors know it by. */
const V1_HEADER = /^(?:#.*\r?\n)*?#\s+yarn\s+lockfile\s+v1\r?(?:\n|$)/i;

/** Lockfiles of Yarn 1 and of Yarn Berry (2 and later). */
export const YARN_FORMAT: LockfileFormat = {
  manager: 'Yarn',
  fileNames: ['yarn.lock'],
  needsWorkspaces: true,
  matches: (beginning) => detectDialect(beginning) !== null,
  read: async (input) => (await import('./yarn.js')).readYarnLockfile(input),
};

/** Which dialect a file is in, by its beginning; null if it is in neither. */
export function detectDialect(text: string): SymlDialect | null {
  if (V1_HEADER.test(text)) return 'yarn-v1';
  return /^__metadata:/m.test(text) ? 'yarn-berry' : null;
}

/**
 * Whether `input`, of this format, is one of Yarn Berry, whose settings are in
 * other files than those of Yarn 1. Of a broken file either may be said.
 */
export function isYarnBerry({ bytes }: LockfileInput): boolean {
  return detectDialect(new TextDecoder().decode(bytes)) === 'yarn-berry';
}
