/**
 * A relative URI reference for a path with `/` between the names, which nothing
 * in a name turns into another address. Lone surrogates, of which there is no
 * encoding, become U+FFFD.
 */
export function toRelativeUri(path: string): string {
  return path
    .split('/')
    .map((step) => encodeURIComponent(Buffer.from(step).toString()))
    .join('/');
}
