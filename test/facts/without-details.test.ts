import { describe, expect, it } from 'vitest';

import type { Facts } from '../../src/facts/facts.js';
import { withoutDetails } from '../../src/facts/without-details.js';
import { toReportDependency } from '../../src/report/report-dependency.js';
import type { Check } from '../../src/verification/check.js';
import { ATTESTED, inScope } from '../policy/subjects.js';
import { ENVELOPE_ROWS } from './hostile-rows/bundle-rows.js';
import { DOCUMENT_ROWS } from './hostile-rows/document-rows.js';
import { STATEMENT_ROWS } from './hostile-rows/statement-rows.js';
import { document, judgeOurs, PINNED, sigstore } from './hostile-scene.js';
import { judge, toBytes, trustRootOf } from './judge.js';

const HONEST: readonly (readonly [string, Facts])[] = [
  ['an honest document', judgeOurs(document)],
  [
    'a document of a registry without keys',
    judge(PINNED, toBytes(document), {
      trustRoot: trustRootOf({ ...sigstore, npmKeys: { keys: [] } }),
      now: sigstore.now,
    }),
  ],
];
const HOSTILE = [...ENVELOPE_ROWS, ...STATEMENT_ROWS, ...DOCUMENT_ROWS].map(
  ({ title, build }) => [title, judgeOurs(build())] as const,
);

/** What a report says about them. */
function told(facts: Facts): unknown {
  return toReportDependency({ ...inScope(), evidence: ATTESTED, facts });
}

const passed = ({ checks }: Facts): readonly Check[] =>
  checks.filter(({ outcome }) => outcome === 'passed');

describe('facts without details', () => {
  it.each([...HONEST, ...HOSTILE])(
    'are told as the whole of %s',
    (_, facts) => {
      const plain = withoutDetails(facts);
      expect(told(plain)).toEqual(told(facts));
      expect({ ...plain, checks: [] }).toEqual({ ...facts, checks: [] });
      expect(
        plain.checks.filter((each) => !passed(plain).includes(each)),
      ).toEqual(facts.checks.filter((each) => !passed(facts).includes(each)));
    },
  );

  it('hold nothing of what was compared, and are shared', () => {
    const [facts, other] = [judgeOurs(document), judgeOurs(document)];
    expect(passed(facts).some(({ found }) => found !== null)).toBe(true);
    const plain = passed(withoutDetails(facts));
    expect(plain).toHaveLength(passed(facts).length);
    for (const { expected, found } of plain) {
      expect([expected, found]).toEqual([null, null]);
    }
    const again = passed(withoutDetails(other));
    expect(again.every((each, index) => each === plain[index])).toBe(true);
  });
});
