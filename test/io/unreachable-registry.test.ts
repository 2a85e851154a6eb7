import { afterEach, describe, expect, it } from 'vitest';
import {
  startRegistry,
  type LoopbackRegistry,
} from '../../fixtures/loopback-registry.js';
import type { Registry, RegistryAnswer } from '../../src/evidence/registry.js';
import { DEFAULT_NETWORK } from '../../src/io/http.js';
import { createNpmRegistry } from '../../src/io/npm-registry.js';

const ID = { name: 'widget', version: '1.2.3' };
const servers: LoopbackRegistry[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

async function start(): Promise<LoopbackRegistry> {
  const server = await startRegistry();
  servers.push(server);
  server.add({ id: ID });
  return server;
}

interface Client {
  readonly registry: Registry;
  /** Milliseconds of each wait between attempts. */
  readonly waits: readonly number[];
}

function clientOf(server: LoopbackRegistry): Client {
  const waits: number[] = [];
  const registry = createNpmRegistry(
    {
      registries: {
        publicRegistry: server.url,
        defaultRegistry: server.url,
        scopes: new Map(),
        namedByProject: new Set(),
      },
      network: { ...DEFAULT_NETWORK, noProxy: '127.0.0.1' },
      credentials: { registry: server.url },
      warnings: [],
    },
    {
      timeoutMs: 20_000,
      retries: 2,
      wait: (milliseconds) => {
        waits.push(milliseconds);
        return Promise.resolve();
      },
    },
  );
  return { registry, waits };
}

function ask(
  { registry }: Client,
  server: LoopbackRegistry,
  id = ID,
): Promise<RegistryAnswer> {
  const { signal } = new AbortController();
  return registry.ask({ kind: 'version', id, registry: server.url }, signal);
}

describe('a registry that cannot be asked', () => {
  async function askMany(client: Client, server: LoopbackRegistry) {
    const answers = [];
    for (let index = 0; index < 50; index += 1) {
      const id = { name: `p${index}`, version: '1.0.0' };
      answers.push(await ask(client, server, id));
    }
    return answers;
  }

  it('is tried in full for the first question only', async () => {
    const server = await start();
    await server.close();
    const client = clientOf(server);
    const answers = await askMany(client, server);
    expect(client.waits).toHaveLength(2);
    expect(new Set(answers.map((each) => JSON.stringify(each))).size).toBe(1);
    expect(answers[0]).toMatchObject({
      status: 'unavailable',
      code: 'network',
    });
  });

  it('is asked once a question while it refuses them all', async () => {
    const server = await start();
    server.script('manifest', { status: 503, repeat: true });
    const client = clientOf(server);
    const answers = await askMany(client, server);
    expect(client.waits).toHaveLength(2);
    expect(server.requests).toHaveLength(52);
    for (const answer of answers) {
      expect(answer).toMatchObject({ code: 'server-error' });
    }
  });

  it('says nothing about another one', async () => {
    const gone = await start();
    await gone.close();
    const server = await start();
    const client = clientOf(server);
    await ask(client, gone);
    expect(await ask(client, server)).toMatchObject({ status: 'found' });
  });
});
