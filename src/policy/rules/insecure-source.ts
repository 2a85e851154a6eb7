import {
  isLoopbackHost,
  withoutCredentials,
} from '../../package/web-address.js';
import type { Rule } from '../rule.js';

export const insecureSource: Rule = {
  id: 'insecure-source',
  title: 'The lockfile downloads over an insecure connection',
  meaning:
    'The entry’s tarball URL is not https, so anybody on the way sees and can ' +
    'replace what is downloaded. Only this machine’s own addresses are exempt.',
  remedy: 'Change the registry setting to https and write the lockfile anew.',
  example: 'the tarball is downloaded without encryption',
  defaultLevel: 'error',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects) =>
    subjects.flatMap((subject) => {
      const { origin } = subject.dependency;
      return subject.facts !== null &&
        origin.resolved !== null &&
        isInsecure(origin.resolved)
        ? [
            {
              subject,
              message: 'the tarball is downloaded without encryption',
              expected: 'https:',
              found: withoutCredentials(origin.resolved),
            },
          ]
        : [];
    }),
};

function isInsecure(resolved: string): boolean {
  if (!URL.canParse(resolved)) return false;
  const { protocol, hostname } = new URL(resolved);
  return protocol === 'http:' && !isLoopbackHost(hostname);
}
