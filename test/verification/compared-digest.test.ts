import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ArchiveAnswer } from '../../src/evidence/archive-source.js';
import type { Evidence } from '../../src/evidence/evidence.js';
import { parseIntegrity, sriOf } from '../../src/package/integrity.js';
import { chooseDigest } from '../../src/verification/compared-digest.js';
import { METADATA } from '../evidence/dependencies.js';
import { OTHER_SRI, pinned, SRI } from './samples.js';

const digest = (algorithm: string): string =>
  createHash(algorithm).update('the archive').digest('hex');
const DIGESTS = {
  sha512: digest('sha512'),
  sha384: digest('sha384'),
  sha256: digest('sha256'),
  sha1: digest('sha1'),
  md5: digest('md5'),
};
const DOWNLOADED: ArchiveAnswer = { status: 'downloaded', digests: DIGESTS };
const sri = (algorithm: keyof typeof DIGESTS): string =>
  sriOf(algorithm, DIGESTS[algorithm]);
const OTHER_SHA1 = sriOf('sha1', '00'.repeat(20));

function answered(
  archive?: ArchiveAnswer,
  integrity: string | null = null,
): Evidence {
  return {
    status: 'unattested',
    metadata: { ...METADATA, integrity },
    ...(archive && { archive }),
  };
}

const OFFLINE: Evidence = {
  status: 'unavailable',
  code: 'network',
  message: 'down',
};

function choose(
  pin: string | null,
  evidence: Evidence,
  archiveChecksum?: string,
): {
  readonly binding: string | null;
  readonly sha512: string | null;
  readonly outcomes: Readonly<Record<string, string>>;
} {
  const { digest: chosen, checks } = chooseDigest(
    {
      ...pinned({ integrity: pin }),
      ...(archiveChecksum !== undefined && { archiveChecksum }),
    },
    evidence,
  );
  return {
    binding: chosen?.binding ?? null,
    sha512: chosen?.sha512 ?? null,
    outcomes: Object.fromEntries(
      checks.map((each) => [
        each.check,
        'code' in each ? each.code : each.outcome,
      ]),
    ),
  };
}

