import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNpmPurl } from '../../src/lockfile/npm-purl.js';
import { toPurl } from '../../src/package/package-id.js';

describe('a package URL', () => {
  it.each([
    ['pkg:npm/left-pad@1.3.0', 'left-pad', '1.3.0'],
    ['pkg:npm/%40acme/widget@1.2.3', '@acme/widget', '1.2.3'],
    ['pkg:npm/@acme/widget@1.2.3', '@acme/widget', '1.2.3'],
    ['PKG:NPM/left-pad@1.3.0', 'left-pad', '1.3.0'],
    ['pkg://npm/left-pad@1.3.0', 'left-pad', '1.3.0'],
    ['pkg:npm/left-pad@1.3.0-rc.1%2Bbuild', 'left-pad', '1.3.0-rc.1+build'],
  ])('%s', (text, name, version) => {
    expect(parseNpmPurl(text)).toEqual({
      status: 'npm',
      purl: { id: { name, version }, vcsUrl: null, downloadUrl: null },
    });
  });

  it('says where it is cloned or downloaded from', () => {
    const text =
      'pkg:npm/a@1.0.0?vcs_url=git%2Bssh://x/y%23c&download_url=https://z/a.tgz';
    expect(parseNpmPurl(text)).toMatchObject({
      purl: { vcsUrl: 'git+ssh://x/y#c', downloadUrl: 'https://z/a.tgz' },
    });
  });

  it.each([
    ['pkg:pypi/requests@2.0.0'],
    ['pkg:golang/x/y@v1?a=b#c'],
    ['pkg:npmx/a@1'],
  ])('of another kind: %s', (text) => {
    expect(parseNpmPurl(text)).toEqual({ status: 'other' });
  });

  it.each([
    ['no URL', 'left-pad@1.3.0'],
    ['nothing', ''],
    ['no version', 'pkg:npm/left-pad'],
    ['no version but a scope', 'pkg:npm/@acme/widget'],
    ['no name', 'pkg:npm/@1.0.0'],
    ['three segments', 'pkg:npm/a/b/c@1.0.0'],
    ['a slash in disguise', 'pkg:npm/..%2f..%2fx@1.0.0'],
    ['a broken escape', 'pkg:npm/%zz@1.0.0'],
    ['a path within the package', 'pkg:npm/a@1.0.0#lib'],
    ['another registry', 'pkg:npm/a@1.0.0?repository_url=https://npm.example'],
    ['a qualifier twice', 'pkg:npm/a@1.0.0?vcs_url=a&vcs_url=b'],
    ['a qualifier without value', 'pkg:npm/a@1.0.0?vcs_url='],
    ['two queries', 'pkg:npm/a@1.0.0?vcs_url=a?vcs_url=b'],
  ])('refuses %s', (_what, text) => {
    expect(parseNpmPurl(text).status).toBe('malformed');
  });

  it('reads what is written for any name, and never throws', () => {
    const part = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,12}$/);
    fc.assert(
      fc.property(part, fc.option(part), part, (base, scope, version) => {
        const name = scope === null ? base : `@${scope}/${base}`;
        const id = { name, version };
        expect(parseNpmPurl(toPurl(id))).toMatchObject({ purl: { id } });
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => parseNpmPurl(`pkg:npm/${text}`)).not.toThrow();
      }),
    );
  });
});
