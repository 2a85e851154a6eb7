import { spawn } from 'node:child_process';

/** What a program left behind. */
export interface Ended {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Where and with what a program runs. */
export interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Runs a program to its end. Rejects only if it cannot be started. */
export function run(
  [command = '', ...args]: readonly string[],
  { cwd, env }: Place,
): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({
        exitCode: code ?? -1,
        stdout: Buffer.concat(out).toString(),
        stderr: Buffer.concat(err).toString(),
      });
    });
  });
}

/** The same, for what has to end with 0. Returns what it wrote to stdout. */
export async function must(
  command: readonly string[],
  place: Place,
): Promise<string> {
  const { exitCode, stdout, stderr } = await run(command, place);
  if (exitCode === 0) return stdout;
  throw new Error(
    `${command.join(' ')}\nended with ${exitCode}\n${stdout}${stderr}`,
  );
}
