import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../src/policy/rule.js';
import type { Pins } from '../../../src/policy/pins/pins.js';
import { RULES } from '../../../src/policy/rules/index.js';
import type { Subject } from '../../../src/policy/verdict.js';
import {
  UNATTESTED,
  UNPROVEN,
  inScope,
  outOfScope,
  rejection,
  ruleContextOf,
  unavailable,
} from '../subjects.js';
import { OLD_PIN, PROVEN_PIN, UNPROVEN_PIN, pinsOf } from '../pins/samples.js';

const NAME = '@acme/widget';
const PINS = pinsOf({ [`${NAME}@1.2.0`]: PROVEN_PIN });

function observe(
  id: string,
  subject: Subject,
  pins: Pins = PINS,
): readonly Observation[] {
  const rule = RULES.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule.evaluate([subject], { ...ruleContextOf(), pins });
}

function unproven(version: string): Subject {
  return inScope({ version, evidence: UNATTESTED, facts: UNPROVEN });
}

describe('source-changed', () => {
  it('P18: names the old and the new repository, by their ids', () => {
    const subject = inScope({ provenance: { sourceRepositoryId: '7777' } });
    expect(observe('source-changed', subject)).toEqual([
      {
        subject,
        message: 'not built as 1.2.0 was, which is pinned: repository',
        expected: 'repository https://github.com/acme/widget (id 1001)',
        found: 'repository https://github.com/acme/widget (id 7777)',
      },
    ]);
  });

  it('names all that has changed in one finding', () => {
    const subject = inScope({
      provenance: {
        sourceOwnerId: '9',
        workflow: 'x.yml',
        issuer: 'https://gitlab.com',
        builder: 'https://github.com/actions/runner/self-hosted',
        sourceRef: 'refs/heads/main',
      },
    });
    expect(observe('source-changed', subject)).toMatchObject([
      {
        message:
          'not built as 1.2.0 was, which is pinned: owner id, workflow, builder, issuer, ref kind',
        expected:
          'owner id 2001, workflow .github/workflows/release.yml, builder https://github.com/actions/runner/github-hosted, issuer https://token.actions.githubusercontent.com, ref kind tag',
        found:
          'owner id 9, workflow x.yml, builder https://github.com/actions/runner/self-hosted, issuer https://gitlab.com, ref kind branch',
      },
    ]);
  });

  it.each<[string, Subject, Pins]>([
    ['the same', inScope(), PINS],
    ['an ordinary update', inScope({ version: '1.9.0' }), PINS],
    ['a new line', inScope({ version: '4.0.0' }), PINS],
    [
      'a new name of the same repository',
      inScope({ provenance: { sourceRepository: 'https://github.com/b/c' } }),
      PINS,
    ],
    [
      'what an old certificate did not say',
      inScope(),
      pinsOf({ [`${NAME}@1.2.0`]: OLD_PIN }),
    ],
    [
      'an old certificate',
      inScope({
        provenance: {
          sourceRepositoryId: null,
          sourceOwnerId: null,
          workflow: null,
          limitedIdentity: true,
          builder: 'https://github.com/npm/cli@9.5.0',
        },
      }),
      PINS,
    ],
    ['what is not pinned', inScope({ name: 'left-pad' }), PINS],
    ['less', unproven('1.2.3'), PINS],
  ])('finds nothing in %s', (_what, subject, pins) => {
    expect(observe('source-changed', subject, pins)).toEqual([]);
  });
});

describe('source-renamed', () => {
  it('notes a new name, and no change of id', () => {
    const provenance = { sourceRepository: 'https://github.com/acme/gadget' };
    expect(observe('source-renamed', inScope({ provenance }))).toMatchObject([
      {
        expected: 'https://github.com/acme/widget (id 1001)',
        found: 'https://github.com/acme/gadget (id 1001)',
      },
    ]);
    const other = { ...provenance, sourceRepositoryId: '7' };
    expect(observe('source-renamed', inScope({ provenance: other }))).toEqual(
      [],
    );
    expect(observe('source-renamed', inScope())).toEqual([]);
  });

  it('is a warning', () => {
    const rule = RULES.find(({ id }) => id === 'source-renamed');
    expect(rule?.defaultLevel).toBe('warning');
  });
});

describe('level-downgrade', () => {
  it.each<[string, Subject, string]>([
    ['a newer version', unproven('1.2.4'), 'registry-signature'],
    ['P20: an older version', unproven('1.1.0'), 'registry-signature'],
    ['an older line', unproven('0.9.0'), 'registry-signature'],
    ['a newer line', unproven('5.0.0'), 'registry-signature'],
    [
      'a version without even a signature',
      inScope({
        evidence: UNATTESTED,
        facts: { ...UNPROVEN, level: 'none', registrySignature: 'missing' },
      }),
      'none',
    ],
    [
      'what comes from git now',
      outOfScope('git'),
      'none, it comes from another place (git)',
    ],
    [
      'what comes from a tarball now',
      outOfScope('remote-tarball'),
      'none, it comes from another place (remote-tarball)',
    ],
  ])('finds %s', (_what, subject, found) => {
    expect(observe('level-downgrade', subject)).toEqual([
      {
        subject,
        message: 'less is proven than of 1.2.0, which is pinned',
        expected: 'provenance',
        found,
      },
    ]);
  });

  it.each<[string, Subject, Pins]>([
    ['as much', inScope(), PINS],
    ['more', inScope(), pinsOf({ [`${NAME}@1.2.0`]: UNPROVEN_PIN })],
    [
      'an old line beside a new one',
      unproven('1.2.3'),
      pinsOf({
        [`${NAME}@1.2.0`]: UNPROVEN_PIN,
        [`${NAME}@2.0.0`]: PROVEN_PIN,
      }),
    ],
    ['what could not be asked', unavailable('timeout'), PINS],
    [
      'rejected evidence',
      inScope({
        facts: {
          ...UNPROVEN,
          verification: 'rejected',
          rejections: [rejection()],
        },
      }),
      PINS,
    ],
    ['a bundled package', outOfScope('bundled'), PINS],
    ['a package of the project', outOfScope('workspace'), PINS],
    ['what is not pinned', unproven('1.2.3'), new Map()],
  ])('finds nothing in %s', (_what, subject, pins) => {
    expect(observe('level-downgrade', subject, pins)).toEqual([]);
  });
});
