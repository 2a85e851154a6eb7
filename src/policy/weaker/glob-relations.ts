import { compileGlob, matchesGlob } from '../glob.js';

/** What no name has, and only a star can stand for. */
const ANYTHING = '\0';

/** Whether every text that `inner` matches is one that `outer` matches. */
export function coversGlob(outer: string, inner: string): boolean {
  const text = inner.replaceAll('*', ANYTHING);
  return matchesGlob(compileGlob(outer), text);
}

/**
 * Whether some text is matched by both patterns. Time and memory grow with the
 * product of their lengths.
 */
export function overlapGlobs(a: string, b: string): boolean {
  // Row by row: which beginnings of `b` can match the same as that of `a`.
  let row = [true];
  for (let index = 0; index < b.length; index += 1) {
    row.push(row[index] === true && b.charAt(index) === '*');
  }
  for (let at = 0; at < a.length; at += 1) {
    const left = a.charAt(at);
    const next = [row[0] === true && left === '*'];
    for (let index = 0; index < b.length; index += 1) {
      const right = b.charAt(index);
      const [above, before] = [row[index + 1] === true, next[index] === true];
      if (left === '*') next.push(above || (before && right !== '/'));
      else if (right === '*') next.push(before || (above && left !== '/'));
      else next.push(row[index] === true && left === right);
    }
    row = next;
  }
  return row[b.length] === true;
}
