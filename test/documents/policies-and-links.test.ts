import { access } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';

import { PUBLIC_REGISTRY } from '../../src/io/public-registry.js';
import { parsePolicy } from '../../src/policy/parse-policy.js';
import { RULES } from '../../src/policy/rules/index.js';
import { anchors, codeBlocks, prose, readPages, ROOT } from './markdown.js';

const pages = await readPages();
const blocks = pages.flatMap(codeBlocks);
const ofLanguage = (language: string) =>
  blocks.filter((block) => block.language === language);
const vocabulary = { rules: RULES, publicRegistry: PUBLIC_REGISTRY };

const policies = ofLanguage('yaml').filter(({ code }) =>
  code.startsWith('version: 1\n'),
);
const links = pages.flatMap((page) =>
  [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => ({ from: page.path, target })),
);

describe('code blocks', () => {
  it('show policies in the README, the guide and the rules', () => {
    const places = policies.map(({ at }) => at.replace(/:\d+$/, ''));
    for (const path of ['README.md', 'docs/policy.md', 'docs/rules.md']) {
      expect(places).toContain(path);
    }
  });

  it.each(policies)('$at is a valid policy', ({ at, code }) => {
    const file = { path: at, bytes: Buffer.from(code) };
    const parsed = parsePolicy({ ...file, kind: 'yaml' }, vocabulary);
    expect(parsed).toMatchObject({ status: 'ok' });
  });

  it.each(ofLanguage('yaml'))('$at is YAML', ({ code }) => {
    expect(parseDocument(code).errors).toEqual([]);
  });

  it.each(ofLanguage('json'))('$at is JSON', ({ code }) => {
    expect(() => JSON.parse(code) as unknown).not.toThrow();
  });
});

describe('links within the documents', () => {
  it('lead to files that exist', async () => {
    const missing: string[] = [];
    for (const { from, target } of links) {
      const file = target.replace(/#.*$/, '');
      await access(new URL(file, new URL(from, ROOT))).catch(() => {
        missing.push(`${from}: ${target}`);
      });
    }
    expect(links).toContainEqual({
      from: 'README.md',
      target: 'docs/policy.md',
    });
    expect(missing).toEqual([]);
  });

  it('lead to headings that exist', () => {
    const byPath = new Map(pages.map((page) => [page.path, anchors(page)]));
    expect(byPath.get('docs/policy.md')).toContain('only-ever-stricter');
    const dangling = links.filter(({ from, target }) => {
      const [file = '', anchor] = target.split('#');
      if (anchor === undefined) return false;
      const path = new URL(file, new URL(from, ROOT)).href.slice(
        ROOT.href.length,
      );
      return byPath.get(file === '' ? from : path)?.has(anchor) !== true;
    });
    expect(dangling).toEqual([]);
  });

  it('reach every page of docs from the README', () => {
    const reached = new Set(['README.md']);
    for (const from of reached) {
      for (const link of links.filter((each) => each.from === from)) {
        const { href } = new URL(link.target, new URL(from, ROOT));
        reached.add(href.slice(ROOT.href.length).replace(/#.*$/, ''));
      }
    }
    const lost = pages
      .map(({ path }) => path)
      .filter((path) => path.startsWith('docs/') && !reached.has(path));
    expect(lost).toEqual([]);
  });
});
