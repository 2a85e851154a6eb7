import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Manager } from './managers.js';
import { must, run, type Place } from './shell.js';
import type { World } from './world.js';

/** Starts the program by its file, wherever the manager has put it. */
const START = `
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
const manifest = createRequire(import.meta.url).resolve('provenance-audit/package.json');
process.argv.splice(1, 1, join(dirname(manifest), 'bin', 'provenance-audit.js'));
await import(pathToFileURL(process.argv[1]));
`;

/**
 * Imports the library and reads a schema, as `exports` says. Then has a thread of
 * its own answer about a bundle that is none, where there is a core for one.
 */
const IMPORT = `
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { argv } from 'node:process';
import { audit, createFileTrustRootSource, openVerifyPool, RULES, readVerifierVersion } from 'provenance-audit';
const schema = createRequire(import.meta.url)('provenance-audit/schema/policy.schema.json');
console.log(typeof audit, RULES.length > 20, readVerifierVersion().slice(0, 16), typeof schema.$schema);
const [trustedRoot, npmKeys] = argv.slice(2);
const source = createFileTrustRootSource({ trustedRoot, npmKeys });
const against = { documents: await source.load(), now: new Date() };
const pool = openVerifyPool();
const [answer] = (await pool?.verify([{ bundle: {}, registry: 'http://127.0.0.1/' }], against)) ?? [];
console.log(answer?.status ?? 'rejected');
await pool?.close();
`;

/**
 * Installs `tarball` with a package manager into an empty folder, and uses it
 * there. Throws with what was said where something is not as it has to be.
 */
export async function tryPackage(
  manager: Manager,
  tarball: string,
  { folder, project, options, trustFiles }: World,
): Promise<string> {
  const cwd = join(folder, manager.name.replaceAll(/\W+/g, '-'));
  const place: Place = { cwd, env: { ...process.env, ...manager.env } };
  const files = {
    'package.json': '{"name":"empty","version":"1.0.0","private":true}\n',
    'start.mjs': START,
    'import.mjs': IMPORT,
    ...manager.files,
  };
  await mkdir(cwd);
  for (const [name, text] of Object.entries(files)) {
    await writeFile(join(cwd, name), text);
  }
  await must(manager.install(tarball), place);
  const start = [...manager.node, join(cwd, 'start.mjs')];
  expectText(await must([...start, '--version'], place), /^\d+\.\d+\.\d+\n$/);
  expectText(
    await must([...start, 'rules', 'provenance-missing'], place),
    /provenance-missing/,
  );
  expectText(
    await must([...start, ...options, '--json', project], place),
    /"result": "pass"/,
  );
  const refused = await run([...start, '--no-such-option'], place);
  if (refused.exitCode !== 2) {
    throw new Error(`ended with ${refused.exitCode} instead of 2`);
  }
  expectText(
    await must(
      [...manager.node, join(cwd, 'import.mjs'), ...trustFiles],
      place,
    ),
    /^function true @sigstore\/verify string\nrejected\n$/,
  );
  return cwd;
}

function expectText(text: string, expected: RegExp): void {
  if (expected.test(text)) return;
  throw new Error(`expected ${String(expected)}, found:\n${text}`);
}
