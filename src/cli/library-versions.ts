import { createRequire } from 'node:module';
import { member } from '../io/member.js';
import type { LibraryVersion } from '../report/trust-root-report.js';

/** What decides about the trust root and about signatures. */
const LIBRARIES = [
  '@sigstore/verify',
  '@sigstore/bundle',
  '@sigstore/tuf',
  'tuf-js',
];

/** The versions that are installed of the libraries that decide about trust. */
export function readLibraryVersions(): readonly LibraryVersion[] {
  const require = createRequire(import.meta.url);
  return LIBRARIES.map((name) => {
    const manifest: unknown = require(`${name}/package.json`);
    const version = member(manifest, 'version');
    if (typeof version === 'string') return { name, version };
    throw new Error(`the package.json of ${name} has no version`);
  });
}
