import process from 'node:process';
import { parseArgs } from 'node:util';
import { soak } from './soak.js';

/** `npm run soak`: says what came of each run, and ends with 1 if any is wrong. */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '50' },
    packages: { type: 'string', default: '2000' },
    faults: { type: 'string', default: '0.01' },
  },
});
const options = {
  seeds: Number(values.seeds),
  packages: Number(values.packages),
  faults: Number(values.faults),
};
const runs = await soak(options, ({ seed, faults, lost, wrong }) => {
  const verdict =
    wrong.length === 0 ? 'as expected' : `wrong: ${wrong.join(' ')}`;
  process.stdout.write(
    `seed ${seed}: ${faults} faults, ${lost} packages lost, ${verdict}\n`,
  );
});
const wrong = runs.filter((run) => run.wrong.length > 0);
process.stdout.write(
  `${runs.length - wrong.length} of ${runs.length} runs as expected\n`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
