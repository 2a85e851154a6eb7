import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDeclaredRepository } from '../../src/evidence/declared-repository.js';
import { parseVersionMetadata } from '../../src/evidence/version-metadata.js';
import type { JsonValue } from '../../src/json/strict-json.js';
import { jsonBytes, METADATA } from './dependencies.js';

const WIDGET = 'https://github.com/acme/widget';

describe('a declared repository', () => {
  it.each([
    WIDGET,
    `${WIDGET}.git`,
    `${WIDGET}/`,
    `git+${WIDGET}.git`,
    'git://github.com/acme/widget.git',
    'git+ssh://git@github.com/acme/widget.git',
    'ssh://git@github.com/acme/widget.git',
    'ssh://git@github.com:22/acme/widget.git',
    'git@github.com:acme/widget.git',
    'git+ssh://git@github.com:acme/widget.git',
    'git@github.com:/acme/widget.git',
    'http://github.com/acme/widget',
    'https://www.github.com/acme/widget',
    'https://GitHub.com/acme/widget',
    'https://me:secret@github.com/acme/widget',
    `${WIDGET}.git#main`,
    `${WIDGET}/tree/main/packages/x`,
    'github:acme/widget',
    'acme/widget',
  ])('is brought into one form: %s', (text) => {
    expect(readDeclaredRepository(text)).toBe(WIDGET);
    const object = { type: 'git', url: text, directory: 'packages/x' };
    expect(readDeclaredRepository(object)).toBe(WIDGET);
  });

  it.each([
    [
      'git+https://github.com/Acme/Widget.git',
      'https://github.com/Acme/Widget',
    ],
    ['gitlab:a/b/c', 'https://gitlab.com/a/b/c'],
    ['git@gitlab.com:a/b/c.git', 'https://gitlab.com/a/b/c'],
    ['https://gitlab.com/a/b/-/tree/main', 'https://gitlab.com/a/b'],
    ['bitbucket:a/b', 'https://bitbucket.org/a/b'],
    ['https://git.acme.example:8443/a/b', 'https://git.acme.example:8443/a/b'],
    ['ssh://git@git.acme.example:8022/a/b', 'https://git.acme.example/a/b'],
    // Not GitHub, however much it looks like it.
    [
      'https://github.com.evil.example/acme/widget',
      'https://github.com.evil.example/acme/widget',
    ],
    [
      'https://github.com@evil.example/acme/widget',
      'https://evil.example/acme/widget',
    ],
  ])('keeps what tells it from others: %s', (text, expected) => {
    expect(readDeclaredRepository(text)).toBe(expected);
  });

  it.each<[string, JsonValue | undefined]>([
    ['nothing', undefined],
    ['null', null],
    ['no text', ''],
    ['a number', 1],
    ['a list', [WIDGET]],
    ['an object without address', { type: 'git' }],
    ['an object with an object', { url: { url: WIDGET } }],
    ['a word', 'widget'],
    ['three words', 'a/b/c'],
    ['a gist', 'gist:11081aaa281'],
    ['an owner only', 'https://github.com/acme'],
    ['a host only', 'https://github.com/'],
    ['no name', 'https://github.com/acme/.git'],
    ['a path', '../widget'],
    ['an unknown scheme', 'svn://github.com/acme/widget'],
    ['a script', 'javascript:alert(1)/x'],
    ['no URL', 'https://['],
    ['very much text', `https://github.com/acme/${'x'.repeat(512)}`],
  ])('is not known from %s', (_what, value) => {
    expect(readDeclaredRepository(value)).toBeNull();
  });

  it('of any text has that form or is not known, and stays as it is', () => {
    const part = fc.constantFrom(
      'git+',
      'https://',
      'git@',
      'github.com',
      'github:',
      ':',
      '/',
      '.git',
      'acme',
      'widget',
      '..',
      '@',
      '#',
      '%2f',
      '-',
      '\\',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const address = readDeclaredRepository(parts.join(''));
        if (address === null) return;
        expect(address).toMatch(/^https:\/\/[^/@]+(?:\/[^/]+){2,}$/);
        expect(URL.canParse(address)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is read from the manifest, not from what it says of its files', () => {
    const id = { name: '@acme/widget', version: '1.2.3' };
    const read = (manifest: object): unknown =>
      parseVersionMetadata(jsonBytes({ ...id, dist: {}, ...manifest }), id);
    const parsed = (declaredRepository: string | null): unknown => ({
      status: 'parsed',
      metadata: { ...METADATA, declaredRepository },
    });
    expect(read({ repository: { url: `git+${WIDGET}.git` } })).toEqual(
      parsed(WIDGET),
    );
    expect(read({ dist: { repository: WIDGET } })).toEqual(parsed(null));
    // A claim that nobody can read takes nothing from the evidence.
    expect(read({ repository: [1] })).toEqual(parsed(null));
  });
});
