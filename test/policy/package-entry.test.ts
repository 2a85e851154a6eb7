import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Level } from '../../src/facts/facts.js';
import {
  packageEntries,
  requiredLevel,
} from '../../src/policy/package-entry.js';
import type { PackagePolicy } from '../../src/policy/policy.js';
import { packageEntry } from './entries.js';

function choose(
  patterns: readonly string[],
  name: string,
): { readonly pattern: string; readonly reason: string } | null {
  const found = packageEntries(patterns.map((each) => packageEntry(each)))(
    name,
  );
  if (found === null) return null;
  return { pattern: found.entry.pattern, reason: found.reason };
}

describe('the entry that counts', () => {
  it.each<[string, readonly string[], string | null, string]>([
    ['none', [], null, ''],
    ['none of others', ['widget', '@acme-evil/*', '*', '@acme'], null, ''],
    ['the only one', ['@acme/*'], '@acme/*', 'no other entry matches'],
    [
      'the exact name, though a glob has more characters',
      ['*@acme/*widget*', '@acme/widget'],
      '@acme/widget',
      'its exact name',
    ],
    [
      'more literal characters',
      ['@acme/*', '@acme/wid*', '@*/*'],
      '@acme/wid*',
      'more specific than @acme/*',
    ],
    [
      'fewer stars',
      ['@acme/w*d*', '@acme/wi*'],
      '@acme/wi*',
      'more specific than @acme/w*d*',
    ],
    [
      'the first by text',
      ['@acme/wi*', '@acme/*et'],
      '@acme/*et',
      'more specific than @acme/wi*',
    ],
  ])('is %s', (_what, patterns, pattern, reason) => {
    expect(choose(patterns, '@acme/widget')).toEqual(
      pattern === null ? null : { pattern, reason },
    );
    expect(choose(patterns.toReversed(), '@acme/widget')).toEqual(
      choose(patterns, '@acme/widget'),
    );
  });

  it.each(['widget', 'wid*'])(
    'of two with the pattern %s is the first',
    (pattern) => {
      const entries = ['staged', 'none'] as const;
      const entry = packageEntries(
        entries.map((require) => packageEntry(pattern, { require })),
      )('widget')?.entry;
      expect(entry?.require).toBe('staged');
    },
  );

  it('does not depend on the order of the entries', () => {
    const pattern = fc
      .array(fc.constantFrom('a', 'b', '*', '/'), {
        minLength: 1,
        maxLength: 4,
      })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.uniqueArray(pattern, { maxLength: 6 }),
        fc.stringMatching(/^[ab]{0,3}$/),
        (patterns, name) => {
          expect(choose(patterns.toReversed(), name)?.pattern).toBe(
            choose(patterns, name)?.pattern,
          );
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('the level that an entry requires', () => {
  it.each<[string, Partial<PackagePolicy>, Level]>([
    ['nothing', {}, 'none'],
    ['a level', { require: 'registry-signature' }, 'registry-signature'],
    ['a source', { source: ['https://github.com/a/b'] }, 'provenance'],
    ['a workflow', { workflow: ['x.yml'] }, 'provenance'],
    ['a signer', { signer: ['x'] }, 'provenance'],
    ['a ref', { ref: ['refs/tags/*'] }, 'provenance'],
    ['a runner', { runner: ['hosted'] }, 'provenance'],
    ['a builder', { builder: ['x'] }, 'provenance'],
    ['an issuer', { issuer: ['x'] }, 'provenance'],
    ['an event', { events: ['push'] }, 'provenance'],
    ['a source, and no level', { source: ['x'], require: 'none' }, 'none'],
    ['a source, and more', { source: ['x'], require: 'staged' }, 'staged'],
  ])('that demands %s', (_what, demands, level) => {
    expect(requiredLevel(packageEntry('x', demands))).toBe(level);
  });
});
