#!/usr/bin/env node
import { main } from '../dist/src/cli/main.js';
import { processEnvironment } from '../dist/src/cli/process-environment.js';

// All output is handed on when main() returns. Waiting for more would be for
// connections that nobody needs any longer, some of which take minutes to fail.
process.exit(await main(process.argv.slice(2), processEnvironment()));
