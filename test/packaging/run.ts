import { stdout } from 'node:process';

import { main } from './main.js';

await main((line) => {
  stdout.write(`${line}\n`);
});
