import { BUN_FORMAT } from './bun-format.js';
import { JSON_FORMAT } from './json-format.js';
import type { LockfileFormat } from './lockfile-format.js';
import { PNPM_FORMAT } from './pnpm-format.js';
import { YARN_FORMAT } from './yarn-format.js';

/** Every format, the one that anything may be last. */
export const FORMATS: readonly LockfileFormat[] = [
  PNPM_FORMAT,
  YARN_FORMAT,
  BUN_FORMAT,
  JSON_FORMAT,
];
