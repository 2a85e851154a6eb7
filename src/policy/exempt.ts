import { requireCommonJs } from '../commonjs.js';
import { parseIntegrity } from '../package/integrity.js';
import type { PolicyContext } from './evaluate-policy.js';
import { hasExpired } from './expiry.js';
import type { Acknowledgement, Exemption } from './policy.js';
import type { Exempted, Finding, Subject } from './verdict.js';

const satisfies = requireCommonJs('semver/functions/satisfies.js');

/** The one rule that only an acknowledgement can be about. */
const REJECTED = 'evidence-rejected';

/**
 * Takes the weight away from findings that the policy exempts or acknowledges.
 * They stay in the list, in their place, with the reason. What is about no
 * single package keeps its weight: an entry names one.
 */
export function applyExemptions(
  findings: readonly Finding[],
  context: PolicyContext,
): readonly Finding[] {
  return findings.map((finding) => ({
    ...finding,
    exempted: toExempted(findExempting(finding, context), finding),
  }));
}

/** The entry that takes a finding's weight: the first that does; else null. */
export function findExempting(
  finding: Pick<Finding, 'rule' | 'subject'>,
  { policy, now }: Pick<PolicyContext, 'policy' | 'now'>,
): Exemption | Acknowledgement | null {
  const entry =
    policy.acknowledged.find(
      (each) => acknowledges(each, finding) && !hasExpired(each, now),
    ) ??
    policy.exemptions.find(
      (each) => exempts(each, finding) && !hasExpired(each, now),
    );
  return entry ?? null;
}

/**
 * Whether an exemption is about this finding, expired or not. Of rejected
 * evidence none is, whatever rules it lists.
 */
export function exempts(
  entry: Exemption,
  { rule, subject }: Pick<Finding, 'rule' | 'subject'>,
): boolean {
  return (
    subject !== null &&
    rule !== REJECTED &&
    entry.rules.includes(rule) &&
    isAbout(entry, subject)
  );
}

/** Whether an acknowledgement is about this finding, expired or not. */
export function acknowledges(
  entry: Acknowledgement,
  { rule, subject }: Pick<Finding, 'rule' | 'subject'>,
): boolean {
  return (
    subject !== null && rule === REJECTED && whyVoid(entry, subject) === null
  );
}

/**
 * Whether an exemption names this package and version, whatever its rules.
 * Ranges mean what they mean to npm: a prerelease is in one only if the range
 * names a prerelease of the same version. Who reviewed `^1.2.0` has not
 * reviewed `1.3.0-beta.1`.
 */
export function isAbout(
  { name, range }: Exemption,
  { dependency: { id } }: Subject,
): boolean {
  return id.name === name && (range === null || satisfies(id.version, range));
}

/** What keeps an acknowledgement from a dependency. */
export type VoidReason =
  | 'other-name'
  | 'other-version'
  | 'other-bytes'
  | 'not-rejected'
  | 'other-codes'
  | 'undecided';

/**
 * Null if somebody has looked into exactly this: the same version, the same
 * bytes, no rejection but those named, and nothing left undecided. Else the first
 * that differs; any of them makes the acknowledgement void.
 */
export function whyVoid(
  { name, version, integrity, codes }: Acknowledgement,
  { dependency, facts }: Subject,
): VoidReason | null {
  if (dependency.id.name !== name) return 'other-name';
  if (dependency.id.version !== version) return 'other-version';
  const ours = parseIntegrity(dependency.integrity);
  const theirs = parseIntegrity(integrity);
  const isSame =
    ours.status === 'sha512' &&
    theirs.status === 'sha512' &&
    ours.sha512 === theirs.sha512;
  if (!isSame) return 'other-bytes';
  const rejections = facts?.rejections ?? [];
  if (rejections.length === 0) return 'not-rejected';
  if (!rejections.every(({ code }) => codes.includes(code))) {
    return 'other-codes';
  }
  // Nobody can have looked into what could not even be decided, and beside a
  // rejection no other rule speaks of it.
  return (facts?.unverifiable ?? []).length === 0 ? null : 'undecided';
}

function toExempted(
  entry: Exemption | Acknowledgement | null,
  { rule }: Finding,
): Exempted | null {
  if (entry === null) return null;
  return {
    by: rule === REJECTED ? 'acknowledged' : 'exemption',
    reason: entry.reason,
    owner: entry.owner,
    expires: entry.expires,
    policyLine: entry.line,
  };
}
