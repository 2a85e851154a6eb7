import { columnsOf } from './columns.js';

/** The part of a terminal's stream that progress needs. */
export interface ProgressStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** One line that tells how far the audit is. */
export interface Progress {
  /** Tells that `done` of `total` are finished. Cheap enough for each one. */
  update(done: number, total: number): void;
  /** Clears the line, so that something else can be written. */
  clear(): void;
}

const REDRAW_MS = 100;
/** Before that a speed is mostly noise. */
const STEADY_MS = 1000;
const CLEAR_LINE = '\r\u{1b}[K';

/**
 * Progress on `stream`, redrawn at most ten times a second. Nothing is ever
 * written unless `enabled` and the stream is a terminal, nor after a `clear`
 * until the next update. `now` is the time in milliseconds.
 */
export function createProgress(
  stream: ProgressStream,
  enabled: boolean,
  now: () => number,
): Progress {
  if (!enabled || stream.isTTY !== true) {
    return { update: () => undefined, clear: () => undefined };
  }
  const startedAt = now();
  let drawnAt = -Infinity;
  let isDrawn = false;
  return {
    update: (done, total) => {
      const time = now();
      // A clock that was set back must not silence the rest of the run.
      if (Math.abs(time - drawnAt) < REDRAW_MS) return;
      drawnAt = time;
      isDrawn = true;
      const text = wordProgress(done, total, time - startedAt);
      // A line as wide as the terminal would wrap, and could not be cleared.
      stream.write(CLEAR_LINE + text.slice(0, columnsOf(stream) - 1));
    },
    clear: () => {
      if (isDrawn) stream.write(CLEAR_LINE);
      isDrawn = false;
    },
  };
}

function wordProgress(done: number, total: number, elapsed: number): string {
  const counts = `asking registries  ${`${done}`.padStart(`${total}`.length)}/${total}`;
  if (elapsed < STEADY_MS) return counts;
  return `${counts}  ${Math.round((done * 1000) / elapsed)}/s`;
}
