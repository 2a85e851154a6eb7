import { resolve } from 'node:path';
import { InvalidPolicyError } from '../io/compose-policy.js';
import { readPolicyFile, readProjectPolicy } from '../io/policy-files.js';
import { DEFAULT_POLICY, type Policy } from '../policy/policy.js';
import type { PolicyProblem } from '../policy/policy-problem.js';
import { RULES } from '../policy/rules/index.js';
import { buildPolicyReport } from '../report/build-policy-report.js';
import { renderJson } from '../report/render-json.js';
import { renderPolicyText } from '../report/render-policy-text.js';
import { checkDelivery, deliver, toDelivery, type Render } from './deliver.js';
import type { PlacedEnvironment } from './environment.js';
import type { ExitCode } from './exit-code.js';
import type { PolicyCheckOptions } from './options.js';
import type { Self } from './self.js';

/**
 * Delivers what the policy that `options` name comes to, or everything that is
 * wrong with it. Throws `AuditError` where there is no such file, or no telling
 * which of several is meant.
 */
export async function runPolicyCheck(
  options: PolicyCheckOptions,
  environment: PlacedEnvironment,
  { version }: Self,
): Promise<ExitCode> {
  const delivery = await toDelivery(environment, '.');
  await checkDelivery(options, delivery);
  const outcome = await read(options.file, environment.cwd);
  const report = buildPolicyReport({
    version,
    now: new Date(),
    rules: RULES,
    outcome,
  });
  const render: Render = (format, look) =>
    format === 'json' ? renderJson(report) : renderPolicyText(report, look);
  await deliver(render, options, delivery);
  return report.problems.length === 0 ? 0 : 2;
}

async function read(
  file: string | null,
  cwd: string,
): Promise<Policy | readonly PolicyProblem[]> {
  try {
    if (file !== null) return await readPolicyFile(resolve(cwd, file), cwd);
    return (await readProjectPolicy(cwd)) ?? DEFAULT_POLICY;
  } catch (error) {
    if (error instanceof InvalidPolicyError) return error.problems;
    throw error;
  }
}
