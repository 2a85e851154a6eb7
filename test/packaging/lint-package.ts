import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';

import { must, type Place } from './shell.js';

/** What publint has to say about a tarball, the smallest things included. */
export async function lintTarball(tarball: string): Promise<readonly string[]> {
  const bytes = await readFile(tarball);
  const { messages, pkg } = await publint({
    pack: { tarball: new Uint8Array(bytes).buffer },
    level: 'suggestion',
  });
  return messages.map((message) => formatMessage(message, pkg) ?? message.code);
}

/**
 * Lets "are the types wrong" resolve every entry of `exports`, from ESM, from
 * CommonJS and by a bundler. Throws with what it says if one is wrong.
 */
export async function checkTypes(
  tarball: string,
  modules: string,
  place: Place,
): Promise<void> {
  const cli = join(modules, '@arethetypeswrong', 'cli', 'dist', 'index.js');
  await must(
    [process.execPath, cli, tarball, '--profile', 'esm-only', '--no-emoji'],
    place,
  );
}
