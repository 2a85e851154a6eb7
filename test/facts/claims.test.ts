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
import type { RejectionCode } from '../../src/verification/verification.js';
import { certificateOf } from './verified.js';

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

describe('a claim', () => {
  it.each(CODES)('of %s must be the certificate’s', (property, code) => {
    const proven = identity[property] ?? '';
    expect(
      matchClaims(claiming({ property, value: proven }), identity),
    ).toEqual([]);
    for (const value of [
      `${proven}x`,
      proven.slice(0, -1),
      proven.toUpperCase(),
      '',
    ]) {
      if (value === proven) continue;
      expect(
        matchClaims(claiming({ property, value }), identity),
      ).toMatchObject([
        { kind: 'mismatch', code, expected: proven, found: value },
      ]);
    }
  });

  it.each(CODES)('of %s needs a certificate that says it', (property) => {
    const silent = { ...identity, [property]: null };
    const claims = claiming({ property, value: identity[property] ?? '' });
    expect(matchClaims(claims, silent)).toMatchObject([
      { code: 'identity-missing', expected: null },
    ]);
  });

  it('may be of what an old certificate could not say', () => {
    const claims = claiming(
      { property: 'workflow', value: 'x.yml' },
      { property: 'sourceRepositoryId', value: '666' },
    );
    expect(matchClaims(claims, limited)).toEqual([]);
  });

  it('may not contradict what an old certificate does say', () => {
    const claims = claiming(
      { property: 'sourceRevision', value: 'b'.repeat(40) },
      { property: 'event', value: 'workflow_dispatch' },
    );
    expect(matchClaims(claims, limited).map(({ code }) => code)).toEqual([
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
    expect(matchClaims(claims, identity)).toHaveLength(2);
  });

  it('of another platform is not looked at further', () => {
    const claims: ProvenanceClaims = {
      ...claiming({ property: 'event', value: 'x' }),
      platform: 'gitlab',
    };
    expect(matchClaims(claims, identity)).toMatchObject([
      { code: 'identity-issuer', expected: 'github', found: 'gitlab' },
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
