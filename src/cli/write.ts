import { AuditError } from '../errors.js';
import type { OutputStream } from './environment.js';

/** UTF-16 code units that are handed on at once; of them all a copy is made. */
const PART = 1 << 20;

/**
 * Writes `text` and waits until it is handed on. Throws `AuditError`
 * `OUTPUT_FAILED`: a report that nobody got must not pass for one.
 */
export async function write(stream: OutputStream, text: string): Promise<void> {
  let start = 0;
  do {
    let end = Math.min(start + PART, text.length);
    // Halves of one character would each be encoded as none.
    if (isHighSurrogate(text.charCodeAt(end - 1))) end += 1;
    await writePart(stream, text.slice(start, end));
    start = end;
  } while (start < text.length);
}

function isHighSurrogate(codeUnit: number): boolean {
  return codeUnit >= 0xd800 && codeUnit < 0xdc00;
}

async function writePart(stream: OutputStream, text: string): Promise<void> {
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
