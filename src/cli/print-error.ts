import { AuditError } from '../errors.js';
import { escapeLogLine, escapeTerminal } from '../report/escape.js';

const MAX_MESSAGE = 2000;

/**
 * `error` as it is printed, escaped and with a line end: one line for what the
 * user can mend, and for a defect of ours what it was, with the stack if `env`
 * asks for it.
 */
export function describeError(
  error: unknown,
  env: Readonly<Record<string, string | undefined>>,
): string {
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
  return `${text}\n`;
}
