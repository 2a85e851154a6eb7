import {
  observeIdentity,
  provenSubjects,
  type IdentityDemand,
} from '../identity-demand.js';
import type { Observation, Rule } from '../rule.js';

const ALLOWED: IdentityDemand = {
  what: 'the event that started the build',
  allowed: ({ events }) => events,
  found: ({ event }) => event,
};

export const eventDenied: Rule = {
  id: 'event-denied',
  title: 'Started by an event that the policy denies',
  meaning:
    'What started the build is one of the events that the policy denies ' +
    'for every package, or none of those that it allows for this one. ' +
    'Some events let strangers’ code run beside the secrets of a release: ' +
    'pull_request_target, issue_comment. Judged is the signing ' +
    'certificate of verified provenance; one that does not say satisfies ' +
    'no demand.',
  remedy:
    'Look at the run and at what it built. If this project releases in ' +
    'this way, say so in events for this package, and take the event off ' +
    'events.deny.',
  example: 'the policy denies builds started by this event',
  setting: `events:
  deny: [pull_request_target, issue_comment]
`,
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects, { policy }) => {
    const denied = new Set(policy.deniedEvents);
    const allowed = observeIdentity(subjects, policy, ALLOWED);
    const notAllowed = new Map(allowed.map((each) => [each.subject, each]));
    return provenSubjects(subjects).flatMap(({ subject, provenance }) => {
      const observation =
        observeDenied(provenance.event, denied) ?? notAllowed.get(subject);
      return observation === undefined ? [] : [{ ...observation, subject }];
    });
  },
};

/** An event that is not known may be one of the denied. */
function observeDenied(
  event: string | null,
  denied: ReadonlySet<string>,
): Omit<Observation, 'subject'> | null {
  if (denied.size === 0 || (event !== null && !denied.has(event))) return null;
  return {
    message:
      event === null
        ? `the certificate does not name ${ALLOWED.what}`
        : 'the policy denies builds started by this event',
    expected: `none of ${[...denied].join(', ')}`,
    found: event,
  };
}
