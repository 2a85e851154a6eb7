import type { Rule } from '../rule.js';
import { describeSpan } from '../span.js';
import type { Subject } from '../verdict.js';

export const releaseTooYoung: Rule = {
  id: 'release-too-young',
  title: 'Published more recently than the policy allows',
  meaning:
    'The version is younger than minimumReleaseAge. Most malicious ' +
    'versions are found and removed within days, so waiting keeps them ' +
    'out. Age counts from the time at which a transparency log recorded ' +
    'the registry’s attestation of the publication, else the provenance; ' +
    'a version with neither has no time that can be trusted and is not ' +
    'judged.',
  remedy:
    'Wait, or take an earlier version. For an urgent fix, exempt this ' +
    'version until it is old enough.',
  example: 'published 2 hours ago',
  setting: `minimumReleaseAge: 3d
`,
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { policy, now }) => {
    const minimum = policy.minimumReleaseAge;
    if (minimum === null) return [];
    return subjects.flatMap((subject) => {
      const publishedAt = loggedAt(subject);
      if (publishedAt === null) return [];
      const age = now.getTime() - publishedAt.getTime();
      if (age >= minimum) return [];
      return [
        {
          subject,
          message: `published ${describeSpan(age)} ago`,
          expected: `at least ${describeSpan(minimum)} ago`,
          found: publishedAt.toISOString(),
        },
      ];
    });
  },
};

/** Only what is verified has a time that nobody can set at will. */
function loggedAt({ facts }: Subject): Date | null {
  if (facts?.verification !== 'verified') return null;
  return (facts.publish ?? facts.provenance)?.signedAt ?? null;
}
