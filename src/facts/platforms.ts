/** A build platform whose certificates are understood. */
export type Platform = 'github' | 'gitlab';

/** By OIDC issuer. */
export const PLATFORMS: ReadonlyMap<string, Platform> = new Map([
  // Exact: an enterprise's own issuer carries a path and is another issuer.
  ['https://token.actions.githubusercontent.com', 'github'],
  ['https://gitlab.com', 'gitlab'],
]);
const TEMPLATE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&#34;', '"'],
  ['&#39;', "'"],
  ['&#43;', '+'],
]);
/** Where the platforms keep repositories: what every URI there begins with. */
export const SERVERS: Readonly<Record<Platform, string>> = {
  github: 'https://github.com/',
  gitlab: 'https://gitlab.com/',
};

/**
 * Fulcio filled in values of several claims through an HTML template until 2025,
 * which escaped these characters, of which `+` is common in tags. No name or
 * ref holds such an escape by itself. Source: pull request 2023 of sigstore/fulcio.
 */
export function unescapeTemplate(value: string): string {
  return value.replace(
    /&(?:amp|lt|gt|#34|#39|#43);/g,
    (escape) => TEMPLATE_ESCAPES.get(escape) ?? escape,
  );
}
