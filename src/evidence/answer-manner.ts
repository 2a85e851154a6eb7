import type { AnswerNote } from './registry.js';

/**
 * How a registry answered about a version, beside what it said: by this, mirrors
 * are recognized that hand out the same in another way. Claimed.
 */
export interface AnswerManner {
  readonly notes: readonly AnswerNote[];
  /** As `VersionMetadata.hosts`, or none. */
  readonly hosts: readonly string[];
}
