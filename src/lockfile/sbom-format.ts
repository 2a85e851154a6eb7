import type { JsonObject, JsonValue } from '../json/strict-json.js';
import { invalidLockfile, quote } from './lockfile-source.js';
import { own } from './read-fields.js';

/** Files that a package manager reads, whatever they look like. */
const LOCKFILE_NAMES = ['package-lock.json', 'npm-shrinkwrap.json'];

/** The format of an SBOM, with its version as written. */
export interface SbomFormat {
  readonly format: 'cyclonedx' | 'spdx';
  readonly formatVersion: string;
}

/**
 * Which SBOM a JSON document is by its content; null for what is none. A file
 * that npm would install from is none whatever it says of itself: npm passes
 * over members that it does not know. Throws `AuditError` for a version, or a
 * mixture of formats, that is not supported.
 */
export function detectSbom(
  path: string,
  record: JsonObject,
): SbomFormat | null {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  if (LOCKFILE_NAMES.includes(name)) return null;
  const [mark, ...others] = MARKS.filter(
    (key) => own(record, key) !== undefined,
  );
  if (others.length > 0) {
    throw invalidLockfile(
      `${path}: expected one of CycloneDX, SPDX and a lockfile, found several`,
    );
  }
  if (mark === undefined || mark === 'lockfileVersion') return null;
  switch (mark) {
    case 'bomFormat':
      return readVersion(path, 'cyclonedx', own(record, 'specVersion'));
    case 'spdxVersion':
      return readVersion(path, 'spdx', own(record, 'spdxVersion'));
    case '@graph':
      throw invalidLockfile(`${path}: expected SPDX 2.2 or 2.3, found SPDX 3`);
  }
}

/** Members by which a format is known. */
const MARKS = [
  'bomFormat',
  'spdxVersion',
  '@graph',
  'lockfileVersion',
] as const;

const VERSIONS = {
  cyclonedx: { form: /^(1\.[2-7])$/, expected: 'CycloneDX 1.2 to 1.7' },
  spdx: { form: /^SPDX-(2\.[23])$/, expected: 'SPDX 2.2 or 2.3' },
} as const;

function readVersion(
  path: string,
  format: SbomFormat['format'],
  text: JsonValue | undefined,
): SbomFormat {
  const { form, expected } = VERSIONS[format];
  const [, formatVersion] =
    typeof text === 'string' ? (form.exec(text) ?? []) : [];
  if (formatVersion !== undefined) return { format, formatVersion };
  throw invalidLockfile(`${path}: expected ${expected}, found ${quote(text)}`);
}
