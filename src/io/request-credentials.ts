import registryFetch from 'npm-registry-fetch';
import type { RegistryRequest } from '../evidence/registry.js';
import type { NpmSettings } from './npm-config.js';
import { registryUrl } from './registry-url.js';

/**
 * Whether npm's own rules let credentials of any kind go along with `request`.
 * True where they cannot be read: then nothing is shared with who has none.
 */
export function isAuthenticated(
  request: RegistryRequest,
  { credentials, network }: NpmSettings,
): boolean {
  const url = registryUrl(request);
  if (url === null) return false;
  if (network.cert !== null) return true;
  try {
    const spec = request.id.name;
    const found = registryFetch.getAuth(url, { ...credentials, spec });
    return [found.token, found.auth, found.cert].some((each) => each !== null);
  } catch {
    return true;
  }
}
