#!/usr/bin/env node
import { createRequire } from 'node:module';

// Not imported: that opens the files of all modules at once, more than some
// machines let a process open. Required, they are read one after the other.
// Yarn's Plug'n'Play finds what is imported in its archives, and that only.
const require = createRequire(import.meta.url);
const isPlugNPlay = process.versions.pnp !== undefined;
const load = isPlugNPlay ? (path) => import(path) : require;
const { endOnDefect } = await load('../dist/src/cli/end-on-defect.js');
const { processEnvironment } = await load(
  '../dist/src/cli/process-environment.js',
);
endOnDefect();
const environment = processEnvironment();
// Libraries ask for the current folder while they are loaded. Without one,
// main() says so.
if (environment.cwd === null) process.chdir('/');
const { main } = await load('../dist/src/cli/main.js');
// What audits needs most of them; the rest imports the little that it uses.
const isLight = process.argv
  .slice(2)
  .some((each) => /^(?:rules|completion|--help|--version)$/.test(each));
if (!isLight) {
  if (isPlugNPlay) {
    const { importAgents } = await load('../dist/src/cli/import-agents.js');
    await importAgents();
  }
  await load('../dist/src/cli/run-audit.js');
}

// All output is handed on when main() returns. Waiting for more would be for
// connections that nobody needs any longer, some of which take minutes to fail.
process.exit(await main(process.argv.slice(2), environment));
