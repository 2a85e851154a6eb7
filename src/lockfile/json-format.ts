import type { JsonLimits } from '../json/strict-json.js';
import type { LockfileFormat } from './lockfile-format.js';
import { MAX_LOCKFILE_BYTES } from './lockfile-limits.js';
import { readJsonFile } from './read-json-file.js';
import { detectSbom } from './sbom-format.js';

/** The depth is for the nesting of version 1. */
const LIMITS: JsonLimits = { maxBytes: MAX_LOCKFILE_BYTES, maxDepth: 256 };

/**
 * npm's lockfiles and SBOMs of npm packages: JSON without comments. Whatever no
 * other format knows is read as such, so that the error is about that.
 */
export const JSON_FORMAT: LockfileFormat = {
  manager: 'npm',
  fileNames: ['npm-shrinkwrap.json', 'package-lock.json'],
  matches: () => true,
  read: async (input, loadTree) => {
    const { path, bytes } = input;
    const { record, text } = readJsonFile(path, bytes, LIMITS);
    const sbom = detectSbom(path, record);
    if (sbom !== null) {
      const { readSbom } = await import('./sbom.js');
      return readSbom(path, { record, text, bytes }, sbom);
    }
    const { readNpmLockfile } = await import('./npm-lockfile.js');
    return readNpmLockfile(input, { record, text }, loadTree);
  },
};
