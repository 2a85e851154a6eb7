import { readdir, readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: unknown;
  readonly env?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

const FOLDER = new URL('../../.github/workflows/', import.meta.url);
const texts = new Map(
  await Promise.all(
    (await readdir(FOLDER)).map(
      async (name): Promise<readonly [string, string]> => [
        name,
        await readFile(new URL(name, FOLDER), 'utf8'),
      ],
    ),
  ),
);
const read = (name: string): Workflow =>
  parse(texts.get(name) ?? '') as Workflow;

/** What a job may ask for: to read, and for the one that publishes, an identity. */
const RIGHTS: Readonly<Record<string, object>> = {
  'release.yml/test': { contents: 'read' },
  'release.yml/publish': { contents: 'read', 'id-token': 'write' },
};

it('finds the workflows', () => {
  expect([...texts.keys()]).toEqual(['release.yml']);
});

describe.each([...texts])('%s', (name, text) => {
  const workflow = read(name);
  const jobs = Object.entries(workflow.jobs);

  it('gives nothing to a job that does not ask, and each job the least', () => {
    expect(workflow.permissions).toEqual({});
    const rights = jobs.map(([job, { permissions }]) => [
      `${name}/${job}`,
      permissions,
    ]);
    expect(Object.fromEntries(rights)).toEqual(RIGHTS);
  });

  it('takes every action by its full commit, with the version beside it', () => {
    const lines = text.split('\n').filter((line) => line.includes('uses:'));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      expect(line).toMatch(
        /uses: [\w-]+\/[\w/-]+@[\da-f]{40} # v\d+\.\d+\.\d+$/,
      );
    }
  });

  it('knows no secret, and no script has an expression in it', () => {
    expect(text).not.toMatch(
      /\bsecrets\b|NODE_AUTH_TOKEN|NPM_TOKEN|_authToken/,
    );
    for (const [, { steps, env }] of jobs) {
      expect(env).toBeUndefined();
      for (const step of steps) {
        expect(step.run ?? '').not.toContain('${{');
        expect(step.env).toBeUndefined();
      }
    }
    expect(workflow.env).toBeUndefined();
  });

  it('leaves no credential in a checkout', () => {
    const checkouts = jobs
      .flatMap(([, { steps }]) => steps)
      .filter(({ uses }) => uses?.startsWith('actions/checkout@'));
    expect(checkouts.length).toBe(jobs.length);
    for (const step of checkouts) {
      expect(step.with).toMatchObject({ 'persist-credentials': false });
    }
  });
});

describe('the release', () => {
  const workflow = read('release.yml');
  const { test, publish } = workflow.jobs;

  it('starts with a tag of a version, and with nothing else', () => {
    expect(workflow.on).toEqual({ push: { tags: ['v*'] } });
  });

  it('publishes what has passed everything, behind a protected environment', () => {
    expect(test?.steps.map(({ run }) => run)).toContain('bash .ci/run');
    expect(publish).toMatchObject({ needs: 'test', environment: 'npm' });
  });

  it('publishes last, with provenance, and installs without scripts before', () => {
    const commands = (publish?.steps ?? []).flatMap(({ run }) => run ?? []);
    expect(commands.at(-1)).toBe('npm publish --provenance --access public');
    expect(commands[0]).toBe('npm ci --ignore-scripts');
    expect(commands.filter((each) => each.includes('publish'))).toHaveLength(1);
    expect(commands.join('\n')).not.toContain('npm token');
    expect(commands[1]).toContain('"v$(node -p');
    expect(commands[2]).toContain('npm pkg set repository.type=git');
    const others = (test?.steps ?? []).flatMap(({ run }) => run ?? []);
    expect(others.join('\n')).not.toContain('npm publish');
  });

  it('has an npm that publishes by the identity of the job', () => {
    // Trusted publishing needs npm 11.5.1, which comes with Node.js 24.
    const setup = publish?.steps.find(({ uses }) =>
      uses?.startsWith('actions/setup-node@'),
    );
    expect(setup?.with?.['node-version']).toBeGreaterThanOrEqual(24);
    // With this input the action writes an .npmrc that waits for a token.
    expect(setup?.with).not.toHaveProperty('registry-url');
  });
});
