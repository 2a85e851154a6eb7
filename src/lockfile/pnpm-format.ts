import type { LockfileFormat } from './lockfile-format.js';

/** pnpm-lock.yaml of versions 5, 6 and 9. */
export const PNPM_FORMAT: LockfileFormat = {
  manager: 'pnpm',
  fileNames: ['pnpm-lock.yaml'],
  matches: (beginning) =>
    /^(?:---\r?\n)?lockfileVersion: '?\d+\.\d+/.test(beginning),
  read: async (input) => (await import('./pnpm.js')).readPnpmLockfile(input),
};
