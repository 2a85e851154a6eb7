/** The part of @npmcli/agent 5 that src/io/connections.ts uses. */
declare module '@npmcli/agent' {
  import type { Agent as HttpAgent, ClientRequest } from 'node:http';
  import type { Duplex } from 'node:stream';

  interface Agent extends HttpAgent {
    /** `http:` or `https:`: of the requests that it is used for. */
    protocol: string;
    /** Makes a connection for `request`. Rejects where that fails. */
    connect(
      request: ClientRequest,
      options: Readonly<Record<string, unknown>>,
    ): Promise<Duplex>;
  }

  /**
   * The agent for requests to the origin of `url`: with a proxy where the
   * options or the environment name one for it.
   */
  export function getAgent(
    url: string,
    options: Readonly<Record<string, unknown>>,
  ): Agent;
}
