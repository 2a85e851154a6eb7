import { invalidLockfile, quote } from './lockfile-source.js';
import { placesIn } from './place.js';

/**
 * Throws the `AuditError` for the first mark that git left in `text` where two
 * branches changed the same lines, if there is one; `remedy` is what writes the
 * file anew.
 */
export function refuseConflictMarker(
  path: string,
  text: string,
  remedy = 'an install of its package manager',
): void {
  const found = /^(?:<{7}|={7}|>{7})(?=\s|$)/m.exec(text);
  if (found === null) return;
  const { line } = placesIn(text)(found.index);
  const marker = quote(found[0]);
  throw invalidLockfile(
    `${path}:${line}: merge conflict marker ${marker}: resolve the conflict with ${remedy}`,
  );
}
