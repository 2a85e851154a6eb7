import type { UnavailableCode } from '../evidence/evidence.js';
import {
  extractHistory,
  MAX_HISTORY_BYTES,
} from '../evidence/history-extract.js';
import { MAX_TIMES_BYTES } from '../evidence/read-answer.js';
import type { RegistryAnswer } from '../evidence/registry.js';
import { MAX_METADATA_BYTES } from '../evidence/version-metadata.js';
import { cutMember } from '../json/cut-member.js';
import { OPEN_OBJECT } from '../json/grammar.js';
import { parseStrictJson } from '../json/strict-json.js';
import type { PackageId } from '../package/package-id.js';

/** As deep as a manifest served by itself, below two objects. */
const MAX_DEPTH = 64 + 2;
/** Largest packument that is read: 64 MiB. */
export const MAX_PACKUMENT_BYTES = 64 * 1024 * 1024;
const NAME_LIMITS = { maxBytes: 4096, maxDepth: 1 };

/**
 * What a packument says of all versions, as far as anybody wants to know it.
 * Unlike a single version it is read as a whole, and strictly: what it says twice
 * makes it unusable, since nothing of it would be certain.
 */
export function historyOfPackument(
  body: Uint8Array,
  { name }: PackageId,
): RegistryAnswer {
  const parsed = parseStrictJson(body, {
    maxBytes: MAX_PACKUMENT_BYTES,
    maxDepth: MAX_DEPTH,
  });
  if (parsed.status === 'error') {
    const { code, message } = parsed.problem;
    const isText = code === 'not-json' && !body.includes(OPEN_OBJECT);
    return isText
      ? unusable('not-json', name, REASONS['not-json'])
      : unusable('metadata-malformed', name, `is ${message}`);
  }
  const extract = extractHistory(parsed.value);
  if (extract === null) {
    return unusable('metadata-malformed', name, 'is no object');
  }
  const text = Buffer.from(JSON.stringify(extract));
  return text.length > MAX_HISTORY_BYTES
    ? unusable('too-large', name, 'holds too much about its versions')
    : { status: 'found', body: text };
}

/** What is cut out of a packument, and what is said where that fails. */
interface Wanted {
  readonly path: readonly string[];
  readonly maxBytes: number;
  readonly subject: string;
  /** What the answer does, where an object on the way is not there. */
  readonly missing: string;
}

/**
 * Cuts the manifest of one version out of a packument, untrusted: its bytes as
 * they stand there, copied, for the same parser that reads a manifest served by
 * itself. Never throws, and takes a time that grows with the size alone.
 *
 * The packument must be JSON in which `versions` and the version stand once.
 * Other keys that stand twice are not noticed: one bad old version would
 * otherwise make the audit of all others impossible.
 */
export function versionOfPackument(
  body: Uint8Array,
  { name, version }: PackageId,
): RegistryAnswer {
  return cutOut(body, name, {
    path: ['versions', version],
    maxBytes: MAX_METADATA_BYTES,
    subject: version,
    missing: 'lists no versions',
  });
}

/**
 * Cuts the publish times of all versions, `time`, out of a packument, in the
 * same way. Unlike a manifest they do not say whose they are: the packument
 * must, so that a mixed-up cache accuses no other package.
 */
export function timesOfPackument(
  body: Uint8Array,
  { name }: PackageId,
): RegistryAnswer {
  const times = cutOut(body, name, {
    path: ['time'],
    maxBytes: MAX_TIMES_BYTES,
    subject: 'publish times',
    missing: 'is no object',
  });
  return times.status !== 'found' || isAbout(body, name)
    ? times
    : unusable('metadata-malformed', name, 'is about another package');
}

function isAbout(body: Uint8Array, name: string): boolean {
  const cut = cutMember(body, ['name'], MAX_DEPTH);
  if (cut.status !== 'found') return false;
  const parsed = parseStrictJson(cut.bytes, NAME_LIMITS);
  return parsed.status === 'ok' && parsed.value === name;
}

function cutOut(
  body: Uint8Array,
  name: string,
  { path, maxBytes, subject, missing }: Wanted,
): RegistryAnswer {
  const cut = cutMember(body, path, MAX_DEPTH);
  switch (cut.status) {
    case 'found':
      return cut.bytes.length > maxBytes
        ? unusable('too-large', name, `holds too much about ${subject}`)
        : { status: 'found', body: Buffer.from(cut.bytes) };
    case 'absent':
      return cut.objects < path.length
        ? unusable('metadata-malformed', name, missing)
        : { status: 'absent' };
    case 'refused':
      // A page for people, say, from something in between.
      return cut.code === 'not-json' &&
        !body.subarray(0, cut.position).includes(OPEN_OBJECT)
        ? unusable('not-json', name, REASONS[cut.code])
        : unusable('metadata-malformed', name, REASONS[cut.code]);
  }
}

const REASONS = {
  'not-json': 'is not JSON',
  'too-deep': 'is nested too deeply',
  'duplicate-key': 'says twice what it may say once',
} as const;

function unusable(
  code: UnavailableCode,
  name: string,
  reason: string,
): RegistryAnswer {
  const message = `the answer about ${name} ${reason}`;
  return { status: 'unavailable', code, message };
}
