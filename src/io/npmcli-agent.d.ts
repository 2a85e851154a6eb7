/** The part of @npmcli/agent 5 that src/io/http-request.ts uses. */
declare module '@npmcli/agent' {
  import type { Agent as HttpAgent } from 'node:http';

  interface Agent extends HttpAgent {
    /** `http:` or `https:`: of the requests that it is used for. */
    protocol: string;
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
