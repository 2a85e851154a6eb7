import { describe, expect, it } from 'vitest';
import type { Evidence, UnavailableCode } from '../../src/evidence/evidence.js';
import {
  recognizeRegistries,
  type AnswerOfRegistry,
} from '../../src/evidence/recognize-registries.js';
import { METADATA } from './dependencies.js';

const MIRROR = 'https://mirror.example/npm/';
const OTHER = 'https://other.example/';
const UNATTESTED: Evidence = { status: 'unattested', metadata: METADATA };
const ATTESTED: Evidence = {
  status: 'attested',
  metadata: METADATA,
  document: { status: 'parsed', attestations: [] },
};

function unavailable(code: UnavailableCode): Evidence {
  return { status: 'unavailable', code, message: `${code} of this one` };
}

let serial = 0;
function answer(
  evidence: Evidence,
  change: Partial<AnswerOfRegistry> = {},
): AnswerOfRegistry {
  serial += 1;
  return {
    evidence,
    claimsProof: false,
    askAt: MIRROR,
    id: { name: `p${serial}`, version: '1.0.0' },
    ...change,
  };
}

/** `as it was`, or the words for all of the registry. */
function said(...answers: readonly AnswerOfRegistry[]): readonly string[] {
  return recognizeRegistries(answers).map((evidence, index) =>
    evidence === answers[index]?.evidence
      ? 'as it was'
      : 'message' in evidence
        ? evidence.message
        : evidence.status,
  );
}

const WITHHELD = unavailable('attestations-withheld');
const MISSING = unavailable('version-not-found');
const SERVES_NONE = `${MIRROR} serves neither signatures nor attestations, for any version asked`;
const HANDS_OUT_NONE = `${MIRROR} says of 2 versions that they have attestations, and hands out none: it passes metadata on, but does not serve attestations`;
const HAS_NONE = `${MIRROR} has none of the 2 versions asked: it may not be the base address of a registry`;

describe('what all answers of a registry show', () => {
  it.each<[string, readonly AnswerOfRegistry[], readonly string[]]>([
    ['no evidence at all', [answer(UNATTESTED)], [SERVES_NONE]],
    [
      'a signature of another version',
      [answer(UNATTESTED), answer(UNATTESTED, { claimsProof: true })],
      ['as it was', 'as it was'],
    ],
    [
      'a signature, but at another registry',
      [
        answer(UNATTESTED),
        answer(UNATTESTED, { claimsProof: true, askAt: OTHER }),
      ],
      [SERVES_NONE, 'as it was'],
    ],
    [
      'no attestations, though announced',
      [
        answer(WITHHELD, { claimsProof: true }),
        answer(WITHHELD, { claimsProof: true }),
        answer(UNATTESTED),
      ],
      [HANDS_OUT_NONE, HANDS_OUT_NONE, 'as it was'],
    ],
    [
      'attestations of another version',
      [
        answer(WITHHELD, { claimsProof: true }),
        answer(WITHHELD, { claimsProof: true }),
        answer(ATTESTED, { claimsProof: true }),
      ],
      ['as it was', 'as it was', 'as it was'],
    ],
    [
      'only one version withheld',
      [answer(WITHHELD, { claimsProof: true })],
      ['as it was'],
    ],
    [
      'nothing that was asked for',
      [answer(MISSING), answer(MISSING)],
      [HAS_NONE, HAS_NONE],
    ],
    ['nothing of one version', [answer(MISSING)], ['as it was']],
    [
      'one of several versions',
      [
        answer(MISSING),
        answer(MISSING),
        answer(ATTESTED, { claimsProof: true }),
      ],
      ['as it was', 'as it was', 'as it was'],
    ],
    [
      'one version, twice in the lockfile',
      [
        answer(MISSING, { id: { name: 'x', version: '1.0.0' } }),
        answer(MISSING, { id: { name: 'x', version: '1.0.0' } }),
      ],
      ['as it was', 'as it was'],
    ],
    [
      'nothing, for nobody was asked',
      [answer(MISSING, { askAt: null }), answer(MISSING, { askAt: null })],
      ['as it was', 'as it was'],
    ],
  ])('%s', (_what, answers, expected) => {
    expect(said(...answers)).toEqual(expected);
  });

  it('keeps the code, so that what it means stays the same', () => {
    const codes = recognizeRegistries([
      answer(WITHHELD),
      answer(WITHHELD),
      answer(MISSING),
    ]).map((evidence) => ('code' in evidence ? evidence.code : null));
    expect(codes).toEqual([
      'attestations-withheld',
      'attestations-withheld',
      'version-not-found',
    ]);
  });
});
