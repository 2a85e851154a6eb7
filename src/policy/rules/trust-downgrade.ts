import type { ClaimedLevel } from '../../evidence/release-history.js';
import {
  findDowngrade,
  isProvenBuild,
  type Downgrade,
} from '../history/downgrade.js';
import { observeHistory } from '../history/observe-history.js';
import { dayOf } from '../history/placed-release.js';
import { describeLine, lineOf } from '../history/release-line.js';
import type { Rule } from '../rule.js';
import type { Subject } from '../verdict.js';

const WORDS: Readonly<Record<ClaimedLevel, string>> = {
  none: 'no provenance',
  provenance: 'provenance',
  'trusted-publisher': 'a trusted publisher',
  staged: 'an approved, staged publication',
};

export const trustDowngrade: Rule = {
  id: 'trust-downgrade',
  title: 'Published with less than an earlier version of the package',
  meaning:
    'A version that the registry dates before this one was published with ' +
    'more: a staged publication ranks above a trusted publisher, that above ' +
    'provenance, that above none. Who has stolen a token publishes without. ' +
    'Compared are releases of the same line (major version and class of ' +
    'pre-release) in the two years before (`history.compareWithin`); a line ' +
    'that has nothing better is held against the others, unless a release ' +
    'without has stood in it for 30 days (`history.byHandAfter`) since the ' +
    'package began to attest, as where old versions are maintained by hand. What it cannot tell: dates, publishers and approvals ' +
    'are the registry’s unsigned word (basis: registry); only the provenance of ' +
    'this version and of the one it is compared with are verified. Costs a ' +
    'request for each package.',
  remedy:
    'Do not update. Ask the project how this version was published, and take ' +
    'the one that it is compared with until you know.',
  example:
    'no provenance, where 1.4.1 of 2026-03-02 had provenance (verified; dates by the registry’s word)',
  setting: `rules:
  trust-downgrade: error
history:
  compareWithin: 730d
  byHandAfter: 30d
`,
  defaultLevel: 'off',
  consequence: 'violated',
  about: 'packages',
  needs: 'compared',
  evaluate: (subjects, { policy }) =>
    observeHistory(subjects, (subject, release) => {
      const downgrade = findDowngrade(release, subject, policy.history);
      if (downgrade === null) return null;
      const { level, compared } = downgrade;
      const line = lineOf(compared.version, release.history.tags);
      const day = dayOf(compared.publishedAt);
      return {
        message: `${WORDS[level]}${wordKind(downgrade, describeLine(release.line))}, where ${compared.version} of ${day} had ${WORDS[compared.level]} (${wordBasis(downgrade, subject)})`,
        expected: `${compared.level}, as ${compared.version} of ${day} (${describeLine(line)})`,
        found: `${level}, published ${dayOf(release.publishedAt)}`,
      };
    }),
};

function wordKind({ kind }: Downgrade, line: string): string {
  switch (kind) {
    case 'same-line':
      return '';
    case 'new-line':
      return ` in the new line ${line}`;
    case 'old-line':
      return ` in the old line ${line}, the first one since`;
  }
}

function wordBasis({ compared }: Downgrade, { earlier }: Subject): string {
  const isVerified = isProvenBuild(earlier?.get(compared.version)?.facts);
  if (!isVerified) return 'all by the registry’s word';
  return compared.level === 'provenance'
    ? 'verified; dates by the registry’s word'
    : 'its provenance is verified, the rest is the registry’s word';
}
