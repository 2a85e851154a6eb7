import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';

import type { Agent } from '@npmcli/agent';

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

/** What is sent, and how. */
export interface RequestOptions {
  readonly network: NetworkOptions;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds to connect in; proxies and TLS included. */
  readonly connectMs: number;
  /** Ends the request, and its answer, with an error. */
  readonly signal: AbortSignal;
}

/** Agents by what they were made of; by identity, so none outlives an audit. */
const agents = new WeakMap<NetworkOptions, Map<string, Agent>>();

/**
 * Sends one GET request and resolves with the answer, whatever its status, its
 * body unread and undecoded. The caller must read the body to its end or destroy
 * the answer. Rejects where no answer begins.
 *
 * Through npm's own agents, so that proxies, exceptions from them and
 * certificate authorities mean here what they mean to npm. No redirect is
 * followed, nothing is tried twice, nothing cached.
 */
export async function sendRequest(
  url: URL,
  { network, headers, connectMs, signal }: RequestOptions,
): Promise<IncomingMessage> {
  const agent = await agentFor(url, network, connectMs);
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(url, { agent, headers });
    const stop = (): void => {
      request.destroy(new Error('stopped'));
    };
    request.once('response', resolve);
    request.on('error', reject);
    request.once('close', () => {
      signal.removeEventListener('abort', stop);
    });
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    request.end();
  });
}

async function agentFor(
  { protocol, origin }: URL,
  network: NetworkOptions,
  connectMs: number,
): Promise<Agent> {
  const own = agents.get(network) ?? new Map<string, Agent>();
  agents.set(network, own);
  const key = `${connectMs} ${origin}`;
  const agent = own.get(key) ?? (await createAgent(origin, network, connectMs));
  own.set(key, agent);
  // Left open, the agent looks it up in a stack trace for each request.
  agent.protocol = protocol;
  return agent;
}

async function createAgent(
  origin: string,
  { strictSsl, ...network }: NetworkOptions,
  connectMs: number,
): Promise<Agent> {
  // Not loaded for audits that ask nobody: TLS and proxies take long to.
  const { getAgent } = await import('@npmcli/agent');
  return getAgent(origin, {
    ...network,
    // Always said: left open, an environment variable could turn it off.
    rejectUnauthorized: strictSsl,
    timeouts: { connection: connectMs },
  });
}
