import { requireCommonJs } from '../commonjs.js';

const { createScanner } = requireCommonJs('jsonc-parser');

/** Numbers of the library's `SyntaxKind`, which is gone when types are. */
const TOKENS = {
  closeBrace: 2,
  closeBracket: 4,
  comma: 5,
  lineComment: 12,
  blockComment: 13,
  lineBreak: 14,
  space: 15,
  end: 17,
};

/**
 * Makes JSON of JSON with comments and commas before a closing bracket: blanks
 * stand in their place, so that offsets stay what they were. Untrusted; what is
 * wrong with it is left in it. Never throws.
 */
export function blankComments(text: string): string {
  const scanner = createScanner(text, false);
  const parts: string[] = [];
  let copied = 0;
  const blank = (from: number, to: number): void => {
    const between = text.slice(from, to).replace(/[^\r\n]/g, ' ');
    parts.push(text.slice(copied, from), between);
    copied = to;
  };
  // A comma is kept until it is known what follows it; comments come after it.
  let comma: number | null = null;
  const comments: [from: number, to: number][] = [];
  const settle = (isClosing: boolean): void => {
    if (comma !== null && isClosing) blank(comma, comma + 1);
    for (const [from, to] of comments) blank(from, to);
    comments.length = 0;
    comma = null;
  };
  for (;;) {
    const token: number = scanner.scan();
    const start = scanner.getTokenOffset();
    if (token === TOKENS.end) break;
    if (token === TOKENS.lineBreak || token === TOKENS.space) continue;
    if (token === TOKENS.lineComment || token === TOKENS.blockComment) {
      // One that is not closed stays, and is no JSON.
      const error: number = scanner.getTokenError();
      const isClosed = error === 0;
      if (isClosed) comments.push([start, start + scanner.getTokenLength()]);
      continue;
    }
    settle(token === TOKENS.closeBrace || token === TOKENS.closeBracket);
    if (token === TOKENS.comma) comma = start;
  }
  settle(false);
  return [...parts, text.slice(copied)].join('');
}
