/** A place in a text, 1-based; columns count UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * Says which place each offset of `text` is. To be asked in ascending order: the
 * text is walked through once, and lines end at LF.
 */
export function placesIn(text: string): (offset: number) => Place {
  let line = 1;
  let lineStart = 0;
  // Looked for once per line: a file may be one line of 128 MiB.
  let lineEnd = text.indexOf('\n');
  return (offset) => {
    while (lineEnd !== -1 && lineEnd < offset) {
      line += 1;
      lineStart = lineEnd + 1;
      lineEnd = text.indexOf('\n', lineStart);
    }
    return { line, column: offset - lineStart + 1 };
  };
}
