import type { OptionName } from './option-table.js';
import { readFlag, readText, type Given } from './option-values.js';
import type { AuditCommandOptions, SigningOptions } from './options.js';
import { usage } from './usage.js';

/** What `readSigning` reads. */
export const SIGNING_OPTIONS: readonly OptionName[] = [
  'sign',
  'signing-config',
];

/**
 * Whether a report is signed, for a command line that is `options` otherwise.
 * Who has a trust root of their own says which Sigstore signs: what is meant for
 * a private log must not come into the public one by an omission.
 */
export function readSigning(
  given: Given,
  options: AuditCommandOptions,
): SigningOptions {
  const sign = readFlag(given, 'sign') ?? false;
  const signingConfig = readText(given, 'signing-config');
  if (!sign) {
    if (signingConfig === null) return { sign, signingConfig };
    throw usage('--signing-config says where to sign, and needs --sign');
  }
  if (options.offline) {
    const name = options.evidence === null ? '--offline' : '--evidence';
    throw usage(`${name} and --sign exclude each other`);
  }
  const formats = [options.format, ...options.files.map((file) => file.format)];
  if (!formats.includes('vsa')) {
    throw usage('--sign signs the vsa report, and needs --report vsa=FILE');
  }
  const isOwnRoot = options.trustedRoot ?? options.tufMirror;
  if (isOwnRoot !== null && signingConfig === null) {
    const name = options.trustedRoot === null ? 'tuf-mirror' : 'trusted-root';
    throw usage(
      `--sign with --${name} needs --signing-config: it says which Sigstore signs`,
    );
  }
  return { sign, signingConfig };
}
