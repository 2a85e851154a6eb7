/** A hash as an SBOM writes it: the algorithm's name and hexadecimal digits. */
export interface SbomHash {
  readonly algorithm: string;
  readonly digits: string;
}

/** What an SRI string can say, in the order of its worth, with its bytes. */
const BYTES: ReadonlyMap<string, number> = new Map([
  ['sha512', 64],
  ['sha384', 48],
  ['sha256', 32],
  ['sha1', 20],
  ['md5', 16],
]);
/** Algorithms of both formats that nothing here is compared by. */
const UNUSED =
  /^(?:sha224|sha3(?:224|256|384|512)|blake2b(?:256|384|512)|blake3|streebog(?:256|512)|md2|md4|md6|adler32)$/;

/**
 * The hashes of one package as an SRI string, as lockfiles pin it; null without
 * any. `refuse` is called for a hash that is none: to pass over it could leave a
 * weaker one to decide.
 *
 * Source: CycloneDX 1.6 `hash`, SPDX 2.3 section 7.10.
 */
export function toIntegrity(
  hashes: readonly SbomHash[],
  refuse: (message: string) => never,
): string | null {
  const known = hashes.flatMap(({ algorithm, digits }) => {
    // `SHA-512` to the one, `SHA512` to the other.
    const name = algorithm.toLowerCase().replaceAll('-', '');
    const bytes = BYTES.get(name);
    if (bytes === undefined) {
      return UNUSED.test(name)
        ? []
        : refuse(`hash: expected a known algorithm, found ${algorithm}`);
    }
    const isHex = /^[0-9a-f]+$/i.test(digits) && digits.length === 2 * bytes;
    if (!isHex) refuse(`hash: expected ${bytes} bytes for ${algorithm}`);
    const base64 = Buffer.from(digits, 'hex').toString('base64');
    return { name, sri: `${name}-${base64}` };
  });
  const names = [...BYTES.keys()];
  const sorted = known
    .toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name))
    .map(({ sri }) => sri);
  return sorted.length === 0 ? null : [...new Set(sorted)].join(' ');
}
