import { describe, expect, it } from 'vitest';
import {
  githubIdentity,
  withOldCertificate,
} from '../../fixtures/identities.js';
import {
  readBuildIdentity,
  type BuildIdentity,
} from '../../src/facts/build-identity.js';
import {
  PredicateError,
  matchClaims,
  objectAt,
  onlyObjectAt,
  splitSourceUri,
  textAt,
  type Claim,
  type ClaimedProperty,
  type ProvenanceClaims,
} from '../../src/facts/claims.js';
import type { CheckId } from '../../src/verification/check-catalogue.js';
import {
  failed,
  notMade,
  passed,
  type Check,
} from '../../src/verification/check.js';
import type { RejectionCode } from '../../src/verification/verification.js';
import { certificateOf, codesOfChecks } from './verified.js';

const identity = identityOf(githubIdentity());
const limited = identityOf(withOldCertificate(githubIdentity()));

function identityOf(of: Parameters<typeof certificateOf>[0]): BuildIdentity {
  const result = readBuildIdentity(certificateOf(of));
  if (result.identity === null) throw new Error('no identity');
  return result.identity;
}

function claiming(...claims: readonly Claim[]): ProvenanceClaims {
  return { platform: 'github', buildType: '', builder: '', claims };
}

const CODES: readonly (readonly [ClaimedProperty, RejectionCode])[] = [
  ['sourceRepository', 'identity-repository'],
  ['sourceRepositoryId', 'identity-repository-id'],
  ['sourceOwnerId', 'identity-owner-id'],
  ['sourceRevision', 'identity-commit'],
  ['sourceRef', 'identity-ref'],
  ['workflow', 'identity-workflow'],
  ['workflowRef', 'identity-ref'],
  ['workflowRevision', 'identity-commit'],
  ['event', 'identity-event'],
  ['runner', 'identity-runner'],
  ['runUrl', 'identity-invocation'],
];

/** The checks that were made; the other properties are not claimed. */
function madeChecks(
  claims: ProvenanceClaims,
  against: BuildIdentity = identity,
): readonly Check[] {
  return matchClaims(claims, against).filter(
    ({ outcome }) => outcome !== 'not-made',
  );
}

/** By property: the check, and how it is called. */
const WORDS: readonly (readonly [ClaimedProperty, CheckId, string])[] = [
  ['sourceRepository', 'source-repository', 'source repository'],
  ['sourceRepositoryId', 'source-repository-id', 'repository id'],
  ['sourceOwnerId', 'source-owner-id', 'owner id'],
  ['sourceRevision', 'source-revision', 'commit'],
  ['sourceRef', 'source-ref', 'source ref'],
  ['workflow', 'workflow', 'workflow'],
  ['workflowRef', 'workflow-ref', 'workflow ref'],
  ['workflowRevision', 'workflow-revision', 'workflow commit'],
  ['event', 'event', 'triggering event'],
  ['runner', 'runner', 'runner'],
  ['runUrl', 'run', 'run'],
];

describe('a property', () => {
  it('has a check even where nothing is claimed', () => {
    expect(matchClaims(claiming(), identity)).toEqual(
      WORDS.map(([, check, word]) =>
        notMade(check, `the provenance claims no ${word}`),
      ),
    );
  });

  it.each(WORDS)('%s is called by its words', (property, check, word) => {
    const claims = claiming({ property, value: 'x' });
    expect(madeChecks(claims)).toMatchObject([
      {
        check,
        message: `the provenance claims another ${word} than its certificate`,
      },
    ]);
    expect(madeChecks(claims, { ...identity, [property]: null })).toMatchObject(
      [
        {
          check,
          message: `the certificate names no ${word}, yet the provenance claims one`,
        },
      ],
    );
  });

  it('passes once, however often it is claimed', () => {
    const claim = { property: 'event', value: 'push' } as const;
    expect(madeChecks(claiming(claim, claim))).toEqual([
      passed('event', { expected: 'push', found: 'push' }),
    ]);
  });
});

