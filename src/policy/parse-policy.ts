import { cutMember } from '../json/cut-member.js';
import { decodeUtf8 } from '../json/decode-utf8.js';
import { crossCheck } from './policy-cross-checks.js';
import {
  MAX_POLICY_BYTES,
  PACKAGE_JSON_KEY,
  type PolicyFile,
} from './policy-file.js';
import { issuesToProblems } from './policy-issues.js';
import { readPolicyJson } from './policy-json.js';
import { nodeAt, placesOf, type PolicyNode } from './policy-node.js';
import { toPolicyParts, type PolicyParts } from './policy-parts.js';
import {
  firstOfEach,
  formatKeys,
  type LocalProblem,
  type PolicyProblem,
} from './policy-problem.js';
import { policyFileSchema, type KnownRule } from './policy-schema.js';
import { readPolicyYaml } from './policy-yaml.js';

/** What a valid policy may refer to. */
export interface PolicyVocabulary {
  /** The catalogue. */
  readonly rules: readonly KnownRule[];
  /** Base URL of the public registry, which a policy calls `public`. */
  readonly publicRegistry: string;
}

/** What a policy file says, or everything that is wrong with it; never half. */
export type ParsedPolicy =
  | { readonly status: 'ok'; readonly parts: PolicyParts }
  | { readonly status: 'error'; readonly problems: readonly PolicyProblem[] };

/** Deepest nesting of a package.json around the policy in it. */
const MAX_MANIFEST_DEPTH = 256;
/** More would hide the first ones. */
const MAX_PROBLEMS = 100;

/**
 * Reads one policy file, untrusted, into what it says, or into everything that
 * is wrong with it, in the order of the file. Does not look at the files it
 * extends. Never throws.
 */
export function parsePolicy(
  file: PolicyFile,
  vocabulary: PolicyVocabulary,
): ParsedPolicy {
  const cut = cutPolicy(file);
  if (cut.status === 'error') return refuseWhole(file, cut);
  const { bytes, before } = cut;
  if (bytes.byteLength > MAX_POLICY_BYTES) {
    return refuseWhole(file, {
      message: `larger than ${MAX_POLICY_BYTES} bytes`,
      position: null,
    });
  }
  const decoded = decodeUtf8(bytes);
  if (decoded.status === 'error') return refuseWhole(file, decoded);
  const find = placesOf(before + decoded.text);
  const placeOf: FindPlace = (offset) =>
    offset === null
      ? { line: null, column: null }
      : find(offset + before.length);
  const read = file.kind === 'yaml' ? readPolicyYaml : readPolicyJson;
  const document = read(decoded.text);
  if (document.status === 'error') {
    return refuse(
      file,
      document.faults.map((fault) => ({ ...NO_DETAILS, ...fault })),
      placeOf,
    );
  }
  return parseRoot(file, document.root, { ...vocabulary, placeOf });
}

type FindPlace = (
  offset: number | null,
) => Pick<PolicyProblem, 'line' | 'column'>;

const NO_DETAILS = { keys: [], expected: null, found: null, suggestion: null };

function parseRoot(
  file: PolicyFile,
  root: PolicyNode,
  {
    rules,
    publicRegistry,
    placeOf,
  }: PolicyVocabulary & { readonly placeOf: FindPlace },
): ParsedPolicy {
  const result = policyFileSchema(rules).safeParse(root.value);
  const problems = [
    ...issuesToProblems(root, result.error?.issues ?? []),
    ...crossCheck(root, publicRegistry),
  ];
  if (!result.success || problems.length > 0) {
    return refuse(file, problems, placeOf);
  }
  const offsetOf = (keys: readonly PropertyKey[]): number | null =>
    nodeAt(root, keys.slice(0, -1))?.members.get(String(keys.at(-1)))
      ?.keyOffset ??
    nodeAt(root, keys)?.offset ??
    null;
  const places = {
    lineOf: (keys: readonly PropertyKey[]) => placeOf(offsetOf(keys)).line,
    placeOf: (keys: readonly PropertyKey[]) =>
      placeOf(nodeAt(root, keys)?.offset ?? null),
  };
  return {
    status: 'ok',
    parts: toPolicyParts(result.data, places, publicRegistry),
  };
}

/** The policy's bytes, and the text in front of them in the same file. */
type CutPolicy =
  | {
      readonly status: 'ok';
      readonly bytes: Uint8Array;
      readonly before: string;
    }
  | {
      readonly status: 'error';
      readonly message: string;
      readonly position: number | null;
    };

function cutPolicy({ bytes, kind }: PolicyFile): CutPolicy {
  if (kind !== 'package.json') return { status: 'ok', bytes, before: '' };
  const cut = cutMember(bytes, [PACKAGE_JSON_KEY], MAX_MANIFEST_DEPTH);
  switch (cut.status) {
    case 'found': {
      const start = cut.bytes.byteOffset - bytes.byteOffset;
      // Only lines and columns are counted in it.
      const before = new TextDecoder().decode(bytes.subarray(0, start));
      return { status: 'ok', bytes: cut.bytes, before };
    }
    case 'absent':
      return {
        status: 'error',
        message: `no ${PACKAGE_JSON_KEY} in it`,
        position: null,
      };
    case 'refused': {
      const text = new TextDecoder().decode(bytes.subarray(0, cut.position));
      const message = MANIFEST_FAULTS[cut.code];
      return { status: 'error', message, position: text.length };
    }
  }
}

const MANIFEST_FAULTS = {
  'not-json': 'not JSON',
  'too-deep': `nested deeper than ${MAX_MANIFEST_DEPTH} levels`,
  'duplicate-key': `${PACKAGE_JSON_KEY} stands there twice`,
};

function refuseWhole(
  file: PolicyFile,
  { message, position }: { message: string; position: number | null },
): ParsedPolicy {
  const find = placesOf(
    position === null ? '' : new TextDecoder().decode(file.bytes),
  );
  return refuse(
    file,
    [{ ...NO_DETAILS, offset: position, message }],
    (offset) => (offset === null ? { line: null, column: null } : find(offset)),
  );
}

function refuse(
  { path }: PolicyFile,
  problems: readonly LocalProblem[],
  placeOf: FindPlace,
): ParsedPolicy {
  const sorted = firstOfEach(problems).toSorted(
    (a, b) => (a.offset ?? -1) - (b.offset ?? -1),
  );
  const shown = sorted
    .slice(0, MAX_PROBLEMS)
    .map(({ offset, keys, ...rest }) => ({
      path,
      ...placeOf(offset),
      key: formatKeys(keys),
      ...rest,
    }));
  const left = sorted.length - shown.length;
  if (left === 0) return { status: 'error', problems: shown };
  const more: PolicyProblem = {
    path,
    line: null,
    column: null,
    key: '',
    message: `${left} more problems`,
    expected: null,
    found: null,
    suggestion: null,
  };
  return { status: 'error', problems: [...shown, more] };
}
