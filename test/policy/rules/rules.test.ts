import { describe, expect, it } from 'vitest';
import type { AnswerManner } from '../../../src/evidence/answer-manner.js';
import type { UnavailableCode } from '../../../src/evidence/evidence.js';
import type { JudgedEvidence } from '../../../src/evidence/judged-evidence.js';
import type { Facts } from '../../../src/facts/facts.js';
import type { Rule } from '../../../src/policy/rule.js';
import { RULES } from '../../../src/policy/rules/index.js';
import type { Subject } from '../../../src/policy/verdict.js';
import type { UnverifiableCode } from '../../../src/verification/verification.js';
import { ACME_REGISTRY } from '../../verification/samples.js';
import {
  ATTESTED,
  UNATTESTED,
  UNPROVEN,
  inScope,
  outOfScope,
  rejection,
  ruleContextOf,
  unavailable,
} from '../subjects.js';

function ruleOf(id: string): Rule {
  const rule = RULES.find((each) => each.id === id);
  if (rule === undefined) throw new Error(`no rule ${id}`);
  return rule;
}

function rejected(...rejections: Facts['rejections']): Subject {
  return inScope({
    facts: { ...UNPROVEN, verification: 'rejected', rejections },
  });
}

function unverifiable(...codes: readonly UnverifiableCode[]): Subject {
  return inScope({
    integrity: 'sha1-x',
    facts: {
      ...UNPROVEN,
      verification: 'unverifiable',
      registrySignature: 'not-checked',
      unverifiable: codes.map((code) => ({
        code,
        message: `because: ${code}`,
      })),
    },
  });
}

function askedByProject(registry: string): Subject {
  return inScope({ registry, askedByProject: true });
}

function resolvedTo(resolved: string | null): Subject {
  return inScope({ resolved });
}

const CONTEXT = ruleContextOf();
const PROVEN_SUBJECT = inScope();
const UNATTESTED_SUBJECT = inScope({ evidence: UNATTESTED, facts: UNPROVEN });

type Row = readonly [
  rule: string,
  what: string,
  subjects: readonly Subject[],
  /** Positions of the subjects that are found. */
  found: readonly number[],
];

const REJECTED_AND_WEAK: Subject = inScope({
  facts: {
    ...UNPROVEN,
    verification: 'rejected',
    rejections: [rejection()],
    unverifiable: [
      { code: 'weak-integrity', message: '' },
      { code: 'registry-keys-missing', message: '' },
    ],
  },
});
const UNSIGNED: Subject = inScope({
  evidence: UNATTESTED,
  facts: { ...UNPROVEN, level: 'none', registrySignature: 'missing' },
});
const UNSIGNED_PROVEN: Subject = inScope({
  facts: { registrySignature: 'missing' },
});
const ELSEWHERE = 'https://other.example/';
/** Its registry signature is by a key that has ended. */
const ENDED: Subject = inScope({
  evidence: UNATTESTED,
  facts: { ...UNPROVEN, level: 'none', registrySignature: 'not-checked' },
});

