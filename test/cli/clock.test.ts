import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createSigstore } from '../../fixtures/private-sigstore.js';
import {
  projectOf,
  publishPackage,
  withTampered,
  type Project,
} from '../../fixtures/projects.js';
import {
  createClockWatch,
  requirePlausibleClock,
} from '../../src/cli/clock-watch.js';
import type { Report } from '../../src/report/report.js';
import { createScene, runMain, type Run } from './scene.js';

const sigstore = await createSigstore();
const honest = projectOf([
  publishPackage(sigstore, { name: 'widget', version: '1.2.3' }),
]);
const pair = projectOf([
  publishPackage(sigstore, { name: 'gadget', version: '1.0.0' }),
  publishPackage(sigstore, { name: 'widget', version: '1.2.3' }),
]);
const DAY = 86_400_000;
const NOW = new Date('2026-11-24T10:00:00Z');
const after = (days: number): Date => new Date(NOW.getTime() + days * DAY);

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** Runs the program against a registry whose own clock is `days` ahead. */
async function run(
  days: number,
  project: Project,
  ...argv: readonly string[]
): Promise<Run> {
  const scene = await createScene(sigstore, project);
  closing.push(() => scene.close());
  const front = createServer((request, response) => {
    void fetch(new URL(request.url ?? '/', scene.registry.url)).then(
      async (answer) => {
        const date = new Date(Date.now() + days * DAY).toUTCString();
        response.writeHead(answer.status, { date });
        response.end(Buffer.from(await answer.arrayBuffer()));
      },
    );
  });
  await new Promise<void>((resolve) => {
    front.listen(0, '127.0.0.1', resolve);
  });
  closing.push(
    () =>
      new Promise((resolve) => {
        front.close(resolve).closeAllConnections();
      }),
  );
  const { port } = front.address() as AddressInfo;
  const options = [...scene.options, '--registry', `http://127.0.0.1:${port}`];
  return runMain(scene, [...argv, ...options]);
}

function verifications({ stdout }: Run): Readonly<Record<string, string>> {
  const { dependencies } = JSON.parse(stdout) as Report;
  return Object.fromEntries(
    dependencies.map(({ name, verification }) => [name, verification]),
  );
}

describe('a registry whose clock differs', () => {
  it.each([0, 0.9, -0.9])('by %d days does not matter', async (days) => {
    expect(await run(days, honest)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it.each([
    [2, []],
    [-2, []],
    [400, ['show', 'widget']],
  ] as const)('by %d days ends %j with 3 and no report', async (days, argv) => {
    const ended = await run(days, honest, ...argv);
    expect(ended).toMatchObject({ exitCode: 3, stdout: '' });
    expect(ended.stderr).toMatch(
      /^provenance-audit: nothing can be verified: the local clock says .*\n$/,
    );
  });

  it('hides no rejected evidence by that', async () => {
    const ended = await run(2, withTampered(sigstore, honest, 'widget'));
    expect(ended.exitCode).toBe(4);
    expect(ended.stdout).toContain('evidence-rejected');
    expect(ended.stderr).toContain('warning: the local clock');
  });

  it('verifies nothing beside it', async () => {
    const project = withTampered(sigstore, pair, 'widget');
    const right = await run(0, project, '--json');
    expect(right.exitCode).toBe(4);
    expect(verifications(right)).toEqual({
      gadget: 'verified',
      widget: 'rejected',
    });
    const wrong = await run(2, project, '--json');
    expect(wrong.exitCode).toBe(4);
    expect(verifications(wrong)).toEqual({
      gadget: 'unverifiable',
      widget: 'rejected',
    });
    expect(wrong.stdout).toContain('"rule": "clock-implausible"');
  });
});

describe('a clock', () => {
  it.each<[string, Date, readonly Date[], boolean]>([
    ['is right by itself', after(-30), [], false],
    ['is right by every answer', after(-30), [NOW, after(0.5)], false],
    [
      'is right where old answers mix with new ones',
      after(-30),
      [after(-9), NOW, after(-9)],
      false,
    ],
    ['is behind the build', after(1), [], true],
    ['is behind its registry', after(-30), [after(2)], true],
    ['is ahead of its registry', after(-30), [after(-2)], true],
  ])('that %s', (_what, builtOn, times, isImplausible) => {
    const watch = createClockWatch(() => NOW, builtOn);
    for (const time of times) watch.onServerTime('npm.example', time);
    const check = watch.check();
    expect(check.isImplausible).toBe(isImplausible);
    const judge = (): void => {
      requirePlausibleClock(check);
    };
    if (isImplausible) {
      expect(judge).toThrow(
        expect.objectContaining({ code: 'CLOCK_IMPLAUSIBLE' }),
      );
    } else expect(judge).not.toThrow();
  });

  it('is compared as of the answer, however long the audit takes', () => {
    let now = NOW;
    const watch = createClockWatch(() => now, after(-30));
    watch.onServerTime('npm.example', NOW);
    now = after(3);
    expect(watch.check().isImplausible).toBe(false);
  });
});