describe('a claim', () => {
  it.each(CODES)('of %s must be the certificate’s', (property, code) => {
    const proven = identity[property] ?? '';
    const honest = madeChecks(claiming({ property, value: proven }));
    expect(honest).toMatchObject([
      { outcome: 'passed', expected: proven, found: proven },
    ]);
    for (const value of [
      `${proven}x`,
      proven.slice(0, -1),
      proven.toUpperCase(),
      '',
    ]) {
      if (value === proven) continue;
      const [check, ...others] = madeChecks(claiming({ property, value }));
      expect(others).toEqual([]);
      expect(check).toMatchObject({
        check: honest[0]?.check,
        outcome: 'failed',
        kind: 'mismatch',
        code,
        expected: proven,
        found: value,
      });
    }
  });

  it.each(CODES)('of %s needs a certificate that says it', (property) => {
    const silent = { ...identity, [property]: null };
    const claims = claiming({ property, value: identity[property] ?? '' });
    expect(madeChecks(claims, silent)).toMatchObject([
      { code: 'identity-missing', expected: null },
    ]);
  });

  it('may be of what an old certificate could not say', () => {
    const claims = claiming(
      { property: 'workflow', value: 'x.yml' },
      { property: 'sourceRepositoryId', value: '666' },
    );
    expect(madeChecks(claims, limited)).toEqual([]);
    expect(matchClaims(claims, limited)).toContainEqual(
      notMade('workflow', 'the certificate is too old to name the workflow'),
    );
    expect(matchClaims(claims, limited)).toContainEqual(
      notMade(
        'source-repository-id',
        'the certificate is too old to name the repository id',
      ),
    );
  });

  it('may not contradict what an old certificate does say', () => {
    const claims = claiming(
      { property: 'sourceRevision', value: 'b'.repeat(40) },
      { property: 'event', value: 'workflow_dispatch' },
    );
    expect(codesOfChecks(matchClaims(claims, limited))).toEqual([
      'identity-commit',
      'identity-event',
    ]);
  });

  it('is held against the certificate each time it is made', () => {
    const claims = claiming(
      { property: 'sourceRef', value: identity.sourceRef ?? '' },
      { property: 'sourceRef', value: 'refs/heads/evil' },
      { property: 'sourceRef', value: 'refs/heads/evil' },
    );
    expect(codesOfChecks(matchClaims(claims, identity))).toHaveLength(2);
    expect(madeChecks(claims)).toHaveLength(2);
  });

  it('of another platform is not looked at further', () => {
    const claims: ProvenanceClaims = {
      ...claiming({ property: 'event', value: 'x' }),
      platform: 'gitlab',
    };
    expect(matchClaims(claims, identity)).toEqual([
      failed('build-type', {
        kind: 'mismatch',
        code: 'identity-issuer',
        message: 'the provenance is of another platform than its certificate',
        expected: 'github',
        found: 'gitlab',
      }),
    ]);
  });
});

describe('reading a predicate', () => {
  const predicate = { a: { b: { c: 'text' } }, list: [{ x: 1 }], empty: '' };

  it('finds objects, texts and the only element', () => {
    expect(objectAt(predicate, 'a', 'b')).toEqual({ c: 'text' });
    expect(objectAt(predicate)).toBe(predicate);
    expect(textAt(predicate.a.b, 'c')).toBe('text');
    expect(onlyObjectAt(predicate, 'list')).toEqual({ x: 1 });
  });

  it.each<[string, () => unknown]>([
    ['no object at the end', () => objectAt(predicate, 'a', 'b', 'c')],
    ['no object on the way', () => objectAt(predicate, 'empty', 'b')],
    ['nothing there', () => objectAt(predicate, 'x')],
    ['a list for an object', () => objectAt(predicate, 'list')],
    ['null for an object', () => objectAt(null)],
    ['nothing for an object', () => objectAt(undefined)],
    ['no text', () => textAt(predicate, 'x')],
    ['an empty text', () => textAt(predicate, 'empty')],
    ['an object for a text', () => textAt(predicate, 'a')],
    ['what objects inherit for a text', () => textAt({}, 'constructor')],
    ['no list', () => onlyObjectAt(predicate, 'a')],
    ['an empty list', () => onlyObjectAt({ list: [] }, 'list')],
    ['two elements', () => onlyObjectAt({ list: [{}, {}] }, 'list')],
    [
      'an element that is no object',
      () => onlyObjectAt({ list: ['x'] }, 'list'),
    ],
  ])('refuses %s', (_defect, read) => {
    expect(read).toThrow(PredicateError);
  });
});

describe('a source URI', () => {
  it.each([
    [
      'with a ref',
      'git+https://github.com/acme/widget@refs/tags/v1',
      'https://github.com/acme/widget',
      'refs/tags/v1',
    ],
    [
      'without one',
      'git+https://gitlab.com/acme/widget',
      'https://gitlab.com/acme/widget',
      null,
    ],
    [
      'with a tag that holds @',
      'git+https://github.com/acme/widget@refs/tags/@acme/widget@1.2.3',
      'https://github.com/acme/widget',
      'refs/tags/@acme/widget@1.2.3',
    ],
    [
      'with an empty ref, which is no ref of a certificate',
      'git+https://github.com/acme/widget@',
      'https://github.com/acme/widget',
      '',
    ],
    [
      'with a user in it, who is then no repository of a certificate',
      'git+https://github.com@evil.example/acme/widget@refs/tags/v1',
      'https://github.com',
      'evil.example/acme/widget@refs/tags/v1',
    ],
  ])('%s', (_what, uri, repository, ref) => {
    expect(splitSourceUri(uri)).toEqual({ repository, ref });
  });

  it.each([
    ['without git+', 'https://github.com/acme/widget@refs/tags/v1'],
    ['over http', 'git+http://github.com/acme/widget'],
    ['over ssh', 'git+ssh://git@github.com/acme/widget'],
    ['in capitals', 'GIT+https://github.com/acme/widget'],
    ['behind a space', ' git+https://github.com/acme/widget'],
  ])('is refused %s', (_defect, uri) => {
    expect(() => splitSourceUri(uri)).toThrow(PredicateError);
  });
});
