import { describe, expect, it } from 'vitest';
import { parseIntegrity } from '../../src/package/integrity.js';
import {
  findConflictingPins,
  judgeIntegrity,
  matchEntry,
  matchPins,
  matchResolved,
} from '../../src/verification/lockfile-claims.js';
import { failureOf } from './failures.js';
import { ACME_REGISTRY, ID, OTHER_SRI, SRI, pinned } from './samples.js';

const PUBLIC = 'https://registry.example/';

function codeOf(
  resolved: string | null,
  { id = ID, registry = PUBLIC } = {},
): string | null {
  const check = matchResolved(pinned({ id, resolved }), registry, PUBLIC);
  return failureOf(check)?.code ?? null;
}

describe('an entry', () => {
  it.each<[string, ReturnType<typeof pinned>, string]>([
    ['under its own name', pinned(), '@acme/widget@1.2.3'],
    [
      'under aliases too',
      { ...pinned(), aliases: ['gadget', '@evil/widget'] },
      '@acme/widget@1.2.3, as gadget, @evil/widget',
    ],
  ])('of a registry, %s', (_what, dependency, found) => {
    const common = { outcome: 'passed', attestation: null, expected: null };
    expect(matchEntry(dependency)).toEqual([
      { ...common, check: 'entry-kind', found: 'registry' },
      { ...common, check: 'real-name', found },
      { ...common, check: 'name-and-version', found: '@acme/widget@1.2.3' },
    ]);
  });

  it('without a version has none that could be within a grammar', () => {
    const blank = pinned({ id: { name: 'widget', version: '' } });
    expect(matchEntry(blank)).toMatchObject([
      { check: 'entry-kind', outcome: 'passed' },
      { check: 'real-name', outcome: 'passed', found: 'widget' },
      { check: 'name-and-version', outcome: 'not-made' },
    ]);
  });

  it.each<[string, Parameters<typeof pinned>[0], string]>([
    ['a git repository', { kind: 'git' }, 'an entry of kind git'],
    [
      'a tarball that no registry serves',
      { kind: 'remote-tarball' },
      'an entry of kind remote-tarball',
    ],
    [
      'a name that npm refuses',
      { id: { name: '../evil', version: '1.2.3' } },
      'npm does not know',
    ],
    [
      'a range in place of a version',
      { id: { name: 'widget', version: '^1.2.3' } },
      'npm does not know',
    ],
  ])('that is none is a defect: %s', (_defect, entry, message) => {
    expect(() => matchEntry(pinned(entry))).toThrow(message);
  });
});

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
      'a file below a folder of the version',
      'https://registry.example/@acme/widget/-/1.2.3/widget-1.2.3.tgz',
    ],
    [
      'a file with the scope in its name',
      'https://registry.example/@acme/widget/-/@acme/widget-1.2.3.tgz',
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
      check: 'tarball-url',
      kind: 'mismatch',
      message: 'the tarball URL names another package than the lockfile entry',
      attestation: null,
      expected: '@acme/widget/-/widget-1.2.3.tgz',
      found: resolved,
    });
  });

  it('is recorded with both sides where they agree', () => {
    const resolved = 'https://registry.example/@acme/widget/-/widget-1.2.3.tgz';
    expect(matchResolved(pinned({ resolved }), PUBLIC, PUBLIC)).toEqual({
      check: 'tarball-url',
      outcome: 'passed',
      attestation: null,
      expected: '@acme/widget/-/widget-1.2.3.tgz',
      found: resolved,
    });
  });

  it.each<[string, string | null, string, string]>([
    ['none named', null, PUBLIC, 'the lockfile names no tarball'],
    ['no URL', 'widget-1.2.3.tgz', PUBLIC, 'the lockfile names no tarball'],
    [
      'of a form that is not npm’s',
      'https://npm.acme.example/download/0a1b',
      ACME_REGISTRY,
      'a URL of the registry’s own form',
    ],
  ])('is not compared: %s', (_what, resolved, registry, message) => {
    const check = matchResolved(pinned({ resolved }), registry, PUBLIC);
    expect(check).toMatchObject({
      check: 'tarball-url',
      outcome: 'not-made',
      message,
    });
  });

  it('is named without the credentials in it', () => {
    const resolved = 'https://me:secret@registry.example/evil/-/evil-1.0.0.tgz';
    expect(matchResolved(pinned({ resolved }), PUBLIC, PUBLIC).found).toBe(
      'https://registry.example/evil/-/evil-1.0.0.tgz',
    );
  });
});

