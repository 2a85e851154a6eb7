import { escapeLogLine, escapeTerminal } from '../report/escape.js';
import type { OutputStream } from './environment.js';

/** Lines for people beside the report, on stderr. */
export interface Notes {
  /** Something worth knowing; silent with `--quiet`. */
  readonly inform: (message: string) => void;
  /** Something that weakens the audit; always shown. */
  readonly warn: (message: string) => void;
}

const MAX_MESSAGE = 600;

/**
 * Notes on `stream`, those left out that are in `said` already. Messages may
 * quote outside text: they are escaped.
 */
export function createNotes(
  stream: OutputStream,
  quiet: boolean,
  said = new Set<string>(),
): Notes {
  const print = (message: string): void => {
    if (said.has(message)) return;
    said.add(message);
    const line = escapeTerminal(`provenance-audit: ${message}`, MAX_MESSAGE);
    stream.write(`${escapeLogLine(line)}\n`);
  };
  return {
    inform: (message) => {
      if (!quiet) print(message);
    },
    warn: (message) => {
      print(`warning: ${message}`);
    },
  };
}
