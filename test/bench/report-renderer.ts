import { writeFile } from 'node:fs/promises';
import { argv, stdout } from 'node:process';

import { loadFormat } from '../../src/report/formats/index.js';
import { largeReport } from '../report/large-report.js';

/**
 * Renders one large report in one form, once, in a process of its own, writes it
 * to a file and prints what it cost: `FORMAT PACKAGES FINDINGS FILE`. The report
 * is built before; the form is loaded in the time that is measured.
 */
const [, , name = '', packages, findings, file = ''] = argv;
const report = largeReport(Number(packages), Number(findings));
const usage = process.cpuUsage();
const started = performance.now();
const format = await loadFormat(name);
const text = format.render(report, {
  ...{ lockfilePath: 'app/package-lock.json', width: 80, color: true },
  ...{ verbose: false, quiet: false },
});
const wallMs = performance.now() - started;
const { user, system } = process.cpuUsage(usage);
const peakMiB = process.resourceUsage().maxRSS / 1024;
await writeFile(file, text);
const bytes = Buffer.byteLength(text);
const cost = { wallMs, cpuMs: (user + system) / 1000, peakMiB, bytes };
stdout.write(JSON.stringify(cost));
