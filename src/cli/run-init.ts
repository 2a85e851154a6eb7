import { basename, join, resolve } from 'node:path';
import { auditSubjects } from '../audit.js';
import { AuditError } from '../errors.js';
import { findCheckout } from '../io/checkout.js';
import { parsePolicyText } from '../io/compose-policy.js';
import { writeWhole } from '../io/files.js';
import { PINS_FILE, readPins } from '../io/pins-file.js';
import { findPolicyFile } from '../io/policy-files.js';
import { evaluatePolicy } from '../policy/evaluate-policy.js';
import {
  draftInitialPolicy,
  renderInitialPolicy,
} from '../policy/initial-policy.js';
import { NO_PINS, type Pins } from '../policy/pins/pins.js';
import { renderPins } from '../policy/pins/render-pins.js';
import { updatePins } from '../policy/pins/update-pins.js';
import { DEFAULT_POLICY } from '../policy/policy.js';
import { RULES } from '../policy/rules/index.js';
import type { Verdict } from '../policy/verdict.js';
import { resultOf } from '../report/result.js';
import type { PlacedEnvironment } from './environment.js';
import type { ExitCode } from './exit-code.js';
import { renderInitialized, renderNotInitialized } from './init-summary.js';
import type { InitOptions } from './options.js';
import { withPreparedAudit } from './prepare-audit.js';
import { splitFileOperand } from './project-source.js';
import type { Self } from './self.js';
import { usage } from './usage.js';
import { write } from './write.js';

const POLICY_FILE = 'provenance-audit.yaml';
/** Evidence could not be had or verified, and nothing is wrong otherwise. */
const INCOMPLETE = 3;

/**
 * Audits the project that `options` name by the default policy and writes a
 * policy and pins that hold on to what is proven. What is written has been held
 * against that very state before, and passes but for what could not be asked;
 * where it would not, nothing is written. Throws `AuditError` where a policy
 * is there already, or no audit possible.
 */
export async function runInit(
  given: InitOptions,
  environment: PlacedEnvironment,
  self: Self,
): Promise<ExitCode> {
  const options = await splitFileOperand(given, environment.cwd);
  const folder = resolve(environment.cwd, options.directory);
  await refuseExisting(folder, options.force);
  const world = { environment, self, policy: DEFAULT_POLICY };
  const { report, subjects } = await withPreparedAudit(
    options,
    world,
    async ({ input, ports, options: auditOptions }) => {
      const audited = await auditSubjects(input, ports, auditOptions);
      return { ...audited, exitCode: audited.report.exitCode };
    },
  );
  const now = new Date(report.auditedAt);
  const old = await readPins(folder);
  const judge = (policy: typeof DEFAULT_POLICY, pins: Pins): Verdict =>
    evaluatePolicy(subjects, { policy, pins, proposed: null, now }, RULES);
  const today = judge(DEFAULT_POLICY, old ?? NO_PINS);
  const draft = draftInitialPolicy(subjects, today.findings);
  const text = renderInitialPolicy(draft, report.auditedAt.slice(0, 10));
  const { pins } = updatePins(old ?? NO_PINS, subjects, {
    accept: new Set(),
    prune: false,
  });
  const after = judge(parsePolicyText(POLICY_FILE, text), pins);
  const { exitCode } = resultOf(after.findings);
  if (exitCode !== 0 && exitCode !== INCOMPLETE) {
    await write(environment.stdout, renderNotInitialized(after, POLICY_FILE));
    return exitCode;
  }
  const files = new Map([
    [PINS_FILE, renderPins(pins)],
    [POLICY_FILE, text],
  ]);
  const root = await findCheckout(folder);
  for (const [name, content] of files) {
    await writeWhole(join(folder, name), content, root);
  }
  await write(
    environment.stdout,
    renderInitialized([...files.keys()], { draft, pins, after, ...options }),
  );
  return exitCode;
}

/** Whoever has a policy loses its exemptions and demands with it. */
async function refuseExisting(folder: string, force: boolean): Promise<void> {
  const path = await findPolicyFile(folder);
  if (path === null) return;
  const name = basename(path);
  if (name !== POLICY_FILE) {
    // Beside it a second one would make every audit end with 2.
    const message = `${name} holds a policy already; remove it there first`;
    throw new AuditError('POLICY_INVALID', message);
  }
  if (force) return;
  throw usage(`init: ${name} is there already; --force writes it anew`);
}
