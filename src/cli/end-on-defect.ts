import { writeSync } from 'node:fs';
import process from 'node:process';
import { describeError } from './print-error.js';

const INTERNAL_ERROR = 70;
const STDERR = 2;

/**
 * From now on an error that nobody catches, in a promise too, ends the process
 * with 70 and one line. Node.js would end it with 1, which says that a policy is
 * violated; and without an end, the audit could go on and pass.
 */
export function endOnDefect(): void {
  process.on('uncaughtException', (error: unknown) => {
    try {
      // At once: what is written later could come after a regular end.
      writeSync(STDERR, describeError(error, process.env));
    } catch {
      // Nobody reads it; the exit code has to speak.
    }
    process.exit(INTERNAL_ERROR);
  });
}
