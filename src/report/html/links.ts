import type { ReportProvenance } from '../report.js';
import { shortUrl } from '../text/wording.js';
// Under another name, as line breaks count here and no formatter may add any.
import { html as write, type Markup } from './markup.js';

const MAX_LINK = 2000;

/** Addresses of a verified certificate; null for what is no address to follow. */
export interface CertificateLinks {
  readonly repository: URL | null;
  readonly commit: URL | null;
  readonly run: URL | null;
}

/**
 * Where a reader may go from a verified provenance. Everything comes from the
 * certificate: the repository, and below it, on the same host, the run that it
 * names and the page of its commit where the host is known to have one.
 */
export function certificateLinks(
  provenance: ReportProvenance,
): CertificateLinks {
  const repository = webAddress(provenance.sourceRepository);
  if (repository === null) return { repository, commit: null, run: null };
  const run = webAddress(provenance.runUrl);
  return {
    repository,
    commit: commitPage(repository, provenance.sourceRevision),
    run: run !== null && isBelow(run, repository) ? run : null,
  };
}

/**
 * Text that leads to `address`, or the text alone. Where the reader comes from
 * is told to nobody: the page as a whole says so.
 */
export function linked(address: URL | null, text: string): Markup {
  return address === null
    ? write`${text}`
    : write`<a href="${{ markup: hrefOf(address) }}">${text}</a>`;
}

/** The same with the address as text, short for reading. */
export function linkedAddress(address: URL | null, text: string): Markup {
  return linked(address, shortUrl(text));
}

/** A plain https or http address without credentials, as the parser writes it. */
function webAddress(text: string | null): URL | null {
  if (text === null || text.length > MAX_LINK || !URL.canParse(text)) {
    return null;
  }
  const url = new URL(text);
  const isWeb = url.protocol === 'https:' || url.protocol === 'http:';
  const isPlain = url.username === '' && url.password === '';
  return isWeb && isPlain && url.host !== '' ? url : null;
}

function isBelow(url: URL, repository: URL): boolean {
  const path = repository.pathname.replace(/\/$/, '');
  return (
    url.origin === repository.origin && url.pathname.startsWith(`${path}/`)
  );
}

/** Hosts whose pages of a commit are where this says, by the path before it. */
const COMMIT_PATHS: ReadonlyMap<string, string> = new Map([
  ['github.com', '/commit/'],
  ['gitlab.com', '/-/commit/'],
]);

function commitPage(repository: URL, revision: string | null): URL | null {
  const path = COMMIT_PATHS.get(repository.host);
  if (path === undefined || !/^[\da-f]{40}$/.test(revision ?? '')) return null;
  const base = repository.href.replace(/\/$/, '');
  return webAddress(`${base}${path}${revision ?? ''}`);
}

/** What the URL parser leaves unquoted that an attribute must not hold. */
function hrefOf({ href }: URL): string {
  return href.replace(
    /[&<>"'#]/g,
    (character) => `&#${character.charCodeAt(0)};`,
  );
}
