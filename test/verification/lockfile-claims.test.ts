import { describe, expect, it } from 'vitest';
import { parseIntegrity } from '../../src/package/integrity.js';
import {
  findConflictingPins,
  judgeIntegrity,
  matchResolved,
} from '../../src/verification/lockfile-claims.js';
import { ACME_REGISTRY, ID, OTHER_SRI, SRI, pinned } from './samples.js';

const PUBLIC = 'https://registry.example/';

function codeOf(
  resolved: string | null,
  { id = ID, registry = PUBLIC } = {},
): string | null {
  const rejection = matchResolved(pinned({ id, resolved }), registry, PUBLIC);
  return rejection?.code ?? null;
}

describe('a tarball of the public registry', () => {
  it.each<[string, string | null]>([
    ['no address', null],
    [
      'as npm writes it',
      'https://registry.example/@acme/widget/-/widget-1.2.3.tgz',
    ],
    ['%2f', 'https://registry.example/@acme%2fwidget/-/widget-1.2.3.tgz'],
    ['%2F', 'https://registry.example/@acme%2Fwidget/-/widget-1.2.3.tgz'],
    ['%40', 'https://registry.example/%40acme/widget/-/widget-1.2.3.tgz'],
    [
      '%40 and %2F',
      'https://registry.example/%40acme%2Fwidget/-/widget-1.2.3.tgz',
    ],
    [
      'at its alias host',
      'https://alias.example/@acme/widget/-/widget-1.2.3.tgz',
    ],
    ['over http', 'http://registry.example/@acme/widget/-/widget-1.2.3.tgz'],
    [
      'with query and fragment',
      'https://registry.example/@acme/widget/-/widget-1.2.3.tgz?x=1#y',
    ],
    ['no URL: other stages refuse it', 'widget-1.2.3.tgz'],
  ])('is the entry’s: %s', (_what, resolved) => {
    expect(codeOf(resolved)).toBeNull();
  });

  it.each<[string, string]>([
    [
      'another package',
      'https://registry.example/@acme/gadget/-/gadget-1.2.3.tgz',
    ],
    [
      'another version',
      'https://registry.example/@acme/widget/-/widget-1.2.4.tgz',
    ],
    [
      'a longer version',
      'https://registry.example/@acme/widget/-/widget-1.2.3-evil.tgz',
    ],
    [
      'a version that only begins so',
      'https://registry.example/@acme/widget/-/widget-1.2.30.tgz',
    ],
    [
      'another scope',
      'https://registry.example/@evil/widget/-/widget-1.2.3.tgz',
    ],
    ['no scope', 'https://registry.example/widget/-/widget-1.2.3.tgz'],
    [
      'the file of another package',
      'https://registry.example/@acme/widget/-/gadget-1.2.3.tgz',
    ],
    [
      'the folder of another package',
      'https://registry.example/@acme/gadget/-/widget-1.2.3.tgz',
    ],
    [
      'a package whose name ends so',
      'https://registry.example/x/@acme/widget/-/widget-1.2.3.tgz',
    ],
    [
      'dots that lead elsewhere',
      'https://registry.example/@acme/widget/-/../../gadget/-/gadget-1.2.3.tgz',
    ],
    [
      'encoded dots that lead elsewhere',
      'https://registry.example/@acme/widget/-/%2e%2e/x/-/x-1.2.3.tgz',
    ],
    [
      'escaped twice',
      'https://registry.example/@acme%252fwidget/-/widget-1.2.3.tgz',
    ],
    [
      'a broken escape',
      'https://registry.example/@acme%/widget/-/widget-1.2.3.tgz',
    ],
    [
      'two slashes',
      'https://registry.example//@acme/widget/-/widget-1.2.3.tgz',
    ],
    [
      'the entry’s own in the query',
      'https://registry.example/x/-/x-1.0.0.tgz?/@acme/widget/-/widget-1.2.3.tgz',
    ],
    [
      'the entry’s own in the fragment',
      'https://registry.example/x/-/x-1.0.0.tgz#/@acme/widget/-/widget-1.2.3.tgz',
    ],
    [
      'another form than npm’s',
      'https://registry.example/@acme/widget/download/1.2.3.tgz',
    ],
    [
      'more behind the file',
      'https://registry.example/@acme/widget/-/widget-1.2.3.tgz/x',
    ],
    [
      'another case',
      'https://registry.example/@acme/Widget/-/Widget-1.2.3.tgz',
    ],
  ])('is not the entry’s: %s', (_defect, resolved) => {
    expect(codeOf(resolved)).toBe('resolved-mismatch');
  });

  it('is named with both sides', () => {
    const resolved = 'https://registry.example/evil/-/evil-1.0.0.tgz';
    expect(matchResolved(pinned({ resolved }), PUBLIC, PUBLIC)).toMatchObject({
      kind: 'mismatch',
      attestation: null,
      expected: '@acme/widget/-/widget-1.2.3.tgz',
      found: resolved,
    });
  });

  it('is named without the credentials in it', () => {
    const resolved = 'https://me:secret@registry.example/evil/-/evil-1.0.0.tgz';
    expect(matchResolved(pinned({ resolved }), PUBLIC, PUBLIC)?.found).toBe(
      'https://registry.example/evil/-/evil-1.0.0.tgz',
    );
  });
});

