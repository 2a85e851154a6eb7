import { AuditError } from '../errors.js';

/** The error for a command line that cannot be followed; one line. */
export function usage(message: string): AuditError {
  return new AuditError(
    'USAGE',
    `${message.replace(/\s*\n\s*/g, ' ')} (see --help)`,
  );
}
