import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';

import { runLockfilePlan } from './lockfile-plan.js';
import { describeMachine } from './main.js';
import { renderTable } from './table.js';

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    size: { type: 'string', default: '20000' },
    few: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    real: { type: 'string' },
  },
});
const read = (name: 'size' | 'few' | 'rounds'): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name}: expected a number, found ${values[name]}`);
};
const options = {
  ...{ size: read('size'), few: read('few'), rounds: read('rounds') },
  ...{ only: values.only, real: values.real ?? null },
};
const rows = await runLockfilePlan(options, (line) => {
  stderr.write(`${line}\n`);
});
const text = [
  `Machine: ${describeMachine()}.`,
  `${options.size} packages, middle of ${options.rounds} rounds, each in a process of its own.`,
  '',
  renderTable(rows),
].join('\n');
await mkdir('reports', { recursive: true });
await writeFile(join('reports', 'bench-lockfiles.md'), text);
stdout.write(text);
