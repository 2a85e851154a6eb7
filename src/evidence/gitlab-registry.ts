/** What npm is configured for: all packages of an instance, or of a group. */
const ENDPOINT = /^(.*\/api\/v4\/)(?:groups\/[^/]+\/-\/)?packages\/npm\/$/;
/** Where such an endpoint says that tarballs are. */
const PROJECT = /^(.*\/api\/v4\/)projects\/[^/]+\/packages\/npm\//;

/**
 * Whether `resolved` is a tarball of one of the projects behind the endpoint at
 * the base URL `registry`, on the same host. GitLab answers about packages for
 * an instance or a group, and serves their files for the project that each one
 * belongs to.
 *
 * Source: GitLab's documentation of its npm package registry.
 */
export function isOfGitLabProject(resolved: URL, registry: string): boolean {
  const { host, pathname } = new URL(registry);
  const root = ENDPOINT.exec(pathname)?.[1];
  return (
    root !== undefined &&
    resolved.host === host &&
    PROJECT.exec(resolved.pathname)?.[1] === root
  );
}
