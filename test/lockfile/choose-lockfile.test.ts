import { describe, expect, it } from 'vitest';

import { AuditError } from '../../src/errors.js';
import { chooseLockfile } from '../../src/lockfile/choose-lockfile.js';

function errorOf(names: readonly string[]): AuditError {
  try {
    chooseLockfile(names);
  } catch (error) {
    if (error instanceof AuditError) return error;
  }
  throw new Error('no AuditError');
}

describe('chooseLockfile', () => {
  it.each([
    ['package-lock.json', ['package-lock.json', 'package.json']],
    ['npm-shrinkwrap.json', ['npm-shrinkwrap.json']],
    ['yarn.lock', ['yarn.lock', 'package.json']],
  ])('takes the only one: %s', (file, names) => {
    expect(chooseLockfile(names)).toEqual({ file, note: null });
  });

  it('prefers the shrinkwrap file and says so', () => {
    const names = ['package-lock.json', 'npm-shrinkwrap.json'];
    expect(chooseLockfile(names)).toEqual({
      file: 'npm-shrinkwrap.json',
      note: expect.stringMatching(
        /^npm-shrinkwrap\.json is audited and package-lock\.json is not/,
      ) as string,
    });
  });

  it.each([
    [
      'none',
      ['package.json'],
      'LOCKFILE_MISSING',
      'looked for npm-shrinkwrap.json, package-lock.json and yarn.lock;',
    ],
    ['nothing at all', [], 'LOCKFILE_MISSING', 'npm-shrinkwrap.json'],
    [
      'only pnpm',
      ['pnpm-lock.yaml'],
      'LOCKFILE_INVALID',
      'pnpm-lock.yaml: not supported yet: ',
    ],
    [
      'only Bun',
      ['bun.lock'],
      'LOCKFILE_INVALID',
      'bun.lock: not supported yet: ',
    ],
    [
      'only Bun, binary',
      ['bun.lockb'],
      'LOCKFILE_INVALID',
      'bun.lockb: not supported yet: ',
    ],
    [
      'npm and Yarn',
      ['yarn.lock', 'package-lock.json'],
      'USAGE',
      'yarn.lock, package-lock.json; name the one to audit with --lockfile',
    ],
  ])('refuses %s', (_what, names, code, message) => {
    const error = errorOf(names);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
  });
});
