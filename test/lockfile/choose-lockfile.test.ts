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
    ['bun.lock', ['bun.lock']],
    ['bun.lockb', ['bun.lockb']],
    ['pnpm-lock.yaml', ['pnpm-lock.yaml', 'pnpm-workspace.yaml']],
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

  it('prefers the text form of Bun’s lockfile and says so', () => {
    expect(chooseLockfile(['bun.lockb', 'bun.lock'])).toEqual({
      file: 'bun.lock',
      note: 'bun.lock is audited and bun.lockb is not: Bun uses the former where both exist',
    });
  });

  it.each([
    [
      'none',
      ['package.json'],
      'LOCKFILE_MISSING',
      'looked for bun.lock, bun.lockb, npm-shrinkwrap.json, package-lock.json, pnpm-lock.yaml and yarn.lock;',
    ],
    ['nothing at all', [], 'LOCKFILE_MISSING', 'npm-shrinkwrap.json'],
    [
      'npm and pnpm',
      ['pnpm-lock.yaml', 'npm-shrinkwrap.json', 'package-lock.json'],
      'USAGE',
      'several lockfiles: pnpm-lock.yaml, npm-shrinkwrap.json, package-lock.json; name the one to audit with --lockfile',
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
