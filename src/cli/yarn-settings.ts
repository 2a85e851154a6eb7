import { join } from 'node:path';
import { isMissing } from '../io/files.js';
import { readRegularFile } from '../io/regular-file.js';

const FILE = '.yarnrc.yml';
const MAX_BYTES = 1024 * 1024;
/** Settings that say which registry packages are of. Source: Yarn's manual. */
const NAMES_REGISTRIES =
  /^[ \t]*["']?(?:npmRegistryServer|npmScopes|npmRegistries)["']?[ \t]*:/m;

/**
 * What to tell the user if the settings of Yarn Berry in the folder `project`,
 * untrusted, may name registries: they are not followed, so its packages count
 * as those of the registries that npm is configured for. Null if they do not.
 * A file that cannot be read may name some. Never throws.
 */
export async function noteYarnRegistries(
  project: string,
): Promise<string | null> {
  const more = 'name its registries in .npmrc or in the policy';
  try {
    const limits = { maxBytes: MAX_BYTES, followLink: true };
    const bytes = await readRegularFile(join(project, FILE), limits);
    const isSet = NAMES_REGISTRIES.test(bytes.toString('utf8'));
    return isSet
      ? `${FILE} sets registries, which are not read from there; ${more}`
      : null;
  } catch (cause) {
    if (isMissing(cause)) return null;
    return `${FILE} cannot be read and may set registries; ${more}`;
  }
}
