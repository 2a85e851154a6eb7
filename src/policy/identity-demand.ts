import type { ProvenanceFacts } from '../facts/facts.js';
import { packageEntries } from './package-entry.js';
import type { PackagePolicy, Policy } from './policy.js';
import type { Observation } from './rule.js';
import type { Subject } from './verdict.js';

/** One thing that policy may demand of who made a build. */
export interface IdentityDemand {
  /** For people, with its article: `the source ref`. */
  readonly what: string;
  /** What is allowed; an empty list demands nothing. */
  readonly allowed: (entry: PackagePolicy) => readonly string[];
  /** The certificate's word; null where it does not say. */
  readonly found: (provenance: ProvenanceFacts) => string | null;
  /** Default: equality. */
  readonly allows?: (allowed: string, found: string) => boolean;
}

/** A subject whose provenance is verified. */
export interface ProvenSubject {
  readonly subject: Subject;
  readonly provenance: ProvenanceFacts;
}

/**
 * Those whose identity is known. Of all others nothing can be said about it,
 * and there other rules do: rejected, unverifiable or unavailable evidence, or
 * a level that is required.
 */
export function provenSubjects(
  subjects: readonly Subject[],
): readonly ProvenSubject[] {
  return subjects.flatMap((subject) => {
    const { facts } = subject;
    return facts?.verification === 'verified' && facts.provenance !== null
      ? [{ subject, provenance: facts.provenance }]
      : [];
  });
}

/**
 * What is found where the entry of `packages` that counts for a package does
 * not allow what its certificate says. A certificate that does not say
 * satisfies no demand.
 */
export function observeIdentity(
  subjects: readonly Subject[],
  policy: Policy,
  demand: IdentityDemand,
): readonly Observation[] {
  const { what, allowed, found, allows = isSame } = demand;
  const entryOf = packageEntries(policy.packages);
  return provenSubjects(subjects).flatMap(({ subject, provenance }) => {
    const entry = entryOf(subject.dependency.id.name)?.entry;
    const list = entry === undefined ? [] : allowed(entry);
    if (entry === undefined || list.length === 0) return [];
    const value = found(provenance);
    if (value !== null && list.some((each) => allows(each, value))) return [];
    return [
      {
        subject,
        message:
          value === null
            ? `the certificate does not name ${what}`
            : `${what} is not one that the policy allows`,
        expected: list.join(' or '),
        found: value,
        ...atLine(entry),
      },
    ];
  });
}

/** Where in the policy file an observation comes from, if that is known. */
export function atLine({
  line,
}: Pick<PackagePolicy, 'line'>): Pick<Observation, 'policyLine'> {
  return line === null ? {} : { policyLine: line };
}

function isSame(allowed: string, found: string): boolean {
  return allowed === found;
}
