import { OMIT_KINDS, type Omission } from '../lockfile/omission.js';
import type { Selection } from '../policy/selection.js';
import type { FormatName } from '../report/formats/format-names.js';
import { MAX_AGE_MS, MAX_TIMER_MS } from './duration.js';
import type { OptionName } from './option-table.js';
import {
  readCount,
  readDuration,
  isNegated,
  readFlag,
  readText,
  readTexts,
  readUrl,
  type Given,
} from './option-values.js';
import type { AuditCommandOptions, TrustRootOptions } from './options.js';
import { OUTPUT_OPTIONS, readOutputOptions } from './output-options.js';
import { usage } from './usage.js';

const DEFAULT_CONCURRENCY = 32;
const MAX_CONCURRENCY = 256;
const DEFAULT_DEADLINE_MS = 900_000;
const TIMER = { max: MAX_TIMER_MS, examples: '500ms, 30s, 5m' };
const AGE = { max: MAX_AGE_MS, examples: '12h, 30d' };

/** What `readTrustRootOptions` reads. */
export const TRUST_ROOT_OPTIONS: readonly OptionName[] = [
  ...(['trusted-root', 'npm-keys', 'tuf-mirror', 'tuf-root'] as const),
  ...(['max-root-age', 'cache'] as const),
];

/** What `readAuditOptions` reads. */
export const AUDIT_OPTIONS: readonly OptionName[] = [
  ...([
    'lockfile',
    'policy',
    'policy-from',
    'registry',
    'fetch-tarball',
  ] as const),
  ...(['concurrency', 'timeout', 'deadline'] as const),
  ...(['offline', 'evidence', 'fresh'] as const),
  ...TRUST_ROOT_OPTIONS,
  ...OUTPUT_OPTIONS,
];

/** What `readSelection` reads. */
export const SELECTION_OPTIONS: readonly OptionName[] = [
  ...(['omit', 'workspace', 'direct', 'package'] as const),
];

/**
 * For commands that audit a project, whose folder is all of `operands`, and
 * report in one of `formats`.
 */
export function readAuditOptions(
  given: Given,
  operands: readonly string[],
  formats: readonly FormatName[],
): AuditCommandOptions {
  return {
    directory: readDirectory(operands),
    lockfile: readText(given, 'lockfile'),
    policy: readText(given, 'policy'),
    policyFrom: readText(given, 'policy-from'),
    ...readTrustRootOptions(given),
    registry: readUrl(given, 'registry'),
    ...readEvidenceUse(given),
    fetchTarball: readFlag(given, 'fetch-tarball') ?? false,
    ...readOutputOptions(given, formats),
    concurrency:
      readCount(given, 'concurrency', MAX_CONCURRENCY) ?? DEFAULT_CONCURRENCY,
    timeoutMs: readDuration(given, 'timeout', TIMER),
    deadlineMs: readDuration(given, 'deadline', TIMER) ?? DEFAULT_DEADLINE_MS,
  };
}

type EvidenceUse = Pick<
  AuditCommandOptions,
  'offline' | 'evidence' | 'cacheUse'
>;

/** Where evidence may come from. */
function readEvidenceUse(given: Given): EvidenceUse {
  const evidence = readText(given, 'evidence');
  const offline = evidence !== null || readFlag(given, 'offline') === true;
  const isFresh = readFlag(given, 'fresh') ?? false;
  const isOff = isNegated(given, 'cache');
  const excluded = [
    ...(isFresh ? ['--fresh'] : []),
    ...(isOff && evidence === null ? ['--no-cache'] : []),
    ...(readFlag(given, 'fetch-tarball') === true ? ['--fetch-tarball'] : []),
  ];
  const [other] = excluded;
  if (offline && other !== undefined) {
    const name = evidence === null ? '--offline' : '--evidence';
    throw usage(`${name} and ${other} exclude each other`);
  }
  if (isFresh && isOff) {
    throw usage('--no-cache and --fresh exclude each other');
  }
  const cacheUse = isOff ? 'none' : isFresh ? 'fresh' : 'normal';
  return { offline, evidence, cacheUse };
}

/** What of the lockfile is meant; the whole of it where nothing was given. */
export function readSelection(given: Given): Selection {
  return {
    omit: readOmit(given),
    workspaces: readTexts(given, 'workspace'),
    direct: readFlag(given, 'direct') ?? false,
    packages: readTexts(given, 'package'),
    mayBeEmpty: false,
  };
}

function readOmit(given: Given): Omission {
  return readTexts(given, 'omit').map((text) => {
    const kind = OMIT_KINDS.find((each) => each === text);
    if (kind !== undefined) return kind;
    throw usage(`--omit: expected dev, optional or peer, found ${text}`);
  });
}

/** Where the trust root comes from. */
export function readTrustRootOptions(given: Given): TrustRootOptions {
  const trustedRoot = readText(given, 'trusted-root');
  const npmKeys = readText(given, 'npm-keys');
  const tufMirror = readUrl(given, 'tuf-mirror');
  const tufRoot = readText(given, 'tuf-root');
  const maxRootAgeMs = readDuration(given, 'max-root-age', AGE);
  // Half a trust root from a file and half from the network would leave open
  // which of them vouches for what.
  if ((npmKeys === null) !== (trustedRoot === null)) {
    throw usage('--trusted-root and --npm-keys belong together');
  }
  if (tufMirror !== null && tufRoot === null) {
    throw usage('--tuf-mirror needs the repository’s root.json as --tuf-root');
  }
  if (trustedRoot !== null && tufRoot !== null) {
    throw usage('--trusted-root and --tuf-root exclude each other');
  }
  // The age of a file is not known: a limit for it would not be kept.
  if (trustedRoot !== null && maxRootAgeMs !== null) {
    throw usage('--trusted-root and --max-root-age exclude each other');
  }
  const cache = isNegated(given, 'cache') ? null : readText(given, 'cache');
  return { trustedRoot, npmKeys, tufMirror, tufRoot, cache, maxRootAgeMs };
}

function readDirectory([
  directory = '.',
  ...others
]: readonly string[]): string {
  if (directory === '') throw usage('[dir]: expected a folder');
  if (others.length === 0) return directory;
  throw usage(
    `expected one folder, found ${[directory, ...others].join(', ')}`,
  );
}
