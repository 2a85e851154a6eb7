/** A stream that text is written to; a terminal or not. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  /** Calls back when the text is handed on, or with what went wrong. */
  write(text: string, done?: (error?: Error | null) => void): boolean;
}

/** What a run of the program has of the world, passed in by whoever starts it. */
export interface Environment {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The current folder; null if it was deleted. */
  readonly cwd: string | null;
  /** `20.19.0`, without a `v`. */
  readonly nodeVersion: string;
  /** Aborted by SIGINT or SIGTERM, with the signal's name as reason. */
  readonly signal: AbortSignal;
}

/** One whose current folder exists. */
export interface PlacedEnvironment extends Environment {
  readonly cwd: string;
}
