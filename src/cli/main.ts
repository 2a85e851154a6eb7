import { AuditError } from '../errors.js';
import { parseArguments } from './args.js';
import { columnsOf } from './columns.js';
import type { Environment } from './environment.js';
import { exitCodeOf, type ExitCode } from './exit-code.js';
import { describeError } from './print-error.js';
import { readSelf } from './self.js';
import { write } from './write.js';

/** Widest help text; wider lines are hard to read. */
const MAX_HELP_WIDTH = 100;
/** After a signal, for what takes no notice of it. */
const STOP_MS = 1500;
const NO_FOLDER = 'the current folder does not exist any more';

/**
 * The command line program: from arguments to what is printed and the exit
 * code. Never throws and never ends the process.
 */
export async function main(
  argv: readonly string[],
  environment: Environment,
): Promise<ExitCode> {
  try {
    const { cwd } = environment;
    // The libraries ask for it too, each in its own way.
    if (cwd === null) throw new AuditError('USAGE', NO_FOLDER);
    const self = readSelf();
    const width = Math.min(columnsOf(environment.stdout), MAX_HELP_WIDTH);
    const parsed = await parseArguments(argv, { ...self, width });
    if (parsed.status === 'command') {
      const run = parsed.command.run({ ...environment, cwd }, self);
      return await endSoon(run, environment.signal);
    }
    await write(environment.stdout, parsed.text);
    return 0;
  } catch (error) {
    const { signal, stderr, env } = environment;
    // If not even stderr can be written to, the exit code has to speak.
    await write(stderr, describeError(error, env)).catch(() => undefined);
    return exitCodeOf({ status: 'failed', error, signal: signalName(signal) });
  }
}

/** `run`, or an error some time after `signal` if it does not end by then. */
async function endSoon(
  run: Promise<ExitCode>,
  signal: AbortSignal,
): Promise<ExitCode> {
  const ended = new AbortController();
  const late = new Promise<never>((_resolve, reject) => {
    const wait = (): void => {
      const timer = setTimeout(() => {
        reject(new AuditError('ABORTED', 'stopped before it was finished'));
      }, STOP_MS);
      ended.signal.addEventListener('abort', () => {
        clearTimeout(timer);
      });
    };
    if (signal.aborted) wait();
    else signal.addEventListener('abort', wait, { signal: ended.signal });
  });
  try {
    return await Promise.race([run, late]);
  } finally {
    ended.abort();
  }
}

function signalName(signal: AbortSignal): 'SIGINT' | 'SIGTERM' | null {
  if (!signal.aborted) return null;
  return signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
}