describe('a tarball at a mirror of the public registry', () => {
  it.each<[string, string | null]>([
    ['@acme/widget/-/widget-1.2.3.tgz', null],
    ['download/0a1b', null],
    ['@acme/gadget/-/gadget-1.2.3.tgz', 'resolved-mismatch'],
    ['@acme/widget/-/widget-1.2.4.tgz', 'resolved-mismatch'],
  ])('has the base of the mirror before it: %s', (path, code) => {
    expect(codeOf(`https://mirror.example/api/npm/${path}`)).toBe(code);
  });

  it('unlike one at the public registry', () => {
    expect(codeOf(`${PUBLIC}api/npm/@acme/widget/-/widget-1.2.3.tgz`)).toBe(
      'resolved-mismatch',
    );
    expect(codeOf(`${PUBLIC}download/0a1b`)).toBe('resolved-mismatch');
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
      'below a folder that looks like a scope',
      'https://npm.acme.example/@team/@acme/widget/-/widget-1.2.3.tgz',
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

describe('a tarball of a public registry below a path', () => {
  const registry = 'https://registry.example/npm/';

  it.each<[string, string, string | null]>([
    ['below it', 'npm/@acme/widget/-/widget-1.2.3.tgz', null],
    ['at its root', '@acme/widget/-/widget-1.2.3.tgz', null],
    [
      'below another path',
      'other/@acme/widget/-/widget-1.2.3.tgz',
      'resolved-mismatch',
    ],
  ])('%s', (_what, path, code) => {
    const dependency = pinned({ resolved: `https://registry.example/${path}` });
    const check = matchResolved(dependency, registry, registry);
    expect(failureOf(check)?.code ?? null).toBe(code);
  });
});

describe('a tarball of a registry below a path', () => {
  const team = `${ACME_REGISTRY}npm/team/`;
  const upper = { name: 'Widget', version: '1.2.3' };

  it.each<[string, string, string, string | null]>([
    ['below it', '@acme/widget/-/widget-1.2.3.tgz', team, null],
    ['at its root', '../../@acme/widget/-/widget-1.2.3.tgz', team, null],
    [
      'another package at its root',
      '../../@acme/gadget/-/gadget-1.2.3.tgz',
      team,
      'resolved-mismatch',
    ],
  ])('%s', (_what, path, registry, code) => {
    expect(codeOf(`${team}${path}`, { registry })).toBe(code);
  });

  it.each<[string, typeof ID, string, string | null]>([
    ['in lower case', upper, 'Widget/-/widget-1.2.3.tgz', null],
    [
      'with the scope, in lower case',
      { ...upper, name: '@acme/Widget' },
      '@acme/Widget/-/@acme/widget-1.2.3.tgz',
      null,
    ],
    [
      'in upper case',
      { ...upper, name: 'widget' },
      'widget/-/WIDGET-1.2.3.tgz',
      'resolved-mismatch',
    ],
  ])('has a file %s', (_what, id, path, code) => {
    expect(codeOf(`${team}${path}`, { id, registry: team })).toBe(code);
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
      'its own, below a scope’s folder',
      '@acme/npm/widget/-/widget-1.2.3.tgz',
      null,
    ],
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
  it.each<[string, string | null, string | null, string | null, string]>([
    ['a SHA-512', SRI, null, null, ''],
    [
      'two different',
      `${SRI} ${OTHER_SRI}`,
      'integrity-ambiguous',
      'invalid',
      'the lockfile lists several different SHA-512 for one package',
    ],
    [
      'sha256 alone',
      sri('sha256', 32),
      'no-sha512',
      null,
      'the lockfile pins no SHA-512, which attestations are about',
    ],
    [
      'sha1 alone',
      sri('sha1', 20),
      'weak-integrity',
      null,
      'the lockfile pins only a hash that can be forged',
    ],
    [
      'none',
      null,
      'weak-integrity',
      null,
      'the lockfile pins no integrity for this package',
    ],
    [
      'not an SRI string',
      'sha512',
      'integrity-malformed',
      null,
      'the integrity in the lockfile is not a valid SRI string',
    ],
  ])('%s', (_what, text, code, kind, message) => {
    const judgement = judgeIntegrity(parseIntegrity(text), text);
    expect('code' in judgement ? judgement.code : null).toBe(code);
    expect('message' in judgement ? judgement.message : '').toBe(message);
    expect(judgement).toMatchObject({
      check: 'integrity',
      expected: kind === null ? null : 'one SHA-512',
      found: text,
    });
    // Only what has a kind is a rejection; the rest is unverifiable.
    expect(failureOf(judgement)?.kind ?? null).toBe(kind);
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

describe('a pin', () => {
  const sides = { expected: 'one SHA-512 for one version', found: SRI };

  it.each<[string, readonly string[]]>([
    ['nowhere', []],
    ['for another version', ['@acme/widget@1.2.4']],
    ['for another package', ['widget@1.2.3']],
  ])('is contradicted %s', (_what, conflicting) => {
    expect(matchPins(pinned(), new Set(conflicting))).toMatchObject({
      check: 'one-pin',
      outcome: 'passed',
      ...sides,
    });
  });

  it('is contradicted elsewhere in the lockfile', () => {
    const conflicting = new Set(['@acme/widget@1.2.3']);
    expect(matchPins(pinned(), conflicting)).toMatchObject({
      check: 'one-pin',
      outcome: 'failed',
      kind: 'mismatch',
      code: 'integrity-conflict',
      message: 'the lockfile pins this version to different bytes elsewhere',
      ...sides,
    });
  });
});

function sri(algorithm: string, bytes: number): string {
  return `${algorithm}-${Buffer.alloc(bytes, 5).toString('base64')}`;
}
