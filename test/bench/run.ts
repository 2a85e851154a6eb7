import { argv, stderr, stdout } from 'node:process';

import { describeMachine, main, renderResults } from './main.js';

const results = await main(argv.slice(2), 'reports', (line) => {
  stderr.write(`${line}\n`);
});
stdout.write(renderResults(results, describeMachine()));
