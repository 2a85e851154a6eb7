import { JSON_FORMAT } from './json-format.js';
import type { LockfileFormat } from './lockfile-format.js';
import { YARN_FORMAT } from './yarn.js';

/** Every format, the one that anything may be last. */
export const FORMATS: readonly LockfileFormat[] = [YARN_FORMAT, JSON_FORMAT];
