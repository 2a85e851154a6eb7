import process from 'node:process';
import type { Environment } from './environment.js';

/** The running process as an `Environment`; SIGINT and SIGTERM abort it. */
export function processEnvironment(): Environment {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // Once: a second signal ends the process as if nobody listened.
    process.once(name, () => {
      controller.abort(name);
    });
  }
  // A reader that went away is told to whoever writes; nobody else listens.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: currentFolder(),
    nodeVersion: process.versions.node,
    signal: controller.signal,
  };
}

function currentFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}
