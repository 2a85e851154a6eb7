import {
  isAboutPackage,
  type FoundAnswer,
  type Registry,
  type RegistryAnswer,
  type RegistryRequest,
} from '../evidence/registry.js';
import type { CredentialsOf } from './request-credentials.js';

/**
 * Makes a registry that asks nothing which another one of the run has asked with
 * the same credentials.
 */
export type ShareAnswers = (
  registry: Registry,
  credentialsOf: CredentialsOf,
) => Registry;

/** Bodies kept at the same time; beyond it what is asked is asked again. */
const MAX_KEPT_BYTES = 128 * 1024 * 1024;

/**
 * For several audits in one run: what one of them was given, the others need
 * not ask for. Only bodies are kept, which everybody verifies for themselves.
 * What was not found, or not to be had, may be a matter of somebody's
 * credentials, and is asked again by everybody.
 */
export function createSharedAnswers(
  maxBytes: number = MAX_KEPT_BYTES,
): ShareAnswers {
  const kept = new Map<string, FoundAnswer>();
  let room = maxBytes;
  return (registry, credentialsOf) => ({
    async ask(request, signal): Promise<RegistryAnswer> {
      const key = keyOf(request, credentialsOf(request));
      const known = request.anew === true ? undefined : kept.get(key);
      if (known !== undefined) return known;
      const answer = await registry.ask(request, signal);
      if (answer.status === 'found' && answer.body.byteLength <= room) {
        room -= answer.body.byteLength;
        kept.set(key, answer);
      }
      return answer;
    },
  });
}

/** Some answers are of a package, whatever version is named. */
function keyOf(
  { kind, id, registry }: RegistryRequest,
  credentials: string | null,
): string {
  const version = isAboutPackage(kind) ? '' : id.version;
  return JSON.stringify([kind, registry, id.name, version, credentials]);
}