const ROWS: readonly Row[] = [
  ['evidence-rejected', 'proven', [PROVEN_SUBJECT], []],
  ['evidence-rejected', 'unattested', [UNATTESTED_SUBJECT], []],
  ['evidence-rejected', 'weakly pinned', [unverifiable('weak-integrity')], []],
  ['evidence-rejected', 'out of scope', [outOfScope('git')], []],
  [
    'evidence-rejected',
    'rejected',
    [PROVEN_SUBJECT, rejected(rejection())],
    [1],
  ],
  [
    'evidence-rejected',
    'rejected twice: one finding',
    [rejected(rejection(), rejection())],
    [0],
  ],
  ['evidence-rejected', 'rejected and weakly pinned', [REJECTED_AND_WEAK], [0]],

  ['insecure-source', 'no address', [resolvedTo(null)], []],
  ['insecure-source', 'https', [resolvedTo('https://npm.acme.example/x')], []],
  [
    'insecure-source',
    'https in capitals',
    [resolvedTo('HTTPS://npm.acme.example/x')],
    [],
  ],
  ['insecure-source', 'localhost', [resolvedTo('http://localhost:4873/x')], []],
  ['insecure-source', '127.0.0.1', [resolvedTo('http://127.0.0.1:4873/x')], []],
  [
    'insecure-source',
    'further in 127.0.0.0/8',
    [resolvedTo('http://127.9.8.7/x')],
    [],
  ],
  [
    'insecure-source',
    'the short form of 127.0.0.1',
    [resolvedTo('http://127.1/x')],
    [],
  ],
  ['insecure-source', '::1', [resolvedTo('http://[::1]:4873/x')], []],
  ['insecure-source', 'no URL', [resolvedTo('x.tgz')], []],
  [
    'insecure-source',
    'http out of scope',
    [outOfScope('remote-tarball', 'http://acme.example/x')],
    [],
  ],
  ['insecure-source', 'http', [resolvedTo('http://npm.acme.example/x')], [0]],
  [
    'insecure-source',
    'http in capitals',
    [resolvedTo('HTTP://npm.acme.example/x')],
    [0],
  ],
  [
    'insecure-source',
    'a name that begins like localhost',
    [resolvedTo('http://localhost.evil.example/x')],
    [0],
  ],
  [
    'insecure-source',
    'a name that begins like an address',
    [resolvedTo('http://127.0.0.1.evil.example/x')],
    [0],
  ],
  [
    'insecure-source',
    'localhost as a user',
    [resolvedTo('http://localhost@evil.example/x')],
    [0],
  ],
  [
    'insecure-source',
    'a private network',
    [resolvedTo('http://10.0.0.1/x')],
    [0],
  ],
  [
    'insecure-source',
    'any address of this machine',
    [resolvedTo('http://0.0.0.0/x')],
    [0],
  ],

  ['attestations-withheld', 'proven', [PROVEN_SUBJECT], []],
  ['attestations-withheld', 'a timeout', [unavailable('timeout')], []],
  [
    'attestations-withheld',
    'withheld',
    [unavailable('attestations-withheld')],
    [0],
  ],
  [
    'attestations-withheld',
    'unverifiable otherwise',
    [unverifiable('weak-integrity')],
    [],
  ],
  [
    'attestations-withheld',
    'the provenance withheld',
    [unverifiable('provenance-withheld')],
    [0],
  ],
  [
    'attestations-withheld',
    'the provenance withheld, the pin weak',
    [unverifiable('weak-integrity', 'provenance-withheld')],
    [0],
  ],

  ['evidence-unavailable', 'proven', [PROVEN_SUBJECT], []],
  ['evidence-unavailable', 'unattested', [UNATTESTED_SUBJECT], []],
  ['evidence-unavailable', 'out of scope', [outOfScope('bundled')], []],
  [
    'evidence-unavailable',
    'withheld, which has its own rule',
    [unavailable('attestations-withheld')],
    [],
  ],
  [
    'evidence-unavailable',
    'a timeout',
    [PROVEN_SUBJECT, unavailable('timeout')],
    [1],
  ],

  ['weak-integrity', 'proven', [PROVEN_SUBJECT], []],
  ['weak-integrity', 'out of scope', [outOfScope('git')], []],
  [
    'weak-integrity',
    'unknown keys only',
    [unverifiable('registry-keys-missing')],
    [],
  ],
  [
    'weak-integrity',
    'rejected as well: that is said instead',
    [REJECTED_AND_WEAK],
    [],
  ],
  [
    'weak-integrity',
    'a hash that can be forged',
    [unverifiable('weak-integrity')],
    [0],
  ],
  ['weak-integrity', 'no SHA-512', [unverifiable('no-sha512')], [0]],
  [
    'weak-integrity',
    'no SRI string',
    [unverifiable('integrity-malformed')],
    [0],
  ],
  [
    'weak-integrity',
    'behind unknown keys',
    [unverifiable('registry-keys-missing', 'no-sha512')],
    [0],
  ],

  ['registry-keys-missing', 'proven', [PROVEN_SUBJECT], []],
  ['registry-keys-missing', 'out of scope', [outOfScope('git')], []],
  [
    'registry-keys-missing',
    'weakly pinned only',
    [unverifiable('weak-integrity')],
    [],
  ],
  [
    'registry-keys-missing',
    'rejected as well: that is said instead',
    [REJECTED_AND_WEAK],
    [],
  ],
  [
    'registry-keys-missing',
    'unknown keys',
    [unverifiable('registry-keys-missing')],
    [0],
  ],
  [
    'registry-keys-missing',
    'behind a weak pin',
    [unverifiable('weak-integrity', 'registry-keys-missing')],
    [0],
  ],

  ['provenance-missing', 'proven', [PROVEN_SUBJECT], []],
  ['provenance-missing', 'out of scope', [outOfScope('workspace')], []],
  [
    'provenance-missing',
    'not known, as nothing was answered',
    [unavailable('timeout')],
    [],
  ],
  ['provenance-missing', 'rejected', [rejected(rejection())], []],
  ['provenance-missing', 'unverifiable', [unverifiable('weak-integrity')], []],
  [
    'provenance-missing',
    'unattested',
    [PROVEN_SUBJECT, UNATTESTED_SUBJECT],
    [1],
  ],
  [
    'provenance-missing',
    'attested, but not by a provenance',
    [inScope({ facts: { ...UNPROVEN, verification: 'verified' } })],
    [0],
  ],
  [
    'provenance-missing',
    'attested by types that nothing here reads',
    [inScope({ facts: UNPROVEN })],
    [0],
  ],

  ['registry-signature-missing', 'signed', [PROVEN_SUBJECT], []],
  [
    'registry-signature-missing',
    'unsigned where nothing is signed',
    [UNSIGNED, UNSIGNED],
    [],
  ],
  [
    'registry-signature-missing',
    'unsigned where only another registry signs',
    [UNSIGNED, inScope({ registry: ELSEWHERE })],
    [],
  ],
  [
    'registry-signature-missing',
    'unsigned where others are not checked',
    [UNSIGNED, unavailable('timeout')],
    [],
  ],
  [
    'registry-signature-missing',
    'unsigned where another is rejected',
    [UNSIGNED, inScope({ facts: { registrySignature: 'rejected' } })],
    [],
  ],
  [
    'registry-signature-missing',
    'out of scope beside signed ones',
    [PROVEN_SUBJECT, outOfScope('git')],
    [],
  ],
  [
    'registry-signature-missing',
    'not asked beside signed ones',
    [PROVEN_SUBJECT, unavailable('timeout')],
    [],
  ],
  [
    'registry-signature-missing',
    'unsigned beside signed ones',
    [UNSIGNED, PROVEN_SUBJECT, UNSIGNED],
    [0, 2],
  ],

  [
    'registry-signature-missing',
    'signed with an ended key',
    [PROVEN_SUBJECT, ENDED],
    [1],
  ],
  [
    'registry-signature-missing',
    'signed with an ended key where nothing else is signed',
    [ENDED],
    [0],
  ],
  [
    'registry-signature-missing',
    'attested, signed with an ended key',
    [inScope({ facts: { registrySignature: 'not-checked' } })],
    [0],
  ],
  [
    'registry-signature-missing',
    'not checked, as the pin is weak',
    [{ ...unverifiable('weak-integrity'), evidence: UNATTESTED }],
    [],
  ],

  [
    'registry-signature-missing',
    'none signed though attestations show that the registry signs',
    [UNSIGNED_PROVEN, UNSIGNED, unavailable('timeout')],
    [0, 1],
  ],
  [
    'registry-signature-missing',
    'one version alone, though attested',
    [UNSIGNED_PROVEN],
    [],
  ],
  [
    'registry-signature-missing',
    'none signed where only another registry signs',
    [
      UNSIGNED,
      UNSIGNED,
      inScope({ registry: ELSEWHERE, facts: { registrySignature: 'missing' } }),
    ],
    [],
  ],

  ['nothing-to-audit', 'one in scope', [outOfScope('git'), PROVEN_SUBJECT], []],
  [
    'nothing-to-audit',
    'one in scope that was not answered',
    [unavailable('timeout')],
    [],
  ],
];

