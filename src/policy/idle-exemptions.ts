import { formatPackageId } from '../package/package-id.js';
import type { PolicyContext } from './evaluate-policy.js';
import {
  acknowledges,
  exempts,
  isAbout,
  whyVoid,
  type VoidReason,
} from './exempt.js';
import type { Acknowledgement, Exemption } from './policy.js';
import type { Finding, Subject } from './verdict.js';

/** Why an entry takes no weight, to follow a colon. Quotes outside text. */
export interface IdleReason {
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
}

/** What an entry is about, as its author names it. */
export function describeEntry(entry: Exemption | Acknowledgement): string {
  if ('version' in entry) {
    return `the acknowledgement of ${formatPackageId(entry)}`;
  }
  return entry.range === null
    ? `the exemption of ${entry.name}, any version`
    : `the exemption of ${entry.name}@${entry.range}`;
}

/** Why an exemption that holds takes no weight from any of `findings`. */
export function whyExemptionIdle(
  entry: Exemption,
  subjects: readonly Subject[],
  findings: readonly Finding[],
): IdleReason {
  if (findings.some((each) => exempts(entry, each))) return ELSEWHERE;
  const named = subjects.filter(
    ({ dependency }) => dependency.id.name === entry.name,
  );
  if (named.length === 0) return ABSENT;
  const meant = named.filter((subject) => isAbout(entry, subject));
  if (meant.length === 0) return otherVersion(entry.range, named);
  const rules = findings.flatMap(({ rule, subject }) =>
    subject !== null && meant.includes(subject) ? rule : [],
  );
  if (rules.some((rule) => entry.rules.includes(rule))) {
    return plain('rejected evidence can be acknowledged only');
  }
  if (meant.every(({ facts }) => facts === null)) return NOT_AUDITED;
  return {
    message: 'none of its rules finds anything about the package',
    expected: listOf(entry.rules),
    found: rules.length === 0 ? null : listOf(rules),
  };
}

/** Why an acknowledgement that holds takes no weight from any of `findings`. */
export function whyAcknowledgementIdle(
  entry: Acknowledgement,
  subjects: readonly Subject[],
  findings: readonly Finding[],
): IdleReason {
  if (findings.some((each) => acknowledges(entry, each))) return ELSEWHERE;
  // Of several the one that comes closest tells most.
  for (const reason of CLOSEST_FIRST) {
    const close = subjects.filter((each) => whyVoid(entry, each) === reason);
    if (close.length > 0) return IDLE_REASONS[reason](entry, close);
  }
  return ABSENT;
}

/** Whether somebody who exempts something has to look at `finding` again. */
export function isAboutFinding(
  entry: Exemption | Acknowledgement,
  finding: Finding,
): boolean {
  return 'version' in entry
    ? acknowledges(entry, finding)
    : exempts(entry, finding);
}

/** All entries of both kinds, in the order of the policy. */
export function allEntries({
  policy,
}: Pick<PolicyContext, 'policy'>): readonly (Exemption | Acknowledgement)[] {
  return [...policy.exemptions, ...policy.acknowledged];
}

const ELSEWHERE = plain('an entry before it is about the same findings');
const ABSENT = plain('the lockfile does not have the package');
const NOT_AUDITED = plain('the package is out of scope');

type Explain = (
  entry: Acknowledgement,
  close: readonly Subject[],
) => IdleReason;

const CLOSEST_FIRST = [
  'undecided',
  'other-codes',
  'not-rejected',
  'other-bytes',
  'other-version',
] as const satisfies readonly VoidReason[];

const IDLE_REASONS: Readonly<Record<(typeof CLOSEST_FIRST)[number], Explain>> =
  {
    undecided: (_entry, close) => ({
      message: 'something else about the package could not be decided',
      expected: null,
      found: listOf(
        close.flatMap(({ facts }) =>
          (facts?.unverifiable ?? []).map(({ code }) => code),
        ),
      ),
    }),
    'other-codes': ({ codes }, close) => ({
      message: 'the evidence is rejected for other reasons, too',
      expected: listOf(codes),
      found: listOf(
        close.flatMap(({ facts }) =>
          (facts?.rejections ?? []).map(({ code }) => code),
        ),
      ),
    }),
    'not-rejected': () => plain('the evidence is not rejected'),
    'other-bytes': ({ integrity }, close) => ({
      message: 'the lockfile pins other bytes of this version',
      expected: integrity,
      found: listOf(
        close.map(({ dependency }) => dependency.integrity ?? 'no integrity'),
      ),
    }),
    'other-version': ({ version }, close) => otherVersion(version, close),
  };

function otherVersion(
  expected: string | null,
  subjects: readonly Subject[],
): IdleReason {
  return {
    message: 'the lockfile has other versions of the package',
    expected,
    found: listOf(subjects.map(({ dependency }) => dependency.id.version)),
  };
}

function plain(message: string): IdleReason {
  return { message, expected: null, found: null };
}

function listOf(texts: readonly string[]): string {
  return [...new Set(texts)].join(', ');
}
