import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A registry that others stand behind. */
export interface FrontRegistry {
  /** Base URL, ending in `/`. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Answers what the registry at `own` has, and sends clients on to `others` for
 * all else: to publish something here that stands for what is published there.
 */
export async function startFrontRegistry(
  own: string,
  others: string,
): Promise<FrontRegistry> {
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').replace(/^\//, '');
    void fetch(`${own}${path}`).then(
      async (answer) => {
        const body = Buffer.from(await answer.arrayBuffer());
        const isElsewhere = answer.status === 404 && !path.startsWith('-/');
        if (isElsewhere) {
          response.writeHead(302, { location: `${others}${path}` }).end();
          return;
        }
        const type = answer.headers.get('content-type');
        const headers = type === null ? {} : { 'content-type': type };
        response.writeHead(answer.status, headers).end(body);
      },
      () => {
        response.writeHead(502).end();
      },
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
