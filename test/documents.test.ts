import { access, readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { PUBLIC_REGISTRY } from '../src/io/public-registry.js';
import { parsePolicy } from '../src/policy/parse-policy.js';
import { RULES } from '../src/policy/rules/index.js';

const root = new URL('../', import.meta.url);
const pages = (await readdir(new URL('docs/', root)))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);
const documents = await Promise.all(
  ['README.md', ...pages].map(async (path) => ({
    path,
    text: await readFile(new URL(path, root), 'utf8'),
  })),
);
const vocabulary = { rules: RULES, publicRegistry: PUBLIC_REGISTRY };

const policies = documents.flatMap(({ path, text }) =>
  [...text.matchAll(/^```yaml\n(version: 1\n[^]*?)^```$/gm)].map(
    ([, policy = ''], index) => ({ name: `${path} ${index + 1}`, policy }),
  ),
);
const links = documents.flatMap(({ path, text }) =>
  [...text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^(?:[a-z]+:|#)/.test(target))
    .map((target) => ({ path, target })),
);

describe('the documents', () => {
  it('show policies in the README, the guide and the rules', () => {
    const names = policies.map(({ name }) => name);
    for (const path of ['README.md', 'docs/policy.md', 'docs/rules.md']) {
      expect(names).toContain(`${path} 1`);
    }
  });

  it.each(policies)('$name is a valid policy', ({ name, policy }) => {
    const file = { path: name, bytes: Buffer.from(policy) };
    const parsed = parsePolicy({ ...file, kind: 'yaml' }, vocabulary);
    expect(parsed).toMatchObject({ status: 'ok' });
  });

  it('lead to files that exist', async () => {
    const missing: string[] = [];
    for (const { path, target } of links) {
      const file = target.replace(/#.*$/, '');
      await access(new URL(file, new URL(path, root))).catch(() => {
        missing.push(`${path}: ${target}`);
      });
    }
    expect(links).toContainEqual({
      path: 'README.md',
      target: 'docs/policy.md',
    });
    expect(missing).toEqual([]);
  });
});
