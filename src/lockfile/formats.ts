import { JSON_FORMAT } from './json-format.js';
import type { LockfileFormat } from './lockfile-format.js';

/** Every format, the one that anything may be last. */
export const FORMATS: readonly LockfileFormat[] = [JSON_FORMAT];
