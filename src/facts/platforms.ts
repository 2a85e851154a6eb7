/** A build platform whose certificates are understood. */
export type Platform = 'github' | 'gitlab';

/** Whose tokens Fulcio turned into a certificate, and for which server. */
export interface TrustedIssuer {
  /** The OIDC issuer, exactly as certificates name it. */
  readonly issuer: string;
  readonly platform: Platform;
  /** What every URI of its builds begins with: `https://gitlab.com/`. */
  readonly server: string;
}

/** Where the public platforms keep repositories. */
export const PUBLIC_SERVERS: Readonly<Record<Platform, string>> = {
  github: 'https://github.com/',
  gitlab: 'https://gitlab.com/',
};
const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';
/** Always known, and known as this and nothing else. */
const PUBLIC_ISSUERS: readonly TrustedIssuer[] = [
  {
    issuer: GITHUB_ISSUER,
    platform: 'github',
    server: PUBLIC_SERVERS.github,
  },
  {
    issuer: 'https://gitlab.com',
    platform: 'gitlab',
    server: PUBLIC_SERVERS.gitlab,
  },
];
const PUBLIC_HOSTS: readonly string[] = Object.values(PUBLIC_SERVERS).map(
  (server) => new URL(server).host,
);
const TEMPLATE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&#34;', '"'],
  ['&#39;', "'"],
  ['&#43;', '+'],
]);

/**
 * What is known of the issuer that a certificate names, compared exactly; null
 * if nobody trusts it. `added` comes from a policy: it can neither replace the
 * public issuers nor add one that is not usable, and of two that contradict
 * each other none counts. Check C25.
 */
export function findIssuer(
  issuer: string,
  added: readonly TrustedIssuer[],
): TrustedIssuer | null {
  const [found, ...others] = [
    ...PUBLIC_ISSUERS.filter((each) => each.issuer === issuer),
    ...added.filter((each) => each.issuer === issuer && isUsableIssuer(each)),
  ];
  return found === undefined || others.length > 0 ? null : found;
}

/**
 * Whether a policy may add this issuer: another one than the public ones, with
 * a server written as certificates write it. Only an issuer of GitHub itself,
 * which an enterprise there has for its own, may name repositories on a public
 * server; any other could speak for projects that it does not host.
 */
export function isUsableIssuer({
  issuer,
  platform,
  server,
}: TrustedIssuer): boolean {
  if (PUBLIC_ISSUERS.some((each) => each.issuer === issuer)) return false;
  if (!issuer.startsWith('https://') || !URL.canParse(server)) return false;
  const { host, pathname } = new URL(server);
  // No user, query or fragment, nothing that a parser would write otherwise.
  const isBase =
    server === `https://${host}${pathname}` && server.endsWith('/');
  if (!isBase) return false;
  if (PUBLIC_HOSTS.includes(host)) {
    return (
      server === PUBLIC_SERVERS.github &&
      platform === 'github' &&
      issuer.startsWith(`${GITHUB_ISSUER}/`)
    );
  }
  // GitLab can live below a path of its host, GitHub cannot.
  return platform === 'gitlab' || pathname === '/';
}

/** The known issuers for people: `https://… or https://…`. */
export function describeIssuers(added: readonly TrustedIssuer[]): string {
  return [...PUBLIC_ISSUERS, ...added.filter(isUsableIssuer)]
    .map(({ issuer }) => issuer)
    .join(' or ');
}

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
