import { pathsOf, replaceAt, valueAt, type Path } from './json.js';

/** Members that hold bytes in base64, wherever they stand in a bundle. */
const BASE64_MEMBERS: readonly string[] = [
  'payload',
  'sig',
  'rawBytes',
  'signedEntryTimestamp',
  'canonicalizedBody',
  'keyId',
  'rootHash',
];

/** Every value of `document` that is base64, and not empty. */
export function base64Paths(document: unknown): readonly Path[] {
  return pathsOf(document).filter((path) => {
    const value = valueAt(document, path);
    const name = path.at(-1) ?? '';
    return (
      typeof value === 'string' &&
      value !== '' &&
      (BASE64_MEMBERS.includes(name) || path.at(-2) === 'hashes')
    );
  });
}

/** What carries a signature or is signed: all base64, and the checkpoints. */
export function signedPaths(document: unknown): readonly Path[] {
  return [
    ...base64Paths(document),
    ...pathsOf(document).filter((path) => path.at(-1) === 'envelope'),
  ];
}

/** The bytes that a value of `signedPaths` stands for. */
export function bytesAt(document: unknown, path: Path): Buffer {
  const text = textAt(document, path);
  return path.at(-1) === 'envelope'
    ? Buffer.from(text)
    : Buffer.from(text, 'base64');
}

/** A copy with other bytes there, in canonical base64 where it is base64. */
export function withBytes(
  document: unknown,
  path: Path,
  bytes: Buffer,
): unknown {
  const encoding = path.at(-1) === 'envelope' ? 'utf8' : 'base64';
  return replaceAt(document, path, bytes.toString(encoding));
}

/** The text at `path`, which must be one. */
export function textAt(document: unknown, path: Path): string {
  const value = valueAt(document, path);
  if (typeof value !== 'string') throw new Error('not a text');
  return value;
}
