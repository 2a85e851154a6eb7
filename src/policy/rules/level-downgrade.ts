import { pinnedSubjects } from '../pins/pinned-subjects.js';
import type { Rule } from '../rule.js';

export const levelDowngrade: Rule = {
  id: 'level-downgrade',
  title: 'Less is proven than is pinned',
  meaning:
    'For this package provenance.lock.json has a higher level than what is ' +
    'proven of the version in the lockfile, newer or older, or it no longer ' +
    'comes from a registry at all. Who has stolen a token publishes without ' +
    'provenance. Where evidence was rejected or could not be had, other rules ' +
    'say so.',
  remedy:
    'Take a version that proves as much, and find out why this one does not. ' +
    'If it is meant to be so: provenance-audit pin --accept with its name, and ' +
    'have the change of provenance.lock.json reviewed.',
  example: 'less is proven than of 1.2.3, which is pinned',
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { pins }) =>
    pinnedSubjects(subjects, pins).flatMap(
      ({ subject, pinned, found, comparison }) =>
        comparison.isLower
          ? [
              {
                subject,
                message: `less is proven than of ${pinned.version}, which is pinned`,
                expected: pinned.pin.level,
                found: describeFound(found.level, subject.evidence),
              },
            ]
          : [],
    ),
};

function describeFound(
  level: string,
  evidence: { readonly status: string; readonly reason?: string },
): string {
  return evidence.status === 'not-applicable'
    ? `${level}, it comes from another place (${evidence.reason ?? ''})`
    : level;
}