describe('the digest that evidence is held against', () => {
  it.each<[string, string, Evidence]>([
    ['', SRI, answered()],
    [' beside a weaker one', `${sri('sha1')} ${SRI}`, answered()],
    [' whatever was downloaded', SRI, answered(DOWNLOADED)],
    [' whatever the registry states', SRI, answered(undefined, OTHER_SRI)],
    [' where nobody answered', SRI, OFFLINE],
  ])('is the lockfile’s SHA-512%s', (_what, pin, evidence) => {
    for (const checksum of [undefined, '10/abc']) {
      expect(choose(pin, evidence, checksum)).toEqual({
        binding: 'lockfile',
        sha512: 'ab'.repeat(64),
        outcomes: { integrity: 'passed', digest: 'passed' },
      });
    }
  });

  it.each<[string, string | null]>([
    ['nothing is pinned', null],
    ['an empty text is pinned', ''],
    ['SHA-1 is pinned and right', sri('sha1')],
    ['SHA-256 is pinned and right', sri('sha256')],
    ['several are pinned and right', `${sri('sha384')} ${sri('md5')}`],
  ])('is the downloaded archive’s where %s', (_what, pin) => {
    expect(choose(pin, answered(DOWNLOADED))).toEqual({
      binding: 'tarball',
      sha512: DIGESTS.sha512,
      outcomes: { integrity: 'not-made', digest: 'passed' },
    });
  });

  it.each<[string, string | null, Evidence, string]>([
    [
      'SHA-1 is pinned and nothing downloaded',
      sri('sha1'),
      answered(),
      'weak-integrity',
    ],
    [
      'nothing is pinned and nothing downloaded',
      null,
      answered(),
      'weak-integrity',
    ],
    [
      'SHA-256 is pinned and nothing downloaded',
      sri('sha256'),
      answered(),
      'no-sha512',
    ],
    [
      'the download failed',
      sri('sha1'),
      answered({ status: 'unavailable', code: 'too-large', message: 'big' }),
      'weak-integrity',
    ],
    [
      'the archive is another one',
      OTHER_SHA1,
      answered(DOWNLOADED),
      'integrity-mismatch',
    ],
    [
      'one of two hashes is another one’s',
      `${sri('sha256')} ${OTHER_SHA1}`,
      answered(DOWNLOADED),
      'integrity-mismatch',
    ],
    [
      'two SHA-512 are pinned',
      `${SRI} ${OTHER_SRI}`,
      answered(DOWNLOADED, SRI),
      'integrity-ambiguous',
    ],
    [
      'what is pinned is no SRI string',
      'sha512',
      answered(DOWNLOADED, SRI),
      'integrity-malformed',
    ],
    [
      'nothing is pinned and the registry states one',
      null,
      answered(undefined, SRI),
      'weak-integrity',
    ],
    [
      'SHA-1 is pinned and the registry states one',
      sri('sha1'),
      answered(undefined, SRI),
      'weak-integrity',
    ],
  ])('is none where %s', (_what, pin, evidence, code) => {
    expect(choose(pin, evidence)).toEqual({
      binding: null,
      sha512: null,
      outcomes: { integrity: code, digest: 'not-made' },
    });
  });

  it('is the registry’s only where the lockfile pins an archive of its own', () => {
    expect(choose(null, answered(undefined, SRI), '10/abc')).toEqual({
      binding: 'registry',
      sha512: 'ab'.repeat(64),
      outcomes: { integrity: 'not-made', digest: 'passed' },
    });
  });

  it.each<[string, string | null, Evidence, string]>([
    ['the registry states none', null, answered(), 'weak-integrity'],
    [
      'the registry states SHA-1',
      null,
      answered(undefined, sri('sha1')),
      'weak-integrity',
    ],
    [
      'the registry states two',
      null,
      answered(undefined, `${SRI} ${OTHER_SRI}`),
      'weak-integrity',
    ],
    ['nobody answered', null, OFFLINE, 'not-made'],
    [
      'a SHA-1 is pinned too',
      sri('sha1'),
      answered(undefined, SRI),
      'weak-integrity',
    ],
    [
      'text that is no SRI string is pinned too',
      'x',
      answered(undefined, SRI),
      'integrity-malformed',
    ],
  ])('of such an archive is none where %s', (_what, pin, evidence, code) => {
    expect(choose(pin, evidence, '10/abc')).toEqual({
      binding: null,
      sha512: null,
      outcomes: { integrity: code, digest: 'not-made' },
    });
  });

  it.each([
    ['that the registry states', {}, answered(undefined, SRI), 'registry'],
    ['of the archive, where it is had', {}, answered(DOWNLOADED), 'tarball'],
    [
      'none, if an installation needs it',
      { optional: false },
      answered(undefined, SRI),
      null,
    ],
    [
      'none, if no system is named',
      { conditions: undefined },
      answered(undefined, SRI),
      null,
    ],
    [
      'none, if the lockfile pins too little',
      { integrity: OTHER_SHA1 },
      answered(undefined, SRI),
      null,
    ],
    ['none, if the registry states none', {}, answered(), null],
  ])('for other systems alone is %s', (_what, change, evidence, binding) => {
    const { conditions, ...rest } = {
      ...{ conditions: 'os=darwin', optional: true, integrity: null },
      ...change,
    };
    const dependency = {
      ...pinned({}),
      ...rest,
      ...(conditions !== undefined && { conditions }),
    };
    const chosen = chooseDigest(dependency, evidence);
    expect(chosen.digest?.binding ?? null).toBe(binding);
    const outcome = binding === null ? 'undecided' : 'not-made';
    expect(chosen.checks[0]).toMatchObject({ check: 'integrity', outcome });
  });

  it('says whose it is', () => {
    const found = (pin: string | null, evidence: Evidence, checksum?: string) =>
      chooseDigest(
        {
          ...pinned({ integrity: pin }),
          ...(checksum !== undefined && { archiveChecksum: checksum }),
        },
        evidence,
      ).checks.find(({ check }) => check === 'digest')?.expected;
    expect(found(SRI, answered())).toBe('the SHA-512 that the lockfile pins');
    expect(found(null, answered(DOWNLOADED))).toBe(
      'the SHA-512 of the archive as downloaded',
    );
    expect(found(null, answered(undefined, SRI), 'x')).toBe(
      'the SHA-512 that the registry states',
    );
  });

  it('tells both sides where the archive is another one', () => {
    const { checks } = chooseDigest(
      pinned({ integrity: OTHER_SHA1 }),
      answered(DOWNLOADED),
    );
    expect(checks[0]).toMatchObject({
      outcome: 'failed',
      kind: 'mismatch',
      expected: OTHER_SHA1,
      found: sri('sha1'),
    });
    expect(parseIntegrity(sri('sha1')).status).toBe('weak');
  });
});
