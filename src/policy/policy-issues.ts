import type { z } from 'zod';
import { nodeAt, type PolicyNode } from './policy-node.js';
import { mismatch, suggest, type LocalProblem } from './policy-problem.js';

type Issue = z.core.$ZodIssue;

const MAX_NAMED = 12;

/**
 * What the schema found wrong with `root`, with places.
 */
export function issuesToProblems(
  root: PolicyNode,
  issues: readonly Issue[],
): readonly LocalProblem[] {
  return issues.flatMap((issue) => toProblems(root, issue, []));
}

function toProblems(
  root: PolicyNode,
  issue: Issue,
  before: readonly PropertyKey[],
): readonly LocalProblem[] {
  const keys = [...before, ...issue.path];
  const node = nodeAt(root, keys);
  if (node === null) return [missing(root, keys, issue.message)];
  if (issue.code === 'unrecognized_keys') {
    const known = issue.message.split('\n');
    return issue.keys.map((key) => unknownKey(node, [...keys, key], known));
  }
  if (issue.code === 'invalid_union') {
    const branch = issue.errors.find((inner) => fits(inner, node));
    if (branch !== undefined) {
      return branch.flatMap((inner) => toProblems(root, inner, keys));
    }
  }
  const suggestion = issue.code === 'invalid_value' ? meant(node, issue) : null;
  return [mismatch({ node, keys }, issue.message, suggestion)];
}

/** Whether a branch of a union is the one for the kind of value there is. */
function fits(issues: readonly Issue[], node: PolicyNode): boolean {
  return !issues.some(
    ({ code, path }) =>
      path.length === 0 &&
      (code === 'invalid_type' ||
        (code === 'invalid_value' && typeof node.value !== 'string')),
  );
}

function meant(
  { value }: PolicyNode,
  { values }: z.core.$ZodIssueInvalidValue,
): string | null {
  return typeof value === 'string' ? suggest(value, values.map(String)) : null;
}

function unknownKey(
  node: PolicyNode,
  keys: readonly PropertyKey[],
  known: readonly string[],
): LocalProblem {
  const key = String(keys.at(-1));
  const isRule = keys.length === 2 && keys[0] === 'rules';
  const suggestion = suggest(key, known);
  const message = isRule ? 'unknown rule' : 'unknown key';
  const expected =
    known.length > MAX_NAMED ? null : `one of ${known.join(', ')}`;
  return {
    offset: node.members.get(key)?.keyOffset ?? node.offset,
    keys,
    message:
      suggestion === null && expected !== null
        ? `${message}, expected ${expected}`
        : message,
    expected,
    found: key,
    suggestion,
  };
}

/** A key that has to be there is not: the place is that of its object. */
function missing(
  root: PolicyNode,
  keys: readonly PropertyKey[],
  expected: string,
): LocalProblem {
  const parent = nodeAt(root, keys.slice(0, -1));
  return {
    offset: parent?.offset ?? null,
    keys,
    message: `missing, expected ${expected}`,
    expected,
    found: null,
    suggestion: null,
  };
}
