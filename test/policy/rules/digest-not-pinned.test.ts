import { describe, expect, it } from 'vitest';
import { digestNotPinned } from '../../../src/policy/rules/digest-not-pinned.js';
import type { Subject } from '../../../src/policy/verdict.js';
import {
  UNPROVEN,
  inScope,
  outOfScope,
  rejection,
  ruleContextOf,
} from '../subjects.js';

function said(subject: Subject): readonly string[] {
  return digestNotPinned
    .evaluate([subject], ruleContextOf())
    .map(({ message }) => message);
}

describe('digest-not-pinned', () => {
  it.each([
    ['tarball', 'proven for the SHA-512 of the archive as downloaded'],
    ['registry', 'proven for the SHA-512 that the registry states'],
  ] as const)('says whose digest it was: %s', (binding, message) => {
    expect(said(inScope({ facts: { binding } }))).toEqual([message]);
    const signed = inScope({ facts: { ...UNPROVEN, binding } });
    expect(said(signed)).toEqual([message]);
  });

  it('names what nothing is pinned of, also if nothing is proven', () => {
    const why =
      '; the lockfile pins nothing at all, as it is for other systems';
    const of = (level: 'none' | 'registry-signature'): Subject => {
      const subject = inScope({
        facts: { ...UNPROVEN, binding: 'registry', level },
      });
      const unpinned = { integrity: null, optional: true };
      const conditions = 'os=darwin';
      return {
        ...subject,
        dependency: { ...subject.dependency, ...unpinned, conditions },
      };
    };
    const whose = 'the SHA-512 that the registry states';
    expect(said(of('registry-signature'))).toEqual([
      `proven for ${whose}${why}`,
    ]);
    expect(said(of('none'))).toEqual([`judged by ${whose}${why}`]);
  });

  it.each<[string, Subject]>([
    ['what the lockfile pins', inScope()],
    ['what is out of scope', outOfScope('git')],
    [
      'what is rejected',
      inScope({
        facts: {
          ...{ ...UNPROVEN, binding: 'registry', level: 'none' },
          ...{ verification: 'rejected', rejections: [rejection()] },
        },
      }),
    ],
    [
      'what nothing is proven of',
      inScope({ facts: { ...UNPROVEN, binding: 'tarball', level: 'none' } }),
    ],
  ])('is silent about %s', (_what, subject) => {
    expect(said(subject)).toEqual([]);
  });
});
