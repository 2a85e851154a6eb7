#!/usr/bin/env node
import { main } from '../dist/src/cli/main.js';
import { processEnvironment } from '../dist/src/cli/process-environment.js';

process.exitCode = await main(process.argv.slice(2), processEnvironment());
