import type { OutputStream } from './environment.js';

/**
 * Whether to colour: the option first, then FORCE_COLOR and NO_COLOR (both
 * count unless empty; FORCE_COLOR=0 turns colour off), then the terminal.
 *
 * Source: no-color.org, force-color.org.
 */
export function wantsColor(
  option: boolean | null,
  stream: OutputStream,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (option !== null) return option;
  const force = env['FORCE_COLOR'];
  if (force !== undefined && force !== '') {
    return force !== '0' && force !== 'false';
  }
  if (env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '') return false;
  return stream.isTTY === true && env['TERM'] !== 'dumb';
}
