import { describe, expect, it } from 'vitest';
import type { Dependency } from '../../src/lockfile/dependency.js';
import { evaluatePolicy } from '../../src/policy/evaluate-policy.js';
import { toLeftOut } from '../../src/policy/left-out.js';
import { EVERYTHING, type Policy } from '../../src/policy/policy.js';
import { RULES } from '../../src/policy/rules/index.js';
import type { Subject } from '../../src/policy/verdict.js';
import { ACME_REGISTRY, pinned } from '../verification/samples.js';
import { acknowledgement, exemption, packageEntry } from './entries.js';
import {
  UNATTESTED,
  UNPROVEN,
  contextOf,
  inScope,
  outOfScope,
  rejection,
} from './subjects.js';

function leftOut(name: string, change: Partial<Dependency> = {}): Subject {
  const id = { name, version: '1.2.3' };
  return toLeftOut({ ...pinned({ id }), ...change });
}

function rulesFound(
  subjects: readonly Subject[],
  policy: Partial<Policy>,
): readonly string[] {
  const { findings } = evaluatePolicy(subjects, contextOf(policy), RULES);
  return findings.map(({ rule }) => rule);
}

const HALF = { text: '50%', hundredths: 5000 };
const NO_COVERAGE = { all: null, production: null, direct: null };
const proven = inScope({ name: 'proven' });
const bare = inScope({ evidence: UNATTESTED, facts: UNPROVEN });
const DEV = { production: false, direct: false, omittedBy: [['dev']] as const };

describe('with packages left out', () => {
  it.each<[string, Partial<Policy>]>([
    ['a threshold is not judged', { coverage: { ...NO_COVERAGE, all: HALF } }],
    [
      'an exemption of one is not called unused',
      { exemptions: [exemption({ name: 'gone', range: '1.2.3' })] },
    ],
    [
      'nor is one of any version',
      { exemptions: [exemption({ name: 'gone', range: null })] },
    ],
    [
      'nor an acknowledgement',
      { acknowledged: [acknowledgement({ name: 'gone' })] },
    ],
    ['an entry for one is not idle', { packages: [packageEntry('gone')] }],
    [
      'a rule’s setting for one is not idle',
      {
        rules: new Map([
          [
            'provenance-missing',
            [
              {
                level: 'warning',
                for: {
                  ...EVERYTHING,
                  packages: ['gone'],
                  registries: [ACME_REGISTRY],
                },
              },
            ],
          ],
        ]),
      },
    ],
    [
      'a registry that one may belong to is not idle',
      {
        registries: [
          {
            url: ACME_REGISTRY,
            mirrorOf: null,
            hasNoEvidence: false,
            evidenceFrom: null,
          },
        ],
      },
    ],
  ])('%s', (_what, policy) => {
    const kept = inScope({ name: 'kept', registry: 'https://other.example/' });
    const bareKept = inScope({
      name: 'bare',
      registry: 'https://other.example/',
      evidence: UNATTESTED,
      facts: UNPROVEN,
    });
    const others = [kept, bareKept, bareKept];
    const asked = leftOut('gone', {
      origin: { kind: 'registry', resolved: null },
    });
    expect(rulesFound([...others, asked], policy)).toEqual([]);
    // The same without it has something to say: the rows would pass otherwise.
    expect(rulesFound(others, policy)).not.toEqual([]);
  });

  it.each<[string, keyof Policy['coverage']]>([
    ['production', 'production'],
    ['direct', 'direct'],
  ])(
    'a threshold for %s is judged where all of it is there',
    (_what, group) => {
      const policy = { coverage: { ...NO_COVERAGE, [group]: HALF } };
      const dev = leftOut('gone', DEV);
      expect(rulesFound([bare, dev], policy)).toEqual(['coverage-below']);
      expect(rulesFound([proven, dev], policy)).toEqual([]);
      expect(rulesFound([bare, leftOut('gone')], policy)).toEqual([]);
    },
  );

  it('a demand that is on for one of them is not called overruled', () => {
    const policy = (packages: readonly string[]): Partial<Policy> => ({
      deniedEvents: ['push'],
      rules: new Map([
        [
          'event-denied',
          [
            {
              level: 'error',
              for: { ...EVERYTHING, packages, registries: [ACME_REGISTRY] },
            },
            { level: 'off', for: EVERYTHING },
          ],
        ],
      ]),
    });
    const kept = inScope({ registry: 'https://other.example/' });
    expect(rulesFound([kept, leftOut('gone')], policy(['gone']))).toEqual([]);
    expect(rulesFound([kept, leftOut('gone')], policy(['other']))).toContain(
      'setting-without-effect',
    );
  });

  it('an entry that matches nothing at all is still idle', () => {
    expect(
      rulesFound([proven, leftOut('gone')], {
        packages: [packageEntry('misspelt')],
        exemptions: [exemption({ name: 'misspelt', range: '1.0.0' })],
      }),
    ).toEqual(['exemption-unused', 'setting-without-effect']);
  });

  it('an exemption of another version is still unused', () => {
    expect(
      rulesFound([proven, leftOut('gone')], {
        exemptions: [exemption({ name: 'gone', range: '9.0.0' })],
      }),
    ).toEqual(['exemption-unused']);
  });

  it('rejected evidence of the others counts as ever', () => {
    const rejected = inScope({
      facts: {
        ...UNPROVEN,
        verification: 'rejected',
        rejections: [rejection()],
      },
    });
    expect(rulesFound([rejected, leftOut('gone')], {})).toEqual([
      'evidence-rejected',
    ]);
  });

  it('nothing may remain, where other lockfiles have what was selected', () => {
    expect(rulesFound([leftOut('gone')], {})).toEqual([]);
    expect(rulesFound([], {})).toEqual(['nothing-to-audit']);
  });

  it('what remains may hold nothing that can be asked about', () => {
    const subjects = [outOfScope('git'), leftOut('gone')];
    const { findings } = evaluatePolicy(subjects, contextOf(), RULES);
    expect(findings.map(({ rule, message }) => [rule, message])).toEqual([
      ['nothing-to-audit', 'no selected package comes from a registry'],
    ]);
  });
});