describe('rules', () => {
  it.each(ROWS)('%s: %s', (id, _what, subjects, found) => {
    const observations = ruleOf(id).evaluate(subjects, CONTEXT);
    expect(observations.map(({ subject }) => subject)).toEqual(
      found.map((position) => subjects[position]),
    );
    for (const { message } of observations) expect(message).not.toBe('');
  });

  it.each<[string, readonly Subject[]]>([
    ['an empty lockfile', []],
    [
      'a lockfile without registry packages',
      [outOfScope('git'), outOfScope('link')],
    ],
  ])(
    'nothing-to-audit: %s, as one finding about the whole',
    (_what, subjects) => {
      expect(
        ruleOf('nothing-to-audit').evaluate(subjects, CONTEXT),
      ).toMatchObject([{ subject: null }]);
    },
  );

  it('clock-implausible: one finding, however many it is about', () => {
    const evaluate = (subjects: readonly Subject[]) =>
      ruleOf('clock-implausible').evaluate(subjects, CONTEXT);
    const wrong = unverifiable('clock-implausible');
    expect(evaluate([PROVEN_SUBJECT, wrong, wrong])).toMatchObject([
      { subject: null },
    ]);
    expect(evaluate([PROVEN_SUBJECT, unverifiable('no-sha512')])).toEqual([]);
  });

  it.each<[string, readonly Subject[], readonly string[]]>([
    ['one of the user’s own', [inScope()], []],
    ['one that was not asked', [outOfScope('git')], []],
    ['one of this machine', [askedByProject('http://127.0.0.1:4873/')], []],
    ['one by its name', [askedByProject('http://localhost:4873/')], []],
    ['one', [inScope(), askedByProject(ELSEWHERE)], [ELSEWHERE]],
    [
      'one, for packages that it gave nothing about',
      [{ ...unavailable('timeout'), askedByProject: true }],
      [ACME_REGISTRY],
    ],
    [
      'one, several times',
      [askedByProject(ELSEWHERE), askedByProject(ELSEWHERE)],
      [ELSEWHERE],
    ],
    [
      'two',
      [askedByProject(ELSEWHERE), askedByProject(ACME_REGISTRY)],
      [ELSEWHERE, ACME_REGISTRY],
    ],
    [
      'one that begins like this machine',
      [askedByProject('https://localhost.evil.example/')],
      ['https://localhost.evil.example/'],
    ],
  ])('registry-from-project: %s', (_what, subjects, registries) => {
    const observations = ruleOf('registry-from-project').evaluate(
      subjects,
      CONTEXT,
    );
    expect(observations.map(({ found }) => found)).toEqual(registries);
    // About the audit as a whole: the registry is at fault, not the package.
    for (const { subject } of observations) expect(subject).toBeNull();
  });

  const MIRROR = 'https://mirror.example/npm/';
  const answeredBy = (
    askedAt: string,
    manner: Partial<AnswerManner>,
    evidence: JudgedEvidence = ATTESTED,
  ): Subject => ({
    ...inScope({ evidence }),
    askedAt,
    manner: { notes: [], hosts: [], ...manner },
  });
  const CUT = { notes: ['from-packument'] } as const;
  const hostsOf = (count: number) => ({
    hosts: Array.from({ length: count }, (_, index) => `h${index}.example`),
  });
  it.each<[string, readonly Subject[], readonly (string | null)[]]>([
    ['nothing of its kind', [answeredBy(MIRROR, {})], []],
    ['nothing known', [{ ...unavailable('timeout'), askedAt: MIRROR }], []],
    ['documents, of all', [answeredBy(MIRROR, CUT)], [null]],
    [
      'documents, of all that were answered for',
      [answeredBy(MIRROR, CUT), { ...unavailable('timeout'), askedAt: MIRROR }],
      [null],
    ],
    [
      'documents, of one only',
      [answeredBy(MIRROR, CUT), answeredBy(MIRROR, {})],
      [],
    ],
    [
      'documents, by two registries',
      [answeredBy(MIRROR, CUT), answeredBy(ELSEWHERE, CUT)],
      [null, null],
    ],
    ['its own host', [answeredBy(MIRROR, { hosts: ['mirror.example'] })], []],
    [
      'the host of the registry it mirrors',
      [answeredBy(MIRROR, { hosts: [new URL(ACME_REGISTRY).host] })],
      [],
    ],
    [
      'another port',
      [answeredBy(MIRROR, { hosts: ['mirror.example:81'] })],
      ['mirror.example:81'],
    ],
    [
      'other hosts, sorted and each once',
      [
        answeredBy(MIRROR, { hosts: ['b.example', 'a.example'] }),
        answeredBy(MIRROR, { hosts: ['a.example'] }),
      ],
      ['a.example, b.example'],
    ],
    [
      'many hosts, a few of them',
      [answeredBy(MIRROR, hostsOf(5))],
      ['h0.example, h1.example, h2.example and 2 more'],
    ],
    [
      'both',
      [answeredBy(MIRROR, { ...CUT, ...hostsOf(1) })],
      [null, 'h0.example'],
    ],
  ])('registry-unusual: %s', (_what, subjects, expected) => {
    const observations = ruleOf('registry-unusual').evaluate(subjects, CONTEXT);
    expect(observations.map(({ found }) => found)).toEqual(expected);
    for (const { subject } of observations) expect(subject).toBeNull();
  });

  const GONE = { notes: ['attested-before'] } as const;
  it.each<[string, Subject, number]>([
    ['still there', answeredBy(MIRROR, {}), 0],
    ['never seen', answeredBy(MIRROR, {}, UNATTESTED), 0],
    ['seen before', answeredBy(MIRROR, GONE, UNATTESTED), 1],
    ['seen before, and had', answeredBy(MIRROR, GONE), 0],
    [
      'not had',
      {
        ...unavailable('timeout'),
        askedAt: MIRROR,
        manner: { ...GONE, hosts: [] },
      },
      0,
    ],
  ])('attestations-gone: %s', (_what, subject, count) => {
    const observations = ruleOf('attestations-gone').evaluate(
      [subject],
      CONTEXT,
    );
    expect(observations).toHaveLength(count);
    for (const found of observations) expect(found.subject).toBe(subject);
  });

  it('insecure-source shows no credentials', () => {
    const [observation] = ruleOf('insecure-source').evaluate(
      [resolvedTo('http://me:secret@npm.acme.example/x')],
      CONTEXT,
    );
    expect(observation?.found).toBe('http://npm.acme.example/x');
  });

  it('evidence-rejected leads with the first rejection', () => {
    const first = rejection({ message: 'first', expected: 'a', found: 'b' });
    const [observation] = ruleOf('evidence-rejected').evaluate(
      [rejected(first, rejection({ message: 'second' }))],
      CONTEXT,
    );
    expect(observation).toMatchObject({
      message: 'first',
      expected: 'a',
      found: 'b',
    });
  });

  it('weak-integrity shows what the lockfile has', () => {
    const [observation] = ruleOf('weak-integrity').evaluate(
      [unverifiable('weak-integrity')],
      CONTEXT,
    );
    expect(observation).toMatchObject({ found: 'sha1-x' });
  });
});

