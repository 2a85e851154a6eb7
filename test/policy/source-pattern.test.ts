import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  foldGithubCase,
  matchesSource,
  parseSourcePattern,
} from '../../src/policy/source-pattern.js';

function matches(text: string, repository: string): boolean {
  const parsed = parseSourcePattern(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.error}`);
  return matchesSource(parsed.pattern, repository);
}

const WIDGET = 'https://github.com/acme/widget';

describe('a source pattern', () => {
  it.each<[string, string, boolean]>([
    [WIDGET, WIDGET, true],
    [WIDGET, 'https://github.com/Acme/Widget', true],
    ['https://GitHub.com/ACME/widget', WIDGET, true],
    [WIDGET, 'https://github.com/acme/widget-evil', false],
    [WIDGET, 'https://github.com/acme/widge', false],
    [WIDGET, 'https://github.com/acme/widget/', false],
    [WIDGET, 'https://github.com/acme/widget/x', false],
    [WIDGET, 'https://github.com/acme/widget.git', false],
    [WIDGET, 'http://github.com/acme/widget', false],
    [WIDGET, 'https://github.com.evil.example/acme/widget', false],
    [WIDGET, 'https://evil.example/github.com/acme/widget', false],
    [WIDGET, 'https://github.com@evil.example/acme/widget', false],
    [WIDGET, 'https://evil-github.com/acme/widget', false],
    [WIDGET, 'https://gitlab.com/acme/widget', false],
    [WIDGET, '', false],
    ['https://github.com/acme/*', WIDGET, true],
    ['https://github.com/acme/*', 'https://github.com/acme-evil/x', false],
    ['https://github.com/acme/*', 'https://github.com/evil/acme', false],
    ['https://github.com/acme/*', 'https://github.com/acme/a/b', false],
    ['https://github.com/acme/*', 'https://github.com/acme/', false],
    ['https://github.com/acme/*', 'https://github.com/acme', false],
    ['https://github.com/acme/widget-*', WIDGET, false],
    ['https://github.com/acme/w*t', WIDGET, true],
    ['https://github.com/acme/W*T', WIDGET, true],
    ['https://github.com/acme/.*', WIDGET, false],
    ['https://gitlab.com/acme/widget', 'https://gitlab.com/acme/widget', true],
    ['https://gitlab.com/acme/widget', 'https://gitlab.com/Acme/widget', false],
    ['https://gitlab.com/a/b/*', 'https://gitlab.com/a/b/c', true],
    ['https://gitlab.com/a/*', 'https://gitlab.com/a/b/c', false],
    [
      'https://git.acme.example:8443/a/b',
      'https://git.acme.example/a/b',
      false,
    ],
    [
      'https://git.acme.example:8443/a/b',
      'https://git.acme.example:8443/a/b',
      true,
    ],
    ['https://sr.ht/~acme/widget', 'https://sr.ht/~acme/widget', true],
  ])('%s means %s: %s', (pattern, repository, expected) => {
    expect(matches(pattern, repository)).toBe(expected);
  });

  it.each<[string, string]>([
    ['P05 nothing', ''],
    ['P05 two stars', '**'],
    ['P05 a regular expression', '.*'],
    ['P05 a bracket', '['],
    ['a star alone', '*'],
    ['two stars for a repository', 'https://github.com/acme/**'],
    ['two stars in its name', 'https://github.com/acme/a**b'],
    ['a star for the owner', 'https://github.com/*/widget'],
    ['a star in the owner', 'https://github.com/acme*/widget'],
    ['a star in the host', 'https://*.com/acme/widget'],
    ['a star for the host', 'https://*/acme/widget'],
    ['a star in a group', 'https://gitlab.com/a/*/c'],
    ['no owner', 'https://github.com/widget'],
    ['an owner only', 'https://github.com/acme/'],
    ['no path', 'https://github.com'],
    ['a slash at the end', `${WIDGET}/`],
    ['a folder', `${WIDGET}/packages`],
    ['an empty group', 'https://gitlab.com//widget'],
    ['dots for the owner', 'https://github.com/../widget'],
    ['dots for the repository', 'https://gitlab.com/a/b/..'],
    ['.git', `${WIDGET}.git`],
    ['.git with a star', 'https://github.com/acme/*.git'],
    ['http', 'http://github.com/acme/widget'],
    ['no scheme', 'github.com/acme/widget'],
    ['a shorthand', 'acme/widget'],
    ['a scheme in capitals', 'HTTPS://github.com/acme/widget'],
    ['a user', 'https://me@github.com/acme/widget'],
    ['a query', `${WIDGET}?x`],
    ['a hash', `${WIDGET}#main`],
    ['an escape', 'https://github.com/acme/wid%67et'],
    ['a backslash', String.raw`https://github.com\acme/widget`],
    ['a blank in front', ` ${WIDGET}`],
    ['a blank behind', `${WIDGET} `],
    ['a newline behind', `${WIDGET}\n`],
    ['a look-alike letter', 'https://github.com/аcme/widget'],
    ['P06 too many characters', `https://github.com/acme/${'*a'.repeat(5000)}`],
    [
      'P06 one character too many',
      `${WIDGET}${'x'.repeat(257 - WIDGET.length)}`,
    ],
  ])('is refused: %s', (_defect, text) => {
    const parsed = parseSourcePattern(text);
    expect(parsed.ok).toBe(false);
    if (!parsed.ok) expect(parsed.error).not.toBe('');
  });

  it('may have 256 characters', () => {
    const text = `${WIDGET}${'x'.repeat(256 - WIDGET.length)}`;
    expect(parseSourcePattern(text).ok).toBe(true);
  });

  it('of any text either is refused or has host and owners literally', () => {
    const segment = fc.stringMatching(/^[\w.*%@ -]{0,6}$/);
    const text = fc
      .tuple(segment, segment, segment)
      .map((parts) => `https://${parts.join('/')}`);
    fc.assert(
      fc.property(text, text, (pattern, repository) => {
        const parsed = parseSourcePattern(pattern);
        if (!parsed.ok || !matchesSource(parsed.pattern, repository)) return;
        const owner = (of: string): string => of.split('/')[3] ?? '';
        expect(owner(repository)).toBe(owner(pattern));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('case', () => {
  it.each([
    ['https://GitHub.com/Acme/Widget', WIDGET],
    ['https://gitlab.com/Acme', 'https://gitlab.com/Acme'],
    [
      'https://github.com.evil.example/Acme',
      'https://github.com.evil.example/Acme',
    ],
    ['Acme', 'Acme'],
  ])('of %s counts but on github.com', (address, folded) => {
    expect(foldGithubCase(address)).toBe(folded);
  });
});
