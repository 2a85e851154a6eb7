import process from 'node:process';
import type { Environment } from './environment.js';

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * The running process as an `Environment`; SIGINT and SIGTERM abort it, and a
 * second one of either ends the process as if nobody listened.
 */
export function processEnvironment(): Environment {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    for (const each of SIGNALS) process.removeListener(each, stop);
    controller.abort(name);
  };
  for (const each of SIGNALS) process.on(each, stop);
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
