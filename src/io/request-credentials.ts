import { pbkdf2Sync } from 'node:crypto';
import { requireCommonJs } from '../commonjs.js';
import { isBelow } from '../evidence/registry-base.js';
import type { RegistryRequest } from '../evidence/registry.js';
import type { NpmSettings } from './npm-config.js';
import { registryUrl } from './registry-url.js';

/** What goes along with a request; each null where there is none. */
export interface Credentials {
  readonly token: string | null;
  /** Base64 of `user:password`. */
  readonly basic: string | null;
  /** PEM of a client certificate and its key. */
  readonly cert: string | null;
  readonly key: string | null;
}

const NONE: Credentials = { token: null, basic: null, cert: null, key: null };
/** Keys of npm's credentials begin with the host that they are for. */
const OF_A_HOST = '//';
const OF_EVERY_HOST = 'forceAuth';
const REGISTRY = /^(?:@[^:]+:)?registry$/;

/**
 * The credentials that npm's own rules give to `url`. `options` must hold the
 * package's name as `spec`: without it a scoped package gets those of another
 * registry. Null where they cannot be read.
 */
export function credentialsFor(
  url: string,
  options: NpmSettings['credentials'],
): Credentials | null {
  if (!hasAny(options)) return NONE;
  // Not loaded without need.
  const getAuth = requireCommonJs('npm-registry-fetch/lib/auth.js');
  try {
    const { token, auth: basic, cert, key } = getAuth(url, options);
    return { token, basic, cert, key };
  } catch {
    return null;
  }
}

/**
 * Of `credentials`, those that a request to `url` about the package `name` may
 * use by npm's rules. npm gives those of a registry to all paths of its host; to
 * a registry that only a policy names nothing is given but what is bound to it.
 */
export function credentialsAt(
  url: string,
  name: string,
  credentials: NpmSettings['credentials'],
): NpmSettings['credentials'] {
  if (!hasAny(credentials)) return credentials;
  const isOfNpm = Object.entries(credentials).some(
    ([key, base]) =>
      REGISTRY.test(key) &&
      typeof base === 'string' &&
      isBelow(new URL(url), base),
  );
  return isOfNpm ? { ...credentials, spec: name } : boundToPaths(credentials);
}

/** Those that are bound to a host and path, without what npm derives from them. */
export function boundToPaths(
  credentials: NpmSettings['credentials'],
): NpmSettings['credentials'] {
  return Object.fromEntries(
    Object.entries(credentials).filter(([key]) => key.startsWith(OF_A_HOST)),
  );
}

/** Whether any are configured: npm's rules take long to find none. */
function hasAny(options: NpmSettings['credentials']): boolean {
  for (const name in options) {
    if (name.startsWith(OF_A_HOST) || name === OF_EVERY_HOST) return true;
  }
  return false;
}

/**
 * Tells apart whose credentials go along with a request, without saying them:
 * null for none.
 */
export type CredentialsOf = (request: RegistryRequest) => string | null;

/** Slow on purpose: what it is made of may be a short password. */
const ROUNDS = 50_000;
const BYTES = 32;
const UNREADABLE = 'unreadable';

/**
 * `CredentialsOf` by npm's own rules for a run with these settings. Where they
 * cannot be read they are nobody else's. A digest of the secret is part of it,
 * so that it must not be shown; taken once for each secret and host.
 */
export function createCredentialsOf(settings: NpmSettings): CredentialsOf {
  const { credentials, network } = settings;
  if (!hasAny(credentials) && network.cert === null) return () => null;
  const known = new Map<string, string>();
  return (request) => {
    const url = registryUrl(request);
    if (url === null) return null;
    const secret = secretFor(url, request.id.name, settings);
    if (secret === null || secret === UNREADABLE) return secret;
    const { origin } = new URL(url);
    const name = JSON.stringify([origin, secret]);
    const digest =
      known.get(name) ??
      pbkdf2Sync(secret, origin, ROUNDS, BYTES, 'sha256').toString('hex');
    known.set(name, digest);
    return digest;
  };
}

function secretFor(
  url: string,
  name: string,
  { credentials, network }: NpmSettings,
): string | null {
  const found = credentialsFor(url, credentialsAt(url, name, credentials));
  if (found === null) return UNREADABLE;
  const { token, basic, cert } = found;
  const parts = [token, basic, cert ?? network.cert];
  return parts.every((part) => part === null) ? null : JSON.stringify(parts);
}
