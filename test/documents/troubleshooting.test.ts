import { glob } from 'glob';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import { exitCodeOf } from '../../src/cli/exit-code.js';
import { AuditError, type AuditErrorCode } from '../../src/errors.js';
import { UNAVAILABLE_CODES } from '../../src/evidence/evidence.js';
import type { UnverifiableCode } from '../../src/verification/verification.js';
import { ROOT } from './markdown.js';

const page = await readFile(new URL('docs/troubleshooting.md', ROOT), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => /^\| (?!---)/.test(line))
  .map((line) =>
    line.split(' | ').map((cell) => cell.replace(/^\| | \|$/g, '')),
  );
/** What the first cells have between backticks. */
const shown = rows.flatMap(([first = '']) =>
  [...first.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text),
);
/** Messages, as opposed to codes. */
const messages = shown.filter((text) => /[ …]/.test(text));

/** What makes an error that ends a run, and which of its arguments says why. */
const MAKERS: Readonly<Record<string, number>> = {
  ...{ AuditError: 1, usage: 0, invalidLockfile: 0, outdated: 1 },
};

/** Messages of errors in a source, with `…` for what is put in. */
function thrownIn(text: string): readonly string[] {
  const source = ts.createSourceFile(
    'a.ts',
    text,
    ts.ScriptTarget.ES2023,
    true,
  );
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) || ts.isCallExpression(node)) {
      const position = MAKERS[node.expression.getText()];
      const message =
        position === undefined ? null : node.arguments?.[position];
      if (message != null) found.push(templateOf(message));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function templateOf(node: ts.Expression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    const spans = node.templateSpans.map(({ literal }) => `…${literal.text}`);
    return [node.head.text, ...spans].join('');
  }
  if (ts.isBinaryExpression(node)) {
    return templateOf(node.left) + templateOf(node.right);
  }
  return '…';
}

const paths = await glob('src/**/*.ts', {
  cwd: fileURLToPath(ROOT),
  posix: true,
});
const sources = await Promise.all(
  paths.map((path) => readFile(new URL(path, ROOT), 'utf8')),
);
const everything = sources.join('\n');
/** Those with words of their own: the others quote what said something before. */
const thrown = [...new Set(sources.flatMap(thrownIn))].filter((message) =>
  /[a-z]{3}/i.test(message.replaceAll(/--[a-z-]+/g, '')),
);

/** A message of the page as a pattern; `…` stands for anything. */
function toPattern(text: string): RegExp {
  const parts = text
    .split('…')
    .map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's');
}

describe('docs/troubleshooting.md', () => {
  it('has a row for every message that ends a run', () => {
    expect(thrown.length).toBeGreaterThan(100);
    const patterns = messages.map(toPattern);
    const missing = thrown.filter(
      (message) => !patterns.some((pattern) => pattern.test(message)),
    );
    expect(missing).toEqual([]);
  });

  it('would notice one that has none', () => {
    const patterns = messages.map(toPattern);
    const own = thrownIn('throw usage(`${name}: it went wrong`);');
    expect(own).toEqual(['…: it went wrong']);
    expect(patterns.some((each) => each.test(own[0] ?? ''))).toBe(false);
  });

  it.each(messages)('%s is what the program says', (message) => {
    const words = message
      .split('…')
      .map((part) => part.trim())
      .filter((part) => /[a-z]{3}/i.test(part));
    expect(words.length).toBeGreaterThan(0);
    for (const part of words) expect(everything).toContain(part);
  });

  it.each<AuditErrorCode>([
    ...(['USAGE', 'CONFIG_INVALID', 'LOCKFILE_MISSING'] as const),
    ...(['LOCKFILE_INVALID', 'POLICY_INVALID', 'GIT_FAILED'] as const),
    ...(['TRUST_ROOT_INVALID', 'TRUST_ROOT_UNAVAILABLE'] as const),
    ...(['CLOCK_IMPLAUSIBLE', 'OUTPUT_FAILED', 'ABORTED'] as const),
  ])('has the exit code of %s', (code) => {
    const error = new AuditError(code, 'why');
    const exitCode = exitCodeOf({ status: 'failed', error, signal: null });
    const row = rows.find(([first]) => first?.trim() === `\`${code}\``);
    expect(row?.[1]?.trim()).toBe(`${exitCode}`);
  });

  it.each<string>([
    ...UNAVAILABLE_CODES,
    ...([
      ...['weak-integrity', 'no-sha512', 'integrity-malformed'],
      ...['registry-keys-missing', 'provenance-withheld', 'clock-implausible'],
    ] as UnverifiableCode[]),
  ])('says what to do about %s', (code) => {
    expect(shown).toContain(code);
  });
});
