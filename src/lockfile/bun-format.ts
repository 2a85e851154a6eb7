import type { LockfileFormat } from './lockfile-format.js';

/** How the binary lockfile of earlier versions begins. */
export const BINARY_BUN = /^#!\/usr\/bin\/env bun\s/;

/** bun.lock, and bun.lockb only to say what to do about it. */
export const BUN_FORMAT: LockfileFormat = {
  manager: 'Bun',
  fileNames: ['bun.lock', 'bun.lockb'],
  matches: (beginning) =>
    BINARY_BUN.test(beginning) ||
    /^\s*\{\s*"lockfileVersion": \d+,\s*(?:"configVersion": \d+,\s*)?"workspaces"/.test(
      beginning,
    ),
  read: async (input) => (await import('./bun.js')).readBunLockfile(input),
};
