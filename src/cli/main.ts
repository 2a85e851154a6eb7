import { AuditError } from '../errors.js';
import { escapeLogLine, escapeTerminal } from '../report/escape.js';
import { parseArguments } from './args.js';
import { columnsOf } from './columns.js';
import type { Environment } from './environment.js';
import { exitCodeOf, type ExitCode } from './exit-code.js';
import { readSelf } from './self.js';
import { write } from './write.js';

/** Widest help text; wider lines are hard to read. */
const MAX_HELP_WIDTH = 100;
const MAX_MESSAGE = 2000;
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
    await printError(error, environment);
    const { signal } = environment;
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

/** One line for what the user can mend; everything for a defect of ours. */
async function printError(
  error: unknown,
  { stderr, env }: Environment,
): Promise<void> {
  const isExpected = error instanceof AuditError;
  const message = error instanceof Error ? error.message : String(error);
  const line = `provenance-audit: ${isExpected ? '' : 'internal error: '}${message}`;
  const lines = [line];
  if (error instanceof Error && !isExpected && env['PROVENANCE_AUDIT_DEBUG']) {
    lines.push(...(error.stack ?? '').split('\n'));
  }
  const text = lines
    .map((each) => escapeLogLine(escapeTerminal(each, MAX_MESSAGE)))
    .join('\n');
  // If not even stderr can be written to, the exit code has to speak.
  await write(stderr, `${text}\n`).catch(() => undefined);
}

function signalName(signal: AbortSignal): 'SIGINT' | 'SIGTERM' | null {
  if (!signal.aborted) return null;
  return signal.reason === 'SIGTERM' ? 'SIGTERM' : 'SIGINT';
}
