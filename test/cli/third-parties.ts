import { spawn, type ChildProcess } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { connect, createServer, type AddressInfo } from 'node:net';
import { delimiter, join } from 'node:path';

/**
 * Where a program is that may be installed on this machine, in one of `folders`
 * or on the path; else null.
 */
export async function findProgram(
  name: string,
  folders: readonly string[] = [],
): Promise<string | null> {
  const path = (process.env['PATH'] ?? '').split(delimiter);
  for (const folder of [...folders, ...path]) {
    const file = join(folder, name);
    const isThere = await access(file, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  return null;
}

/** A port of 127.0.0.1 that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const POLL_MS = 20;

/** A program that serves a port until it is closed. */
export interface RunningProgram {
  close(): Promise<void>;
}

/** Starts `path` and returns once it listens on `port` of 127.0.0.1. */
export async function startProgram(
  path: string,
  argv: readonly string[],
  { port, cwd }: { readonly port: number; readonly cwd: string },
): Promise<RunningProgram> {
  const child = spawn(path, argv, { cwd, stdio: 'ignore' });
  await untilListening(port, child);
  return {
    close: async () => {
      if (child.exitCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function untilListening(
  port: number,
  child: ChildProcess,
): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error('the program has ended');
    const isOpen = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => {
        setTimeout(resolve, POLL_MS, false);
      });
    });
    if (isOpen) return;
  }
}
