import type { Dependency } from '../lockfile/dependency.js';
import type { Selector } from './policy.js';
import { selects } from './select.js';
import type { Subject } from './verdict.js';

/**
 * Whether a selection left this one out, so that nobody was asked about it and
 * what the policy would find is not known.
 */
export function isLeftOut({ evidence }: Subject): boolean {
  return evidence.status === 'not-applicable' && evidence.reason === 'omitted';
}

/** A dependency that a selection leaves out: nobody is asked about it. */
export function toLeftOut(dependency: Dependency): Subject {
  return {
    dependency,
    registry: null,
    askedAt: null,
    askedByProject: false,
    evidence: { status: 'not-applicable', reason: 'omitted' },
    facts: null,
  };
}

/**
 * Whether a setting is about this subject or, where it was left out, could be:
 * the registry that it belongs to was not looked for then.
 */
export function maySelect(selector: Selector, subject: Subject): boolean {
  return isLeftOut(subject)
    ? selects({ ...selector, registries: [] }, subject)
    : selects(selector, subject);
}
