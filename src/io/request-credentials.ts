import { pbkdf2Sync } from 'node:crypto';
import registryFetch from 'npm-registry-fetch';
import type { RegistryRequest } from '../evidence/registry.js';
import type { NpmSettings } from './npm-config.js';
import { registryUrl } from './registry-url.js';

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
export function createCredentialsOf({
  credentials,
  network,
}: NpmSettings): CredentialsOf {
  const known = new Map<string, string>();
  return (request) => {
    const url = registryUrl(request);
    if (url === null) return null;
    const secret = secretFor(url, request.id.name, credentials, network.cert);
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
  credentials: NpmSettings['credentials'],
  userCert: string | null,
): string | null {
  try {
    const found = registryFetch.getAuth(url, { ...credentials, spec: name });
    const parts = [found.token, found.auth, found.cert ?? userCert];
    return parts.every((part) => part === null) ? null : JSON.stringify(parts);
  } catch {
    return UNREADABLE;
  }
}
