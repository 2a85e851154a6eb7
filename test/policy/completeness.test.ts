import { readFile, readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { RULES } from '../../src/policy/rules/index.js';
import { REJECTION_CODES } from '../../src/verification/verification.js';

const TESTS = new URL('../', import.meta.url);
const OWN = fileURLToPath(import.meta.url);

/** The text of every other test file, without its comments. */
async function readTests(): Promise<string> {
  const names = await readdir(TESTS, { recursive: true });
  const files = names
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => fileURLToPath(new URL(name.replaceAll('\\', '/'), TESTS)))
    .filter((file) => file !== OWN);
  const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return texts.join('\n').replaceAll(/^\s*(?:\/\/|\*|\/\*).*$/gm, '');
}

const tests = await readTests();

/** Whether a test names `code` as a text of its own. */
function isTested(code: string): boolean {
  return tests.includes(`'${code}'`);
}

describe('every code that a report may carry occurs in a test', () => {
  it.each(REJECTION_CODES)('rejection %s', (code) => {
    expect(isTested(code)).toBe(true);
  });

  it.each(RULES.map(({ id }) => id))('rule %s', (id) => {
    expect(isTested(id)).toBe(true);
  });

  it('and one that is in none is missed', () => {
    expect(isTested(['no', 'such', 'code'].join('-'))).toBe(false);
  });
});
