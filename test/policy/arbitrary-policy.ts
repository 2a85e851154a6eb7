import fc from 'fast-check';
import {
  DEFAULT_POLICY,
  EVERYTHING,
  type Acknowledgement,
  type Exemption,
  type PackagePolicy,
  type Policy,
  type RuleSetting,
  type Selector,
} from '../../src/policy/policy.js';
import type { RuleLevel } from '../../src/policy/rule.js';
import { RULES } from '../../src/policy/rules/index.js';
import type { Subject } from '../../src/policy/verdict.js';
import { ACME_REGISTRY, OTHER_SRI, SRI } from '../verification/samples.js';
import { acknowledgement, exemption, packageEntry } from './entries.js';
import {
  UNATTESTED,
  UNPROVEN,
  inScope,
  outOfScope,
  rejection,
  unavailable,
} from './subjects.js';

/** From what weighs nothing to what fails. */
export const RULE_LEVELS: readonly RuleLevel[] = ['off', 'warning', 'error'];
/** Rules that look at packages and not at the policy. */
export const PACKAGE_RULES = RULES.filter(({ about }) => about === 'packages');
const RULE_IDS = PACKAGE_RULES.map(({ id }) => id);
const NAMES = ['@acme/widget', '@acme/gadget', 'left-pad'] as const;
const OTHER_REGISTRY = 'https://other.example/';

/** A dependency in any state that policy tells apart. */
export const arbitrarySubject: fc.Arbitrary<Subject> = fc
  .record({
    shape: fc.record({
      name: fc.constantFrom(...NAMES),
      version: fc.constantFrom('1.2.3', '1.2.4', '2.0.0-rc.1'),
      integrity: fc.constantFrom(SRI, OTHER_SRI),
      resolved: fc.constantFrom(null, 'http://npm.acme.example/x'),
      registry: fc.constantFrom(ACME_REGISTRY, OTHER_REGISTRY),
      askedByProject: fc.boolean(),
      declaredRepository: fc.constantFrom(
        'https://github.com/acme/widget',
        'https://github.com/acme/gadget',
      ),
      place: fc.record({ production: fc.boolean(), direct: fc.boolean() }),
      provenance: fc.record({
        event: fc.constantFrom('push', 'issue_comment', null),
        runner: fc.constantFrom('github-hosted', 'self-hosted', null),
        sourceRepository: fc.constantFrom(
          'https://github.com/acme/widget',
          'https://github.com/evil/widget',
        ),
      }),
    }),
    state: fc.constantFrom(
      'proven',
      'proven',
      'unattested',
      'unsigned',
      'rejected',
      'rejected twice',
      'unverifiable',
      'unavailable',
      'withheld',
      'out of scope',
    ),
  })
  .map(({ shape, state }): Subject => {
    const subject = inScope(shape);
    switch (state) {
      case 'proven':
        return subject;
      case 'unattested':
        return { ...subject, evidence: UNATTESTED, facts: UNPROVEN };
      case 'unsigned': {
        const facts = { level: 'none', registrySignature: 'missing' } as const;
        return {
          ...subject,
          evidence: UNATTESTED,
          facts: { ...UNPROVEN, ...facts },
        };
      }
      case 'rejected':
      case 'rejected twice':
        return {
          ...subject,
          facts: {
            ...UNPROVEN,
            verification: 'rejected',
            rejections: [
              rejection(),
              ...(state === 'rejected'
                ? []
                : [rejection({ code: 'signature' })]),
            ],
          },
        };
      case 'unverifiable': {
        const unverifiable = [{ code: 'no-sha512', message: '' }] as const;
        return {
          ...subject,
          facts: { ...UNPROVEN, verification: 'unverifiable', unverifiable },
        };
      }
      case 'unavailable':
        return { ...unavailable('timeout'), dependency: subject.dependency };
      case 'withheld': {
        const { dependency } = subject;
        return { ...unavailable('attestations-withheld'), dependency };
      }
      case 'out of scope':
        return { ...outOfScope('git'), dependency: subject.dependency };
    }
  });

const arbitrarySelector: fc.Arbitrary<Selector> = fc.record({
  scope: fc.constantFrom('all', 'production'),
  direct: fc.constantFrom(null, true, false),
  workspaces: fc.constant([]),
  packages: fc.constantFrom([], [], ['@acme/*'], ['left-pad']),
  registries: fc.constantFrom([], [], [ACME_REGISTRY]),
});

const arbitraryLevel = fc.constantFrom(...RULE_LEVELS);
const arbitrarySettings: fc.Arbitrary<readonly RuleSetting[]> = fc.array(
  fc.record({
    level: arbitraryLevel,
    for: fc.oneof(fc.constant(EVERYTHING), arbitrarySelector),
  }),
  { minLength: 1, maxLength: 3 },
);

