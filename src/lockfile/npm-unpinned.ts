import type { NpmTree } from './npm-tree.js';
import { invalidLockfile, quote } from './lockfile-source.js';

/**
 * Ends the audit where the project asks for packages that its lockfile does not
 * pin: what they would be is not in it, so a verdict on the rest would pass for
 * one on the whole. npm refuses such a pair too (`npm ci`).
 *
 * `tops` are the locations of the root and its workspaces. Peer and optional
 * dependencies may be missing: npm can be told to leave them out.
 */
export function refuseUnpinned(
  path: string,
  tree: NpmTree,
  tops: ReadonlySet<string>,
): void {
  const missing = tree.nodes
    .filter(({ location }) => tops.has(location))
    .flatMap(({ edges }) => edges)
    .filter(
      ({ to, type }) => to === null && (type === 'prod' || type === 'dev'),
    )
    .map(({ name }) => name)
    .sort();
  const [first, ...others] = new Set(missing);
  if (first === undefined) return;
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw invalidLockfile(
    `${path}: does not pin ${quote(first)}${more}, which the project asks for; ` +
      `bring it up to date: npm install --package-lock-only`,
  );
}
