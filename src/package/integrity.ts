/**
 * What an SRI string pins, for comparison with an attested digest.
 *
 * - `sha512`: exactly one SHA-512, whatever weaker hashes stand beside it.
 * - `ambiguous`: several different SHA-512 values; no honest producer writes it.
 * - `no-sha512`: only SHA-256 or SHA-384, which no attestation carries.
 * - `weak`: only SHA-1 or MD5.
 * - `missing`: no integrity at all.
 * - `malformed`: text that is not a strict SRI string, unknown algorithms
 *   included. npm ignores such text and then installs without comparing, so it
 *   must not count as a digest.
 */
export type Integrity =
  | {
      readonly status: 'sha512';
      /** 128 lower-case hexadecimal digits. */
      readonly sha512: string;
      /** `sha512-` and the canonical base64 alone. */
      readonly sri: string;
    }
  | {
      readonly status:
        'ambiguous' | 'no-sha512' | 'weak' | 'missing' | 'malformed';
    };

const DIGEST_BYTES: ReadonlyMap<string, number> = new Map([
  ['md5', 16],
  ['sha1', 20],
  ['sha256', 32],
  ['sha384', 48],
  ['sha512', 64],
]);

/**
 * Reads `text`, a claimed SRI string (W3C Subresource Integrity section 3.5),
 * strictly: lower-case algorithms, canonical base64 of the right length, no
 * options, single spaces between hashes. Never throws.
 */
export function parseIntegrity(text: string | null): Integrity {
  if (text === null || text === '') return { status: 'missing' };
  const sha512 = new Set<string>();
  let hasStrong = false;
  for (const hash of text.split(' ')) {
    const dash = hash.indexOf('-');
    const algorithm = hash.slice(0, Math.max(dash, 0));
    const digest = decodeDigest(algorithm, hash.slice(dash + 1));
    if (digest === null) return { status: 'malformed' };
    if (algorithm === 'sha512') sha512.add(digest.toString('hex'));
    if (algorithm === 'sha256' || algorithm === 'sha384') hasStrong = true;
  }
  const [only, ...others] = sha512;
  if (only === undefined) return { status: hasStrong ? 'no-sha512' : 'weak' };
  if (others.length > 0) return { status: 'ambiguous' };
  return { status: 'sha512', sha512: only, sri: sriOfSha512(only) };
}

/** The SRI string of a SHA-512 given as hexadecimal. */
export function sriOfSha512(hex: string): string {
  return sriOf('sha512', hex);
}

/** The SRI string of a digest given as hexadecimal. */
export function sriOf(algorithm: string, hex: string): string {
  return `${algorithm}-${Buffer.from(hex, 'hex').toString('base64')}`;
}

function decodeDigest(algorithm: string, base64: string): Buffer | null {
  const bytes = DIGEST_BYTES.get(algorithm);
  if (bytes === undefined) return null;
  const digest = Buffer.from(base64, 'base64');
  // Node skips what is not base64; only the canonical spelling comes back equal.
  return digest.length === bytes && digest.toString('base64') === base64
    ? digest
    : null;
}
