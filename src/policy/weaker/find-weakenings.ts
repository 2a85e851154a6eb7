import type { Policy, RegistryPolicy } from '../policy.js';
import type { Rule } from '../rule.js';
import { describeSpan } from '../span.js';
import { weakerAcknowledgements, weakerExemptions } from './weaker-entries.js';
import { weakerPackages } from './weaker-packages.js';
import { weakerRules } from './weaker-rules.js';
import { NOT_THERE, type Weakening } from './weakening.js';

type Compare = (
  base: Policy,
  proposed: Policy,
  rules: readonly Rule[],
) => readonly Weakening[];
/** Members that say where a policy comes from, and nothing else. */
type Origin = 'origin' | 'path' | 'ref' | 'sha256' | 'ofProject' | 'files';

/** By member of the policy, so that none is forgotten. */
const COMPARED: Readonly<Record<Exclude<keyof Policy, Origin>, Compare>> = {
  rules: weakerRules,
  coverage: weakerCoverage,
  packages: weakerPackages,
  deniedEvents: weakerEvents,
  minimumReleaseAge: weakerAge,
  history: weakerWindows,
  exemptions: weakerExemptions,
  acknowledged: weakerAcknowledgements,
  registries: weakerRegistries,
  issuers: weakerIssuers,
};
const GROUPS = ['all', 'production', 'direct'] as const;

/**
 * Every way in which `proposed` asks for less than `base`: compared is what they
 * mean, not how they are written. Where one asks for something else, and nobody
 * can say that it is as much, that counts as less. Tightening is none.
 */
export function findWeakenings(
  base: Policy,
  proposed: Policy,
  rules: readonly Rule[],
): readonly Weakening[] {
  return Object.values(COMPARED).flatMap((compare) =>
    compare(base, proposed, rules),
  );
}

function weakerCoverage(base: Policy, proposed: Policy): readonly Weakening[] {
  return GROUPS.flatMap((group) => {
    const [before, after] = [base.coverage[group], proposed.coverage[group]];
    if (before === null) return [];
    if (after !== null && after.hundredths >= before.hundredths) return [];
    return [
      {
        what: `coverage, ${group}`,
        expected: `at least ${before.text}`,
        found: after === null ? NOT_THERE : `at least ${after.text}`,
      },
    ];
  });
}

function weakerEvents(base: Policy, proposed: Policy): readonly Weakening[] {
  const allowed = base.deniedEvents.filter(
    (event) => !proposed.deniedEvents.includes(event),
  );
  return allowed.map((event) => ({
    what: `events, ${event}`,
    expected: 'denied',
    found: 'allowed',
  }));
}

function weakerAge(base: Policy, proposed: Policy): readonly Weakening[] {
  const [before, after] = [base.minimumReleaseAge, proposed.minimumReleaseAge];
  if (before === null || (after !== null && after >= before)) return [];
  return [
    {
      what: 'minimumReleaseAge',
      expected: describeAge(before),
      found: after === null ? NOT_THERE : describeAge(after),
    },
  ];
}

/**
 * A shorter one finds less. Of `compareWithin` a longer one may too: with an older
 * release in sight a line can be one that is done by hand.
 */
function weakerWindows(base: Policy, proposed: Policy): readonly Weakening[] {
  const names = ['compareWithin', 'byHandAfter', 'atOnceWithin'] as const;
  return names.flatMap((name) => {
    const [before, after] = [base.history[name], proposed.history[name]];
    const isWeaker =
      name === 'compareWithin' ? after !== before : after < before;
    if (!isWeaker) return [];
    const [expected, found] = [describeSpan(before), describeSpan(after)];
    return [{ what: `history, ${name}`, expected, found }];
  });
}

/** Which registry is another's mirror, or is asked for it, must not change. */
function weakerRegistries(
  base: Policy,
  proposed: Policy,
): readonly Weakening[] {
  const urls = new Set(
    [...base.registries, ...proposed.registries].map(({ url }) => url),
  );
  return [...urls].flatMap((url) => {
    const [before, after] = [base, proposed].map(({ registries }) =>
      registries.find((each) => each.url === url),
    );
    const isWeaker =
      (after?.hasNoEvidence === true && before?.hasNoEvidence !== true) ||
      (after?.mirrorOf ?? null) !== (before?.mirrorOf ?? null) ||
      (after?.evidenceFrom ?? null) !== (before?.evidenceFrom ?? null);
    if (!isWeaker) return [];
    return [
      {
        what: `registries, ${url}`,
        expected: describeRegistry(before),
        found: describeRegistry(after),
      },
    ];
  });
}

function weakerIssuers(base: Policy, proposed: Policy): readonly Weakening[] {
  return proposed.issuers.flatMap(({ issuer, platform, server }) => {
    const before = base.issuers.find((each) => each.issuer === issuer);
    if (before?.platform === platform && before.server === server) return [];
    return [
      {
        what: `issuers, ${issuer}`,
        expected:
          before === undefined
            ? 'not trusted'
            : `${before.platform} at ${before.server}`,
        found: `${platform} at ${server}`,
      },
    ];
  });
}

function describeRegistry(registry: RegistryPolicy | undefined): string {
  const parts = [
    ...(registry?.hasNoEvidence === true ? ['no evidence'] : []),
    ...(registry?.mirrorOf ? [`a mirror of ${registry.mirrorOf}`] : []),
    ...(registry?.evidenceFrom
      ? [`evidence from ${registry.evidenceFrom}`]
      : []),
  ];
  return parts.length === 0 ? NOT_THERE : parts.join(', ');
}

function describeAge(milliseconds: number): string {
  return `${milliseconds / 3_600_000}h`;
}
