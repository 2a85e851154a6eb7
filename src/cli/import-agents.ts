import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** What `@npmcli/agent` requires although these are ES modules. */
const AGENTS = ['http-proxy-agent', 'https-proxy-agent', 'socks-proxy-agent'];

/**
 * Imports what npm's HTTP client will require: for Yarn's Plug'n'Play, which finds
 * packages through hooks of Node.js. On Node.js 20 these are not asked about what
 * an ES module imports that was loaded by `require()`, so that the dependencies of
 * those modules would not be found; what has been imported before is taken from
 * there instead. Throws where a package is not installed.
 */
export async function importAgents(): Promise<void> {
  const own = createRequire(import.meta.url);
  const agent = createRequire(own.resolve('@npmcli/agent'));
  for (const name of AGENTS) {
    await import(pathToFileURL(agent.resolve(name)).href);
  }
}
