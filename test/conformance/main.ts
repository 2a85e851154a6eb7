import { escapeTerminal } from '../../src/report/escape.js';
import { readCases, SuiteError, type ConformanceCase } from './cases.js';
import { judgeCase, type CaseResult } from './judge.js';
import { NOT_APPLICABLE } from './not-applicable.js';
import { publicGoodTrustedRoot } from './public-good-root.js';
import { renderResults } from './render.js';
import { verifyCase } from './verify-case.js';

/** Where `main` writes, and what time it is. */
export interface ConformanceEnvironment {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly now: Date;
}

const USAGE = 'Usage: npm run conformance -- FOLDER';

/**
 * Runs the bundle cases of the Sigstore conformance suite, unpacked in the one
 * folder that `args` name, through the loader and the verifier of the program.
 *
 * Returns the exit code: 0 if no case failed, 1 if one did, 2 if there is no
 * such suite to run.
 */
export async function main(
  args: readonly string[],
  { stdout, stderr, now }: ConformanceEnvironment,
): Promise<0 | 1 | 2> {
  const [folder, ...others] = args;
  if (folder === undefined || others.length > 0) {
    stderr(`${USAGE}\n`);
    return 2;
  }
  try {
    const results = judgeCases(await readCases(folder), now);
    stdout(renderResults(results));
    return results.some(({ verdict }) => verdict === 'failed') ? 1 : 0;
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    stderr(`${escapeTerminal(error.message)}\n${USAGE}\n`);
    return 2;
  }
}

/** Verifies and judges `cases` at the time `now`, in their order. */
export function judgeCases(
  cases: readonly ConformanceCase[],
  now: Date,
): readonly CaseResult[] {
  const context = { defaultRoot: publicGoodTrustedRoot(), now };
  return cases.map((each) =>
    judgeCase(each, verifyCase(each, context), NOT_APPLICABLE),
  );
}
