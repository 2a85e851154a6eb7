import { compareText } from '../../package/package-id.js';
import type { Observation, Rule } from '../rule.js';
import type { Subject } from '../verdict.js';

/** So many hosts are named; a hostile registry may name one for each package. */
const MAX_HOSTS = 3;

export const registryUnusual: Rule = {
  id: 'registry-unusual',
  title: 'A registry hands out the same in another way',
  meaning:
    'The registry that was asked has no endpoint for single versions, so that ' +
    'whole documents are read; or its metadata names hosts for tarballs or ' +
    'attestations that are neither its own nor that of the registry the packages ' +
    'belong to. Neither changes what is proven: what the lockfile pins counts, ' +
    'and nobody is asked at an address that only metadata names. Said once for ' +
    'each registry.',
  remedy:
    'Nothing is missing. To have less to read, ask the public registry instead ' +
    'of this mirror, with --registry, or for evidence only, with evidence: { ' +
    'registry: public } for it below registries in the policy. To hear no more ' +
    'of it, turn this rule off.',
  example:
    'https://npm.acme.example/ has no endpoint for single versions: the whole documents of its packages were read, which takes longer (packages: 12)',
  defaultLevel: 'warning',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects) =>
    [...byRegistry(subjects)].flatMap(([askedAt, asked]) => [
      ...readWhole(askedAt, asked),
      ...namesOthers(askedAt, asked),
    ]),
};

/** Subjects of which metadata was had, by the registry that was asked. */
function byRegistry(
  subjects: readonly Subject[],
): ReadonlyMap<string, readonly Subject[]> {
  const registries = new Map<string, Subject[]>();
  for (const subject of subjects) {
    const { askedAt, manner } = subject;
    if (askedAt === null || manner === undefined) continue;
    const same = registries.get(askedAt) ?? [];
    registries.set(askedAt, same);
    same.push(subject);
  }
  return registries;
}

/** Of all versions, or it was a passing fault of an endpoint that there is. */
function readWhole(
  askedAt: string,
  asked: readonly Subject[],
): readonly Observation[] {
  return asked.every(({ manner }) => manner?.notes.includes('from-packument'))
    ? [
        {
          subject: null,
          message: `${askedAt} has no endpoint for single versions: the whole documents of its packages were read, which takes longer (packages: ${asked.length})`,
          expected: null,
          found: null,
        },
      ]
    : [];
}

function namesOthers(
  askedAt: string,
  asked: readonly Subject[],
): readonly Observation[] {
  const strange = asked.map((subject) => ({
    subject,
    hosts: otherHosts(askedAt, subject),
  }));
  const naming = strange.filter(({ hosts }) => hosts.length > 0);
  if (naming.length === 0) return [];
  const hosts = [...new Set(naming.flatMap((each) => each.hosts))];
  return [
    {
      subject: null,
      message: `${askedAt} names other hosts for tarballs or attestations (${listHosts(hosts)}), where nobody was asked (packages: ${naming.length})`,
      expected: new URL(askedAt).host,
      found: listHosts(hosts),
      remedy: REWRITTEN,
    },
  ];
}

const REWRITTEN =
  'Nothing is missing. If the lockfile has tarballs at such a host and they are ' +
  'another registry’s packages, say so in the policy, with mirrorOf for it below ' +
  'registries; to ask another registry for evidence only, with evidence: { ' +
  'registry: public }. To hear no more of it, turn this rule off.';

function otherHosts(
  askedAt: string,
  { registry, manner }: Subject,
): readonly string[] {
  const own = [askedAt, registry ?? askedAt].map((base) => new URL(base).host);
  return (manner?.hosts ?? []).filter((host) => !own.includes(host));
}

function listHosts(hosts: readonly string[]): string {
  const sorted = hosts.toSorted(compareText);
  const more = sorted.length - MAX_HOSTS;
  const listed = sorted.slice(0, MAX_HOSTS).join(', ');
  return more > 0 ? `${listed} and ${more} more` : listed;
}
