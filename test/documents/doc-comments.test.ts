import { glob } from 'glob';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';

import { ROOT } from './markdown.js';

/** These say themselves, in members that all outputs print, what they are. */
const SELF_DESCRIBED = ['Rule', 'ReportFormat'];

/** Exported declarations of a source without a doc comment, by their first line. */
function undocumented(path: string, text: string): readonly string[] {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true);
  return source.statements
    .filter(isExported)
    .filter((node) => ts.getJSDocCommentsAndTags(node).length === 0)
    .filter((node) => !isSelfDescribed(node))
    .map((node) => `${path}: ${node.getText().split('\n')[0] ?? ''}`);
}

function isExported(node: ts.Statement): boolean {
  const modifiers = ts.canHaveModifiers(node) ? ts.getModifiers(node) : [];
  return (modifiers ?? []).some(
    ({ kind }) => kind === ts.SyntaxKind.ExportKeyword,
  );
}

function isSelfDescribed(node: ts.Statement): boolean {
  if (!ts.isVariableStatement(node)) return false;
  return node.declarationList.declarations.every(({ type }) =>
    SELF_DESCRIBED.includes(type?.getText() ?? ''),
  );
}

it('would notice an export without a doc comment', () => {
  const lines = [
    '/** Said. */ export const said = 1;',
    'export function unsaid(): void {}',
    '// A remark is none.\nexport const remarked = 1;',
    'export const rule: Rule = made();',
    'const own = 1;',
  ];
  expect(undocumented('a.ts', lines.join('\n'))).toEqual([
    'a.ts: export function unsaid(): void {}',
    'a.ts: export const remarked = 1;',
  ]);
});

it('every export of the sources has a doc comment', async () => {
  const cwd = fileURLToPath(ROOT);
  const paths = await glob('src/**/*.ts', { cwd, posix: true });
  expect(paths.length).toBeGreaterThan(300);
  const missing = await Promise.all(
    paths.map(async (path) =>
      undocumented(path, await readFile(new URL(path, ROOT), 'utf8')),
    ),
  );
  expect(missing.flat()).toEqual([]);
});
