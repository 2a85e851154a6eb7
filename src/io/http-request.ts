import type { IncomingMessage } from 'node:http';

import { limitConnect, routeFor, type NetworkOptions } from './connections.js';
import type { TimeLimit } from './time-limit.js';

/** What is sent, and how. */
export interface RequestOptions {
  readonly network: NetworkOptions;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds to connect in; proxies and TLS included. */
  readonly connectMs: number;
  /** Once over, it ends the request, and its answer, with an error. */
  readonly time: TimeLimit;
}

/**
 * Sends one GET request and resolves with the answer, whatever its status, its
 * body unread and undecoded. The caller must read the body to its end or destroy
 * the answer. Rejects where no answer begins.
 *
 * No redirect is followed, nothing is tried twice, nothing cached.
 */
export async function sendRequest(
  url: URL,
  { network, headers, connectMs, time }: RequestOptions,
): Promise<IncomingMessage> {
  const { agent, request: send } = await routeFor(url, network);
  return new Promise((resolve, reject) => {
    const request = send(url, { agent, headers });
    limitConnect(request, connectMs);
    request.on('response', resolve);
    request.on('error', reject);
    // Without any other event where an answer changes the protocol: nobody here
    // knows another one, and the time limit would find nothing to stop any more.
    request.on('close', () => {
      reject(new Error('closed without an answer'));
    });
    time.stopWith(() => {
      request.destroy(new Error('stopped'));
    });
    request.end();
  });
}
