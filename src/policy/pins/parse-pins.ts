import { provenPart } from '../../facts/facts.js';
import { decodeUtf8 } from '../../json/decode-utf8.js';
import { issuesToProblems } from '../policy-issues.js';
import { readPolicyJson } from '../policy-json.js';
import { nodeAt, placesOf, type PolicyNode } from '../policy-node.js';
import {
  firstOfEach,
  formatKeys,
  type LocalProblem,
  type PolicyProblem,
} from '../policy-problem.js';
import { splitPackageSpec } from '../policy-values.js';
import type { Pin } from './pin.js';
import {
  isPinKey,
  pinsFileSchema,
  type PinsFileContent,
} from './pins-schema.js';
import {
  compareVersions,
  MAX_PINS_BYTES,
  type PinnedVersion,
  type Pins,
} from './pins.js';

/** The pins of a file, or everything that is wrong with it. */
export type ParsedPins =
  | { readonly status: 'ok'; readonly pins: Pins }
  | { readonly status: 'error'; readonly problems: readonly PolicyProblem[] };

/** More would hide the first ones. */
const MAX_PROBLEMS = 100;
const PACKAGE = 'a package with its exact version, such as left-pad@1.3.0';
const NOWHERE = { keys: [], expected: null, found: null, suggestion: null };

/**
 * Reads `provenance.lock.json`, untrusted, into pins or into everything that is
 * wrong with it, with places. `path` is what it is called in messages. Never
 * throws.
 */
export function parsePins(path: string, bytes: Uint8Array): ParsedPins {
  if (bytes.byteLength > MAX_PINS_BYTES) {
    const message = `larger than ${MAX_PINS_BYTES} bytes`;
    return refuse(path, '', [{ ...NOWHERE, offset: null, message }]);
  }
  const decoded = decodeUtf8(bytes);
  if (decoded.status === 'error') {
    const { message } = decoded;
    return refuse(path, '', [{ ...NOWHERE, offset: null, message }]);
  }
  const { text } = decoded;
  const document = readPolicyJson(text);
  if (document.status === 'error') {
    const faults = document.faults.map((fault) => ({ ...NOWHERE, ...fault }));
    return refuse(path, text, faults);
  }
  const { root } = document;
  const result = pinsFileSchema().safeParse(root.value);
  const problems = [
    ...issuesToProblems(root, result.error?.issues ?? []),
    ...keyProblems(root),
  ];
  if (!result.success || problems.length > 0) {
    return refuse(path, text, problems);
  }
  return { status: 'ok', pins: toPins(result.data) };
}

function keyProblems(root: PolicyNode): readonly LocalProblem[] {
  const members = nodeAt(root, ['pins'])?.members ?? new Map<string, never>();
  return [...members].flatMap(([key, { keyOffset }]) =>
    isPinKey(key)
      ? []
      : {
          ...NOWHERE,
          offset: keyOffset,
          keys: ['pins', key],
          message: `expected ${PACKAGE}`,
          expected: PACKAGE,
          found: key,
        },
  );
}

function toPins({ pins }: PinsFileContent): Pins {
  const byName = new Map<string, PinnedVersion[]>();
  for (const [key, written] of Object.entries(pins)) {
    const { name, version } = splitPackageSpec(key);
    const pinned = { version: version ?? '', pin: toPin(written) };
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [pinned]);
    else known.push(pinned);
  }
  for (const list of byName.values()) {
    list.sort((a, b) => compareVersions(a.version, b.version));
  }
  return byName;
}

function toPin(written: PinsFileContent['pins'][string]): Pin {
  const { level, source, sourceId, ownerId } = written;
  const { workflow, builder, issuer, refKind } = written;
  return {
    level: provenPart(level),
    source: source ?? null,
    sourceId: sourceId ?? null,
    ownerId: ownerId ?? null,
    workflow: workflow ?? null,
    builder: builder ?? null,
    issuer: issuer ?? null,
    refKind: refKind ?? null,
  };
}

function refuse(
  path: string,
  text: string,
  problems: readonly LocalProblem[],
): ParsedPins {
  const find = placesOf(text);
  const shown = firstOfEach(problems)
    .toSorted((a, b) => (a.offset ?? -1) - (b.offset ?? -1))
    .slice(0, MAX_PROBLEMS)
    .map(({ offset, keys, ...rest }) => ({
      path,
      ...(offset === null ? { line: null, column: null } : find(offset)),
      key: formatKeys(keys),
      ...rest,
    }));
  return { status: 'error', problems: shown };
}
