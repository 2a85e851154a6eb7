import { ADDRCONFIG } from 'node:dns';
import type * as http from 'node:http';
import type { Agent, AgentOptions, ClientRequest } from 'node:http';
import type * as https from 'node:https';
import process from 'node:process';

import type { Agent as NpmAgent } from '@npmcli/agent';

import { requireCommonJs } from '../commonjs.js';

/**
 * How connections are made. From the user, never from the audited project:
 * each of these can let somebody else answer.
 */
export interface NetworkOptions {
  /** Proxy URL; null for the `*_proxy` variables of the environment. */
  readonly proxy: string | null;
  /** Hosts that bypass a proxy, comma separated; null as above. */
  readonly noProxy: string | null;
  /** Whether server certificates are verified. */
  readonly strictSsl: boolean;
  /** PEM certificates that replace the built-in authorities. */
  readonly ca: readonly string[] | null;
  /** PEM of a client certificate and its key, sent to every host. */
  readonly cert: string | null;
  readonly key: string | null;
  readonly localAddress: string | null;
  /** Connections per origin. */
  readonly maxSockets: number;
}

type NodeClient = typeof http | typeof https;

/** How requests to one origin are made. */
export interface Route {
  readonly agent: Agent;
  readonly request: NodeClient['request'];
}

/** Routes by what they were made of; by identity, so none outlives an audit. */
const routes = new WeakMap<NetworkOptions, Map<string, Route>>();
/** Milliseconds that a request's connection may take to be made. */
const limits = new WeakMap<ClientRequest, number>();
/** Agents of npm whose connections have such a limit: it keeps and shares them. */
const limited = new WeakSet<NpmAgent>();

/**
 * How to reach the origin of a URL. Where there may be a proxy, through npm's own
 * agents, so that proxies and exceptions from them mean here what they mean to
 * npm; else through those of Node.js with npm's settings.
 */
export async function routeFor(
  { protocol, origin }: URL,
  network: NetworkOptions,
): Promise<Route> {
  const own = routes.get(network) ?? new Map<string, Route>();
  routes.set(network, own);
  const known = own.get(origin);
  if (known !== undefined) return known;
  // Not loaded for audits that ask nobody.
  const client =
    protocol === 'https:'
      ? await import('node:https')
      : await import('node:http');
  const agent = isProxyPossible(network)
    ? npmAgent(protocol, origin, network)
    : directAgent(client, network);
  const route = own.get(origin) ?? { agent, request: client.request };
  own.set(origin, route);
  return route;
}

/**
 * Ends `request`, just made, with an error of code `ECONNECTIONTIMEOUT` if its
 * connection takes longer than `ms`; proxies and TLS included.
 */
export function limitConnect(request: ClientRequest, ms: number): void {
  limits.set(request, ms);
  // Those of npm's agents are connected by then.
  request.once('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(() => {
      request.destroy(tooLate());
    }, ms);
    const stop = (): void => {
      clearTimeout(timer);
    };
    const isTls = request.protocol === 'https:';
    socket.once(isTls ? 'secureConnect' : 'connect', stop);
    request.once('close', stop);
  });
}

function tooLate(): Error {
  const error = new Error('the connection was not made in time');
  return Object.assign(error, { code: 'ECONNECTIONTIMEOUT' });
}

/** Whether npm's agents have to be asked if, and which, proxy it is. */
function isProxyPossible({ proxy }: NetworkOptions): boolean {
  if (proxy !== null) return true;
  return Object.entries(process.env).some(
    ([name, value]) => /^(?:https?_)?proxy$/i.test(name) && value !== '',
  );
}

function npmAgent(
  protocol: string,
  origin: string,
  { strictSsl, ...network }: NetworkOptions,
): Agent {
  // Not loaded without need: proxies of all kinds take as long as a lockfile.
  const { getAgent } = requireCommonJs('@npmcli/agent');
  const agent = getAgent(origin, {
    ...network,
    // Always said: left open, an environment variable could turn it off.
    rejectUnauthorized: strictSsl,
  });
  // Left open, the agent looks it up in a stack trace for each request.
  agent.protocol = protocol;
  if (!limited.has(agent)) limitConnections(agent);
  return agent;
}

/**
 * With its own limit npm's agent lets go of a connection that it gives up, open
 * and with nobody to be told how it ends; if that is with an error, Node.js ends
 * the program.
 */
function limitConnections(agent: NpmAgent): void {
  limited.add(agent);
  const connect = agent.connect.bind(agent);
  agent.connect = async (request, options) => {
    const given = new AbortController();
    const { signal } = given;
    const late = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(tooLate());
      });
    });
    const timer = setTimeout(() => {
      given.abort();
    }, limits.get(request));
    try {
      return await Promise.race([
        connect(request, { ...options, signal }),
        late,
      ]);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** With npm's own settings for connections: kept, the oldest first. */
function directAgent(
  { Agent }: NodeClient,
  { strictSsl, ca, cert, key, localAddress, maxSockets }: NetworkOptions,
): Agent {
  const options: AgentOptions & { readonly hints: number } = {
    keepAlive: true,
    scheduling: 'fifo',
    maxSockets,
    hints: ADDRCONFIG,
    ...(localAddress !== null && { localAddress }),
  };
  return new Agent({
    ...options,
    // Always said: left open, an environment variable could turn it off.
    rejectUnauthorized: strictSsl,
    ...(ca !== null && { ca: [...ca] }),
    ...(cert !== null && { cert }),
    ...(key !== null && { key }),
  });
}
