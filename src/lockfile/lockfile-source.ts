import { AuditError } from '../errors.js';
import type { Place } from './place.js';

/** Where the entries come from, for messages. */
export interface LockfileSource {
  /** File name as given by the user. */
  readonly path: string;
  /** Where each entry begins, by its location. */
  readonly places: ReadonlyMap<string, Place>;
}

const MAX_QUOTED = 120;

/**
 * Ends the audit: the entry at `location` cannot be used. `message` may quote
 * the lockfile; whoever prints it escapes it.
 */
export function refuseEntry(
  source: LockfileSource,
  location: string,
  message: string,
): never {
  const place = source.places.get(location);
  const where =
    place === undefined ? source.path : `${source.path}:${place.line}`;
  throw invalidLockfile(`${where}: ${quote(location)}: ${message}`);
}

/** The error for a lockfile that cannot be used; `message` names the file. */
export function invalidLockfile(message: string, cause?: unknown): AuditError {
  return new AuditError('LOCKFILE_INVALID', message, cause);
}

/** Text from the lockfile as one JSON string of bounded length. */
export function quote(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length <= MAX_QUOTED ? text : `${text.slice(0, MAX_QUOTED)}…`;
}
