import { isJsonObject, type JsonValue } from '../json/strict-json.js';

const MAX_LENGTH = 512;
const SHORTHAND_HOSTS: ReadonlyMap<string, string> = new Map([
  ['github', 'github.com'],
  ['gitlab', 'gitlab.com'],
  ['bitbucket', 'bitbucket.org'],
]);
const SHORTHAND =
  /^(?:(github|gitlab|bitbucket):)?([\w-][\w.-]*(?:\/[\w-][\w.-]*)+)$/;
/** As ssh takes it: no number behind the colon, which would be a port. */
const SCP_LIKE =
  /^(?:(?:git\+)?ssh:\/\/)?[\w.-]+@([\w.-]+):(?!\d+\/)\/?([^:@]+)$/;
const SCHEME = /^(?:git\+)?(https?|ssh|git):\/\//i;

/**
 * Reads `repository` of a manifest, untrusted: the address itself, or an object
 * with it as `url`. Brings the ways in which npm lets one repository be written
 * into one, `https://github.com/acme/widget`, the form of certificates; case
 * stays. Null for what names no repository in a known way: then it is unknown.
 *
 * Source: npm documentation, package.json, `repository`.
 */
export function readDeclaredRepository(
  value: JsonValue | undefined,
): string | null {
  const text = isJsonObject(value) ? value['url'] : value;
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return null;
  return fromShorthand(text) ?? fromScpLike(text) ?? fromUrl(text);
}

function fromShorthand(text: string): string | null {
  const [, kind, path] = SHORTHAND.exec(text) ?? [];
  // Without a word on the host npm takes it for GitHub's.
  const host = SHORTHAND_HOSTS.get(kind ?? 'github');
  if (host === undefined || path === undefined) return null;
  if (kind === undefined && path.split('/').length !== 2) return null;
  return toAddress(host, path);
}

function fromScpLike(text: string): string | null {
  const [, host, path] = SCP_LIKE.exec(text) ?? [];
  if (host === undefined || path === undefined) return null;
  return fromUrl(`ssh://${host}/${path}`);
}

function fromUrl(text: string): string | null {
  const scheme = SCHEME.exec(text);
  if (scheme === null) return null;
  const address = `https://${text.slice(scheme[0].length)}`;
  if (!URL.canParse(address)) return null;
  const { hostname, host, pathname } = new URL(address);
  // The port of another protocol is not that of the web address.
  const isWeb = scheme[1]?.toLowerCase().startsWith('http') === true;
  return toAddress(isWeb ? host : hostname, pathname);
}

function toAddress(host: string, path: string): string | null {
  const bare = host === 'www.github.com' ? 'github.com' : host;
  const all = path.split('/').filter((segment) => segment !== '');
  const segments = repositoryPart(bare, all);
  const name = segments.pop()?.replace(/\.git$/i, '') ?? '';
  if (segments.length === 0 || name === '') return null;
  return `https://${[bare, ...segments, name].join('/')}`;
}

/** People paste the address of a folder or page of a repository. */
function repositoryPart(host: string, segments: readonly string[]): string[] {
  if (host === 'github.com') return segments.slice(0, 2);
  const end = segments.indexOf('-');
  return segments.slice(0, end === -1 ? undefined : end);
}
