import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { UnavailableCode } from '../../src/evidence/evidence.js';
import { RULES } from '../../src/policy/rules/index.js';
import {
  REJECTION_CODES,
  type UnverifiableCode,
} from '../../src/verification/verification.js';

const CHECKS = new URL('../../docs/checks.md', import.meta.url);
const RULES_DOCUMENT = new URL('../../docs/rules.md', import.meta.url);
const TESTS = new URL('../', import.meta.url);
const OWN = fileURLToPath(import.meta.url);

/** The text of every other test file and table, without its comments. */
async function readTests(): Promise<string> {
  const names = await readdir(TESTS, { recursive: true });
  const files = names
    .filter((name) => /(?:\.test|-rows)\.ts$/.test(name))
    .map((name) => fileURLToPath(new URL(name.replaceAll('\\', '/'), TESTS)))
    .filter((file) => file !== OWN);
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return texts.join('\n').replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');
}

const tests = await readTests();
const checks = await readFile(CHECKS, 'utf8');
const rulesDocument = await readFile(RULES_DOCUMENT, 'utf8');

const UNAVAILABLE: Readonly<Record<UnavailableCode, true>> = {
  network: true,
  timeout: true,
  tls: true,
  auth: true,
  'rate-limited': true,
  'server-error': true,
  'unexpected-status': true,
  'redirect-refused': true,
  'too-large': true,
  truncated: true,
  'not-json': true,
  'metadata-malformed': true,
  'version-not-found': true,
  'version-not-pinned': true,
  'attestations-withheld': true,
  'registry-without-evidence': true,
  'registry-not-configured': true,
  offline: true,
  deadline: true,
};
const UNVERIFIABLE: Readonly<Record<UnverifiableCode, true>> = {
  'weak-integrity': true,
  'no-sha512': true,
  'integrity-malformed': true,
  'registry-keys-missing': true,
  'provenance-withheld': true,
  'clock-implausible': true,
};
const ROWS = [
  ...REJECTION_CODES.map((code) => ['rejection', code] as const),
  ...Object.keys(UNAVAILABLE).map((code) => ['unavailable', code] as const),
  ...Object.keys(UNVERIFIABLE).map((code) => ['unverifiable', code] as const),
  ...RULES.map(({ id }) => ['rule', id] as const),
];
const NO_CODE = ['no', 'such', 'code'].join('-');

/** Whether a test names `name` as a text of its own. */
function isNamed(name: string): boolean {
  return tests.includes(`'${name}'`);
}

/**
 * Whether a text expects `code` of a rejection: as a `code`, in a list of
 * `codes`, after a kind in a row, or alone. Signers are `certificate` too.
 */
function isExpected(code: string, text = tests): boolean {
  const before = [
    'code: ',
    String.raw`codes: \[[^\]]*`,
    String.raw`'(?:invalid|mismatch)',\s*`,
    String.raw`toBe\(\s*`,
  ];
  return new RegExp(`(?:${before.join('|')})'${code}'`).test(text);
}

describe('every code that a report may carry', () => {
  it.each(ROWS)('occurs in a test: %s %s', (kind, name) => {
    expect(isNamed(name)).toBe(true);
    if (kind === 'rejection') expect(isExpected(name)).toBe(true);
  });

  it.each(ROWS)('is explained in the documents: %s %s', (kind, name) => {
    expect(
      kind === 'rule'
        ? // Written anew by npm run docs.
          rulesDocument.includes(`\n## ${name}\n`)
        : checks.includes(`\`${name}\``),
    ).toBe(true);
  });

  it('and one that is nowhere is missed', () => {
    expect(isNamed(NO_CODE)).toBe(false);
    expect(isExpected(NO_CODE)).toBe(false);
    expect(checks.includes(NO_CODE)).toBe(false);
  });

  it.each([
    ['a code', "{ code: 'a-b' }", true],
    ['one of several', "codes: ['x', 'a-b']", true],
    ['a row', "'what', 'mismatch',\n 'a-b', document", true],
    ['a result', "toBe('a-b')", true],
    ['a kind', "{ kind: 'a-b' }", false],
    ['any text', "['x', 'a-b']", false],
    ['part of a code', "{ code: 'a-b-c' }", false],
    ['behind a list of codes', "codes: ['x'], kind: 'a-b'", false],
  ])('is told from other texts: %s', (_what, text, expected) => {
    expect(isExpected('a-b', text)).toBe(expected);
  });
});
