import { requireCommonJs } from '../../commonjs.js';
import { parseIntegrity } from '../../package/integrity.js';
import type { Acknowledgement, Exemption, Policy } from '../policy.js';
import { NOT_THERE, type Weakening } from './weakening.js';

const subset = requireCommonJs('semver/ranges/subset.js');

/**
 * Exemptions that are about more, or hold longer, than those of `base`: each
 * rule for itself, since several may have been written into one.
 */
export function weakerExemptions(
  base: Pick<Policy, 'exemptions'>,
  proposed: Pick<Policy, 'exemptions'>,
): readonly Weakening[] {
  return proposed.exemptions.flatMap((entry) => {
    const added = entry.rules.filter(
      (rule) =>
        !base.exemptions.some(
          (each) =>
            each.rules.includes(rule) &&
            coversVersions(each, entry) &&
            each.expires >= entry.expires,
        ),
    );
    if (added.length === 0) return [];
    const known = base.exemptions.find(
      (each) =>
        coversVersions(each, entry) &&
        added.every((rule) => each.rules.includes(rule)),
    );
    const name =
      entry.range === null ? entry.name : `${entry.name}@${entry.range}`;
    return [
      {
        what: `exemptions, ${name}`,
        expected: known === undefined ? NOT_THERE : describe(added, known),
        found: describe(added, entry),
      },
    ];
  });
}

/** Acknowledged rejections that `base` does not have, or not for as long. */
export function weakerAcknowledgements(
  base: Pick<Policy, 'acknowledged'>,
  proposed: Pick<Policy, 'acknowledged'>,
): readonly Weakening[] {
  return proposed.acknowledged.flatMap((entry) => {
    const same = base.acknowledged.filter(
      (each) =>
        isSameBytes(each, entry) &&
        entry.codes.every((code) => each.codes.includes(code)),
    );
    if (same.some(({ expires }) => expires >= entry.expires)) return [];
    const [known] = same;
    return [
      {
        what: `acknowledged, ${entry.name}@${entry.version}`,
        expected:
          known === undefined ? NOT_THERE : describe(entry.codes, known),
        found: describe(entry.codes, entry),
      },
    ];
  });
}

function coversVersions(outer: Exemption, inner: Exemption): boolean {
  if (outer.name !== inner.name) return false;
  if (outer.range === null || outer.range === inner.range) return true;
  return inner.range !== null && subset(inner.range, outer.range);
}

function isSameBytes(a: Acknowledgement, b: Acknowledgement): boolean {
  const [ours, theirs] = [a, b].map(({ integrity }) =>
    parseIntegrity(integrity),
  );
  return (
    a.name === b.name &&
    a.version === b.version &&
    (a.integrity === b.integrity ||
      (ours?.status === 'sha512' &&
        theirs?.status === 'sha512' &&
        ours.sha512 === theirs.sha512))
  );
}

function describe(
  what: readonly string[],
  { expires }: Pick<Exemption, 'expires'>,
): string {
  return `${what.join(', ')} until ${expires}`;
}
