import type { JsonLimits } from '../json/strict-json.js';
import type { LockfileFormat } from './lockfile-format.js';
import { MAX_LOCKFILE_BYTES } from './lockfile-limits.js';
import { readNpmLockfile } from './npm-lockfile.js';
import { readJsonFile } from './read-json-file.js';
import { detectSbom } from './sbom-format.js';
import { readSbom } from './sbom.js';

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
  read: (input, loadTree) => {
    const { path, bytes } = input;
    const { record, text } = readJsonFile(path, bytes, LIMITS);
    const sbom = detectSbom(path, record);
    return sbom === null
      ? readNpmLockfile(input, { record, text }, loadTree)
      : readSbom(path, { record, text, bytes }, sbom);
  },
};
