import { cp, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isJsonObject, parseStrictJson } from '../../src/json/strict-json.js';
import { verifyBundle } from '../../src/verification/verify-bundle.js';
import type { OpenVerifyPool } from '../../src/verify-ahead.js';
import { sharedArchive } from '../shared-data.js';
import { readCases, type ConformanceCase } from './cases.js';
import { judgeCases, main } from './main.js';
import { NOT_APPLICABLE } from './not-applicable.js';
import { publicGoodTrustedRoot } from './public-good-root.js';
import {
  documentsWith,
  LIMITS,
  readTrustRoot,
  REGISTRY,
} from './verify-case.js';

/** Later than every bundle of the suite. */
const NOW = new Date('2026-09-01T00:00:00Z');
const CASES = 70;
/** A thread needs compiled files; `npm test` makes them first. */
const COMPILED = fileURLToPath(
  new URL('../../dist/src/io/verify-pool.js', import.meta.url),
);
const folder = await sharedArchive('sigstore-conformance');

describe.skipIf(folder === null)(
  `Sigstore conformance suite${folder === null ? ' (no shared archive)' : ''}`,
  () => {
    const suite = folder ?? '';

    it('R10: fails no case and leaves none out', async () => {
      const { exitCode, stdout } = await run([suite]);
      const lines = stdout.trimEnd().split('\n');
      const counts = /^(\d+) passed, (\d+) failed, (\d+) not applicable$/.exec(
        lines.at(-1) ?? '',
      );
      const [passed, failed, other] = (counts ?? []).slice(1).map(Number);
      expect(failed).toBe(0);
      expect((passed ?? 0) + (other ?? 0)).toBe(CASES);
      expect(lines).toHaveLength(CASES + 2);
      expect(exitCode).toBe(0);
    });

    it('leaves out only cases that exist, and each for its reason', async () => {
      const results = judgeCases(await readCases(suite), NOW);
      const leftOut = results
        .filter(({ verdict }) => verdict === 'not applicable')
        .map(({ name }) => name);
      expect(leftOut).toEqual([...NOT_APPLICABLE.keys()].toSorted());
    });

    // Each for what it is about, not for the first thing that differs.
    it.each([
      ['bundle-malformed-json_fail', 'not-json'],
      ['bundle-unknown-version_fail', 'bundle-malformed'],
      ['dsse-invalid-sig_fail', 'log-entry'],
      ['dsse-mismatch-envelope_fail', 'log-entry'],
      ['dsse-mismatch-sig_fail', 'log-entry'],
      ['intoto-expired-certificate_fail', 'certificate'],
      ['intoto-log-entry-mismatch_fail', 'log-entry'],
      ['intoto-missing-inclusion-proof_fail', 'bundle-malformed'],
      ['intoto-set-outside-signing-cert-validity_fail', 'certificate'],
      ['intoto-tsa-timestamp-outside-cert-validity_fail', 'certificate'],
      ['rekor2-dsse-invalid-sig_fail', 'log-entry'],
      ['rekor2-dsse-mismatch-envelope_fail', 'log-entry'],
      ['rekor2-dsse-mismatch-sig_fail', 'log-entry'],
      ['trust-root-tlog-missing-validity-start_fail', 'TRUST_ROOT_INVALID'],
    ])('refuses %s with %s', async (name, code) => {
      const { verdict, outcome } = await judgeOne(suite, name);
      expect(verdict).toBe('passed');
      expect(outcome).toMatchObject({ status: 'refused', code });
    });

    it.each([
      'happy-path-intoto-in-dsse-v3',
      'intoto-with-custom-trust-root',
      'rekor2-dsse-happy-path',
    ])('verifies %s', async (name) => {
      const { verdict, outcome } = await judgeOne(suite, name);
      expect(verdict).toBe('passed');
      expect(outcome).toEqual({ status: 'verified' });
    });

    it.skipIf(availableParallelism() === 1)(
      'comes to the same in threads',
      async () => {
        const outcomes = await compareInThreads(await readCases(suite));
        expect(outcomes.length).toBeGreaterThan(40);
        expect(new Set(outcomes)).toEqual(new Set(['verified', 'rejected']));
      },
      120_000,
    );

    describe('with a tampered expectation', () => {
      let copy = '';
      beforeAll(async () => {
        copy = await mkdtemp(join(tmpdir(), 'provenance-audit-conformance-'));
      });
      afterAll(() => rm(copy, { recursive: true, force: true }));

      it.each([
        ['dsse-invalid-sig_fail', 'dsse-invalid-sig'],
        ['rekor2-dsse-happy-path', 'rekor2-dsse-happy-path_fail'],
        ['happy-path-v0.1', 'a-name-without-a-reason'],
      ])('counts %s as failed when it is named %s', async (name, wrong) => {
        const own = join(copy, wrong);
        const cases = join(own, 'bundle-verify');
        await mkdir(own);
        await cp(join(suite, 'bundle-verify'), cases, { recursive: true });
        await rename(join(cases, name), join(cases, wrong));
        const { exitCode, stdout } = await run([own]);
        expect(stdout).toContain(`${wrong}: failed (`);
        expect(stdout).toMatch(/ 1 failed, \d+ not applicable\n$/u);
        expect(exitCode).toBe(1);
      });

      it('counts honest cases of another identity as failed', async () => {
        const own = join(copy, 'identity');
        await cp(suite, own, { recursive: true });
        const name = 'happy-path-intoto-in-dsse-v3';
        await writeFile(
          join(own, 'bundle-verify', name, 'identity'),
          'https://github.com/acme/widget\n',
        );
        const { verdict, outcome } = await judgeOne(own, name);
        expect(verdict).toBe('failed');
        expect(outcome).toMatchObject({ code: 'identity-san' });
      });
    });
  },
);

/** The outcomes of all bundles, each the same in a thread as without one. */
async function compareInThreads(
  cases: readonly ConformanceCase[],
): Promise<readonly string[]> {
  const { openVerifyPool } = (await import(COMPILED)) as {
    readonly openVerifyPool: OpenVerifyPool;
  };
  const outcomes: string[] = [];
  const rootOf = ({ trustedRoot }: ConformanceCase): string =>
    Buffer.from(trustedRoot ?? publicGoodTrustedRoot()).toString();
  for (const root of new Set(cases.map(rootOf))) {
    const read = readTrustRoot(Buffer.from(root));
    if (read.status === 'refused') continue;
    const documents = documentsWith(Buffer.from(root));
    const pool = openVerifyPool();
    const against = { documents, now: NOW };
    const those = cases.filter((each) => rootOf(each) === root);
    for (const { bundle } of those) {
      const json = parseStrictJson(bundle, LIMITS);
      if (json.status === 'error' || !isJsonObject(json.value)) continue;
      const task = { bundle: json.value, registry: REGISTRY };
      const here = verifyBundle(task.bundle, read.trustRoot, {
        registry: REGISTRY,
        now: NOW,
      });
      expect(await pool?.verify([task], against)).toStrictEqual([here]);
      outcomes.push(here.status);
    }
    await pool?.close();
  }
  return outcomes;
}

async function run(args: readonly string[]) {
  const written = { stdout: '', stderr: '' };
  const exitCode = await main(args, {
    stdout: (text) => (written.stdout += text),
    stderr: (text) => (written.stderr += text),
    now: NOW,
  });
  return { exitCode, ...written };
}

async function judgeOne(suite: string, name: string) {
  const cases = await readCases(suite);
  const [result] = judgeCases(
    cases.filter((each) => each.name === name),
    NOW,
  );
  if (result === undefined) throw new Error(`no case ${name}`);
  return result;
}
