/**
 * The base URL of a registry in one spelling: http or https, lower-case host,
 * no default port, no credentials, query or fragment, a path ending in `/`.
 * Null for what is no such URL. Two bases are the same registry if equal.
 */
export function registryBase(text: string): string | null {
  const url = parseHttpUrl(text.trim());
  if (url === null) return null;
  const path = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  return `${url.origin}${path}`;
}

/** An http or https URL, or null for any other text. */
export function parseHttpUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return ['http:', 'https:'].includes(url.protocol) ? url : null;
}

/**
 * Whether `resolved` lies below `base`. The scheme is left out: a lockfile's
 * `http:` entry belongs to the same registry, and that it is not encrypted is a
 * finding of its own. `host` has the port where it is not the default of the
 * scheme.
 */
export function isBelow(resolved: URL, base: string): boolean {
  const { host, pathname } = new URL(base);
  return resolved.host === host && resolved.pathname.startsWith(pathname);
}

/** The longest of `bases` that `resolved` lies below; null if there is none. */
export function longestBelow(
  resolved: URL,
  bases: Iterable<string>,
): string | null {
  const [longest] = [...bases]
    .filter((base) => isBelow(resolved, base))
    .toSorted((a, b) => b.length - a.length || (a < b ? -1 : 1));
  return longest ?? null;
}
