import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';

import { describeMachine } from './main.js';
import { runReportPlan } from './report-plan.js';
import { renderTable } from './table.js';

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    packages: { type: 'string', default: '5000' },
    findings: { type: 'string', default: '25000' },
    rounds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});
const read = (name: 'packages' | 'findings' | 'rounds'): number => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Error(`--${name}: expected a number, found ${values[name]}`);
};
const options = {
  ...{ packages: read('packages'), findings: read('findings') },
  ...{ rounds: read('rounds'), only: values.only },
};
const rows = await runReportPlan(options, (line) => {
  stderr.write(`${line}\n`);
});
const text = [
  `Machine: ${describeMachine()}.`,
  `${options.packages} packages, ${options.findings} findings, middle of ${options.rounds} rounds, each form in a process of its own.`,
  '',
  renderTable(rows),
].join('\n');
await mkdir('reports', { recursive: true });
await writeFile(join('reports', 'bench-reports.md'), text);
stdout.write(text);