describe('a tarball of another registry', () => {
  const options = { registry: ACME_REGISTRY };

  it.each<[string, string]>([
    ['at its root', 'https://npm.acme.example/@acme/widget/-/widget-1.2.3.tgz'],
    [
      'below a folder of the version',
      'https://npm.acme.example/api/packages/acme/npm/%40acme%2Fwidget/-/1.2.3/widget-1.2.3.tgz',
    ],
    [
      'with the scope in the file’s name',
      'https://npm.acme.example/api/v4/projects/1/packages/npm/@acme/widget/-/@acme/widget-1.2.3.tgz',
    ],
    [
      'below a path',
      'https://npm.acme.example/api/npm/team/@acme/widget/-/widget-1.2.3.tgz',
    ],
    [
      'escaped',
      'https://npm.acme.example/api/%40acme%2fwidget/-/widget-1.2.3.tgz',
    ],
    [
      'of a form that is not npm’s',
      'https://npm.acme.example/download/@acme/widget/1.2.3/0a1b',
    ],
  ])('is the entry’s: %s', (_what, resolved) => {
    expect(codeOf(resolved, options)).toBeNull();
  });

  it.each<[string, string]>([
    [
      'another package',
      'https://npm.acme.example/@acme/gadget/-/gadget-1.2.3.tgz',
    ],
    [
      'another version',
      'https://npm.acme.example/api/@acme/widget/-/widget-1.2.4.tgz',
    ],
    [
      'a name that ends so',
      'https://npm.acme.example/x@acme/widget/-/widget-1.2.3.tgz',
    ],
    ['no scope', 'https://npm.acme.example/widget/-/widget-1.2.3.tgz'],
    [
      'the entry’s own in the query',
      'https://npm.acme.example/x/-/x-1.tgz?/@acme/widget/-/widget-1.2.3.tgz',
    ],
  ])('is not the entry’s: %s', (_defect, resolved) => {
    expect(codeOf(resolved, options)).toBe('resolved-mismatch');
  });
});

describe('an unscoped package of another registry', () => {
  const options = {
    registry: ACME_REGISTRY,
    id: { name: 'widget', version: '1.2.3' },
  };

  it.each<[string, string, string | null]>([
    ['its own', 'widget/-/widget-1.2.3.tgz', null],
    ['its own, deeper', 'api/npm/widget/-/widget-1.2.3.tgz', null],
    [
      'one with a scope',
      '@acme/widget/-/widget-1.2.3.tgz',
      'resolved-mismatch',
    ],
    [
      'one with a scope, deeper',
      'api/@acme/widget/-/widget-1.2.3.tgz',
      'resolved-mismatch',
    ],
  ])('%s', (_what, path, code) => {
    expect(codeOf(`${ACME_REGISTRY}${path}`, options)).toBe(code);
  });
});

describe('integrity', () => {
  it.each<[string, string | null, string | null, string | null]>([
    ['a SHA-512', SRI, null, null],
    ['two different', `${SRI} ${OTHER_SRI}`, 'integrity-ambiguous', 'invalid'],
    ['sha256 alone', sri('sha256', 32), 'no-sha512', null],
    ['sha1 alone', sri('sha1', 20), 'weak-integrity', null],
    ['none', null, 'weak-integrity', null],
    ['not an SRI string', 'sha512', 'integrity-malformed', null],
  ])('%s', (_what, text, code, kind) => {
    const judgement = judgeIntegrity(parseIntegrity(text), text);
    expect(judgement?.code ?? null).toBe(code);
    // Only what has a kind is a rejection; the rest is unverifiable.
    expect(
      judgement === null || !('kind' in judgement) ? null : judgement.kind,
    ).toBe(kind);
  });
});

describe('pins of one version', () => {
  const key = '@acme/widget@1.2.3';

  it.each<[string, Parameters<typeof pinned>[0][], string[]]>([
    ['one entry', [{}], []],
    ['the same digest twice', [{}, {}], []],
    [
      'the same digest with a weaker one beside',
      [{}, { integrity: `${sri('sha1', 20)} ${SRI}` }],
      [],
    ],
    [
      'another version',
      [{}, { id: { ...ID, version: '1.2.4' }, integrity: OTHER_SRI }],
      [],
    ],
    [
      'another package',
      [{}, { id: { ...ID, name: 'widget' }, integrity: OTHER_SRI }],
      [],
    ],
    ['no digest in one', [{}, { integrity: null }], []],
    ['a weaker digest in one', [{}, { integrity: sri('sha1', 20) }], []],
    [
      'a remote tarball of the same name',
      [{}, { kind: 'remote-tarball', integrity: OTHER_SRI }],
      [],
    ],
    ['another digest', [{}, { integrity: OTHER_SRI }], [key]],
    [
      'another digest, then the first again',
      [{}, { integrity: OTHER_SRI }, {}],
      [key],
    ],
    [
      'another digest behind one without',
      [{}, { integrity: null }, { integrity: OTHER_SRI }],
      [key],
    ],
    [
      'another digest from another registry',
      [
        {},
        {
          integrity: OTHER_SRI,
          resolved: 'https://npm.acme.example/@acme/widget/-/widget-1.2.3.tgz',
        },
      ],
      [key],
    ],
  ])('%s', (_what, entries, conflicting) => {
    const dependencies = entries.map((entry) => pinned(entry));
    expect([...findConflictingPins(dependencies)]).toEqual(conflicting);
    expect([...findConflictingPins(dependencies.toReversed())]).toEqual(
      conflicting,
    );
  });
});

function sri(algorithm: string, bytes: number): string {
  return `${algorithm}-${Buffer.alloc(bytes, 5).toString('base64')}`;
}
