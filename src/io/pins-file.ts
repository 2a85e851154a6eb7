import { join } from 'node:path';
import { AuditError } from '../errors.js';
import { MAX_PINS_BYTES, type Pins } from '../policy/pins/pins.js';
import { formatProblem } from '../policy/policy-problem.js';
import { isMissing, reasonOf } from './files.js';
import { readRegularFile } from './regular-file.js';

/** The file of a project's pins, beside its lockfile. */
export const PINS_FILE = 'provenance.lock.json';

/**
 * The pins of the project in `folder`; null if it has none. A link is refused:
 * what is reviewed has to be what is read. Throws `AuditError` `POLICY_INVALID`,
 * all problems in its message, one a line.
 */
export async function readPins(folder: string): Promise<Pins | null> {
  const limits = { maxBytes: MAX_PINS_BYTES, followLink: false };
  try {
    const path = join(folder, PINS_FILE);
    return await toPins(PINS_FILE, await readRegularFile(path, limits));
  } catch (cause) {
    if (isMissing(cause)) return null;
    if (cause instanceof AuditError) throw cause;
    const message = `${PINS_FILE}: ${reasonOf(cause)}`;
    throw new AuditError('POLICY_INVALID', message, cause);
  }
}

/** The pins in `bytes`, which messages call `path`. Throws as `readPins`. */
export async function toPins(path: string, bytes: Uint8Array): Promise<Pins> {
  // Not loaded for projects without any: its libraries take long to.
  const { parsePins } = await import('../policy/pins/parse-pins.js');
  const parsed = parsePins(path, bytes);
  if (parsed.status === 'ok') return parsed.pins;
  const message = parsed.problems.map(formatProblem).join('\n');
  throw new AuditError('POLICY_INVALID', message);
}
