import { readdir, readFile } from 'node:fs/promises';

/** The top of this checkout. */
export const ROOT = new URL('../../', import.meta.url);

/** A page of documentation, by its path from the top. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page. */
export interface CodeBlock {
  /** Page and 1-based line, for messages. */
  readonly at: string;
  /** As written behind the fence; empty where nothing is. */
  readonly language: string;
  readonly code: string;
}

const FENCED = /^( *)```([a-z]*)\n([^]*?)^\1```$/gm;

/** Every page that somebody reads to use or to change the program. */
export async function readPages(): Promise<readonly Page[]> {
  const docs = (await readdir(new URL('docs/', ROOT)))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`);
  const top = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md'];
  const fixtures = ['fixtures/README.md', 'fixtures/lockfiles/README.md'];
  return Promise.all(
    [...top, ...docs.toSorted(), ...fixtures].map(async (path) => ({
      path,
      text: await readFile(new URL(path, ROOT), 'utf8'),
    })),
  );
}

/** The blocks of a page in its order, those of lists without their indent. */
export function codeBlocks({ path, text }: Page): readonly CodeBlock[] {
  return [...text.matchAll(FENCED)].map((match) => {
    const [, indent = '', language = '', code = ''] = match;
    const line = text.slice(0, match.index).split('\n').length;
    const lines = code.split('\n').map((each) => each.slice(indent.length));
    return { at: `${path}:${line}`, language, code: lines.join('\n') };
  });
}

/** What of a page is no code block. */
export function prose({ text }: Page): string {
  return text.replaceAll(FENCED, '');
}

/** The anchors that a code host gives the headings of a page. */
export function anchors(page: Page): ReadonlySet<string> {
  const headings = [...prose(page).matchAll(/^#{1,6} (.+)$/gm)];
  const found = new Map<string, number>();
  return new Set(
    headings.map(([, heading = '']) => {
      const words = heading
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim();
      const slug = words.replaceAll(/\s/g, '-');
      const count = found.get(slug) ?? 0;
      found.set(slug, count + 1);
      return count === 0 ? slug : `${slug}-${count}`;
    }),
  );
}