/** A share of packages. */
export const arbitraryThreshold = fc
  .constantFrom(0, 2000, 3333, 5000, 9999, 10_000)
  .map((hundredths) => ({ text: `${hundredths / 100}%`, hundredths }));
const arbitraryCoverage = fc.record({
  all: fc.option(arbitraryThreshold),
  production: fc.option(arbitraryThreshold),
  direct: fc.option(arbitraryThreshold),
});

/** An exemption that holds. */
export const arbitraryExemption: fc.Arbitrary<Exemption> = fc
  .record({
    name: fc.constantFrom(...NAMES),
    range: fc.constantFrom(null, '1.2.3', '^1.2.0', '>=1.2.4'),
    rules: fc.uniqueArray(fc.constantFrom(...RULE_IDS), { minLength: 1 }),
  })
  .map(exemption);
/** An acknowledgement that holds. */
export const arbitraryAcknowledgement: fc.Arbitrary<Acknowledgement> = fc
  .record({
    name: fc.constantFrom(...NAMES),
    version: fc.constantFrom('1.2.3', '1.2.4'),
    integrity: fc.constantFrom(SRI, OTHER_SRI),
    codes: fc.constantFrom(['subject-digest'], ['subject-digest', 'signature']),
  })
  .map(acknowledgement);

const DEMANDS = {
  require: ['registry-signature', 'provenance', 'trusted-publisher'],
  source: [['https://github.com/acme/*']],
  workflow: [['.github/workflows/release.yml'], ['other.yml']],
  signer: [['https://github.com/acme/widget/x.yml']],
  ref: [['refs/tags/*'], ['refs/heads/main']],
  runner: [['hosted']],
  builder: [['https://github.com/actions/runner/github-hosted'], ['x']],
  issuer: [['https://gitlab.com']],
  events: [['push']],
} as const satisfies { readonly [K in keyof PackagePolicy]?: unknown };
/** A member that demands something. */
export type Demand = keyof typeof DEMANDS;

/** One member of an entry of `packages`, with what it demands. */
export const arbitraryDemand: fc.Arbitrary<Partial<PackagePolicy>> = fc
  .constantFrom(...(Object.keys(DEMANDS) as Demand[]))
  .chain((key) =>
    fc
      .constantFrom<unknown>(...DEMANDS[key])
      .map((value): Partial<PackagePolicy> => ({ [key]: value })),
  );
const arbitraryEntries: fc.Arbitrary<readonly PackagePolicy[]> = fc.uniqueArray(
  fc
    .record({
      pattern: fc.constantFrom('*', '@acme/*', '@acme/w*', ...NAMES),
      demands: fc.array(arbitraryDemand, { maxLength: 3 }),
    })
    .map(({ pattern, demands }) =>
      packageEntry(pattern, Object.assign({}, ...demands) as object),
    ),
  { selector: ({ pattern }) => pattern, maxLength: 4 },
);

/** A policy of which no entry has expired, with the rules about it at their levels. */
export const arbitraryPolicy: fc.Arbitrary<Policy> = fc.record({
  ...fixed(DEFAULT_POLICY),
  rules: fc
    .array(fc.tuple(fc.constantFrom(...RULE_IDS), arbitrarySettings))
    .map((entries) => new Map(entries)),
  coverage: arbitraryCoverage,
  packages: arbitraryEntries,
  deniedEvents: fc.subarray(['issue_comment', 'pull_request_target']),
  minimumReleaseAge: fc.constantFrom(null, 0, 86_400_000),
  exemptions: fc.array(arbitraryExemption, { maxLength: 4 }),
  acknowledged: fc.array(arbitraryAcknowledgement, { maxLength: 3 }),
});

function fixed(policy: Policy): {
  [K in keyof Policy]: fc.Arbitrary<Policy[K]>;
} {
  return {
    origin: fc.constant(policy.origin),
    path: fc.constant(policy.path),
    ref: fc.constant(policy.ref),
    sha256: fc.constant(policy.sha256),
    rules: fc.constant(policy.rules),
    coverage: fc.constant(policy.coverage),
    packages: fc.constant(policy.packages),
    deniedEvents: fc.constant(policy.deniedEvents),
    minimumReleaseAge: fc.constant(policy.minimumReleaseAge),
    history: fc.constant(policy.history),
    exemptions: fc.constant(policy.exemptions),
    acknowledged: fc.constant(policy.acknowledged),
    registries: fc.constant(policy.registries),
    issuers: fc.constant(policy.issuers),
  };
}
