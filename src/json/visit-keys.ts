import { stringEnd, unquote } from './string-end.js';

/**
 * Calls `visit` for each key of `text`, known to be valid JSON, in order: with
 * the keys that lead to it, itself last (`''` stands for an array on the way),
 * and its 0-based offset. Deeper keys than `maxDepth` are passed over. `path`
 * changes after the call. One pass, no recursion.
 */
export function visitKeys(
  text: string,
  maxDepth: number,
  visit: (path: readonly string[], offset: number) => void,
): void {
  const path: string[] = [];
  const inObject: boolean[] = [];
  let expectsKey = false;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charAt(at)) {
      case '"': {
        const end = stringEnd(text, at);
        if (expectsKey && path.length <= maxDepth) {
          path[path.length - 1] = unquote(text, at, end);
          visit(path, at);
        }
        expectsKey = false;
        at = end;
        break;
      }
      case '{':
      case '[':
        expectsKey = text.charAt(at) === '{';
        inObject.push(expectsKey);
        path.push('');
        break;
      case '}':
      case ']':
        inObject.pop();
        path.pop();
        expectsKey = false;
        break;
      case ',':
        expectsKey = inObject.at(-1) === true;
        break;
    }
  }
}
