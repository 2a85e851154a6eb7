import { AuditError } from '../errors.js';
import type { OutputStream } from './environment.js';

/** A text, whole or in parts that are whole characters. */
export type Text = string | Iterable<string>;

/** UTF-16 code units that are handed on at once; of them all a copy is made. */
const PART = 1 << 20;

/**
 * Writes `text` and waits until it is handed on. Throws `AuditError`
 * `OUTPUT_FAILED`: a report that nobody got must not pass for one.
 */
export async function write(stream: OutputStream, text: Text): Promise<void> {
  for (const one of typeof text === 'string' ? [text] : gathered(text)) {
    await writeAll(stream, one);
  }
}

/** The same text in fewer parts, of at least `PART` but for the last one. */
export function* gathered(parts: Iterable<string>): Iterable<string> {
  let list: string[] = [];
  let length = 0;
  for (const part of parts) {
    list.push(part);
    length += part.length;
    if (length < PART) continue;
    yield list.join('');
    [list, length] = [[], 0];
  }
  if (length > 0) yield list.join('');
}

async function writeAll(stream: OutputStream, text: string): Promise<void> {
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
