import { AuditError } from '../errors.js';
import type { OutputStream } from './environment.js';

/**
 * Writes `text` and waits until it is handed on. Throws `AuditError`
 * `OUTPUT_FAILED`: a report that nobody got must not pass for one.
 */
export async function write(stream: OutputStream, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => {
      if (error === undefined || error === null) resolve();
      else
        reject(
          new AuditError('OUTPUT_FAILED', `output: ${error.message}`, error),
        );
    });
  });
}