/** Every way in which evidence is unavailable, with the rule that says so. */
const UNAVAILABLE: Readonly<Record<UnavailableCode, string>> = {
  network: 'evidence-unavailable',
  timeout: 'evidence-unavailable',
  tls: 'evidence-unavailable',
  auth: 'evidence-unavailable',
  'rate-limited': 'evidence-unavailable',
  'server-error': 'evidence-unavailable',
  'unexpected-status': 'evidence-unavailable',
  'redirect-refused': 'evidence-unavailable',
  'too-large': 'evidence-unavailable',
  truncated: 'evidence-unavailable',
  'not-json': 'evidence-unavailable',
  'metadata-malformed': 'evidence-unavailable',
  'version-not-found': 'evidence-unavailable',
  'version-not-pinned': 'evidence-unavailable',
  'attestations-withheld': 'attestations-withheld',
  'registry-without-evidence': 'evidence-unavailable',
  'registry-not-configured': 'resolved-host-not-allowed',
  offline: 'evidence-unavailable',
  deadline: 'evidence-unavailable',
};
const CODES = Object.keys(UNAVAILABLE) as readonly UnavailableCode[];

describe('unavailable evidence', () => {
  it.each(CODES)('%s is said once, as an error', (code) => {
    const subject = unavailable(code);
    const saying = RULES.filter(
      (rule) => rule.evaluate([subject], CONTEXT).length > 0,
    );
    expect(saying).toMatchObject([
      {
        id: UNAVAILABLE[code],
        // A lockfile that names a foreign registry is no failure of the audit.
        consequence:
          code === 'registry-not-configured' ? 'violated' : 'incomplete',
        defaultLevel: 'error',
      },
    ]);
  });

  it.each([
    'auth',
    'timeout',
    'deadline',
    'tls',
    'registry-without-evidence',
  ] as const)('%s has a remedy of its own', (code) => {
    const rule = ruleOf('evidence-unavailable');
    const [observation] = rule.evaluate([unavailable(code)], CONTEXT);
    expect(observation?.remedy ?? rule.remedy).not.toBe(rule.remedy);
  });
});
