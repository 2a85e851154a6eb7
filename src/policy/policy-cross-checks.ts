import { parseIntegrity } from '../package/integrity.js';
import { PUBLIC_SERVERS, type Platform } from '../facts/platforms.js';
import { nodeAt, type PolicyNode } from './policy-node.js';
import { mismatch, type LocalProblem } from './policy-problem.js';
import {
  checkAddress,
  checkIssuer,
  checkPackagePattern,
  checkRegistry,
  parseRegistry,
  splitPackageSpec,
} from './policy-values.js';

/** A part of the file and where it stands. */
interface Part {
  readonly node: PolicyNode;
  readonly keys: readonly PropertyKey[];
}

/**
 * What is wrong with `root` beyond the form of single values: keys that are
 * names or addresses, values that contradict each other, entries there twice.
 * Parts that are not of the right form are passed over; the schema names them.
 */
export function crossCheck(
  root: PolicyNode,
  publicRegistry: string,
): readonly LocalProblem[] {
  return [
    ...checkPackages(root),
    ...checkExemptions(root),
    ...findRepeated(root, 'exemptions', exemptionIdentities),
    ...findRepeated(root, 'acknowledged', acknowledgementIdentities),
    ...checkRegistries(root, publicRegistry),
    ...checkIssuers(root),
  ];
}

function checkPackages(root: PolicyNode): readonly LocalProblem[] {
  return entriesOf(root, 'packages').flatMap(({ name, part }) =>
    keyProblem(part, checkPackagePattern(name)),
  );
}

/** Whether it is about all versions has to be said, and said once. */
function checkExemptions(root: PolicyNode): readonly LocalProblem[] {
  return itemsOf(root, 'exemptions').flatMap(({ node, keys }) => {
    const spec = node.members.get('package')?.node;
    if (typeof spec?.value !== 'string') return [];
    const isBare = splitPackageSpec(spec.value).version === null;
    const saysAny = textOf(node, 'anyVersion') === true;
    if (isBare !== saysAny) {
      const part = { node: spec, keys: [...keys, 'package'] };
      return [
        mismatch(
          part,
          isBare
            ? 'a version range behind the name, or anyVersion: true'
            : 'the bare name, for anyVersion is true',
        ),
      ];
    }
    return [];
  });
}

function exemptionIdentities(node: PolicyNode): readonly string[] {
  const rules = node.members.get('rules')?.node;
  const each =
    rules === undefined || rules.items.length > 0
      ? (rules?.items ?? [])
      : [rules];
  return each.map(({ value }) =>
    JSON.stringify([textOf(node, 'package'), value]),
  );
}

function acknowledgementIdentities(node: PolicyNode): readonly string[] {
  const integrity = textOf(node, 'integrity');
  const parsed = parseIntegrity(typeof integrity === 'string' ? integrity : '');
  return parsed.status === 'sha512'
    ? [JSON.stringify([textOf(node, 'package'), parsed.sha512])]
    : [];
}

/** Of two decisions about the same, one would be dead and both look alive. */
function findRepeated(
  root: PolicyNode,
  section: string,
  identitiesOf: (node: PolicyNode) => readonly string[],
): readonly LocalProblem[] {
  const seen = new Map<string, number>();
  return itemsOf(root, section).flatMap(({ node, keys }, index) => {
    const identities = identitiesOf(node);
    const earlier = identities
      .map((each) => seen.get(each))
      .find((each) => each !== undefined);
    for (const each of identities) seen.set(each, index);
    if (typeof textOf(node, 'package') !== 'string') return [];
    if (earlier === undefined || earlier === index) return [];
    return [plain({ node, keys }, `the same as ${section}[${earlier}]`)];
  });
}

function checkRegistries(
  root: PolicyNode,
  publicRegistry: string,
): readonly LocalProblem[] {
  const seen = new Map<string, string>();
  return entriesOf(root, 'registries').flatMap(({ name, part }) => {
    const url = parseRegistry(name, publicRegistry);
    if (url === null) return keyProblem(part, checkRegistry(name) ?? '');
    const earlier = seen.get(url);
    seen.set(url, name);
    if (earlier !== undefined) return [plain(part, `the same as ${earlier}`)];
    return registryProblem(part, url, publicRegistry);
  });
}

function registryProblem(
  part: Part,
  url: string,
  publicRegistry: string,
): readonly LocalProblem[] {
  const { members } = part.node;
  const mirrorOf = members.get('mirrorOf')?.node.value;
  const evidence = members.get('evidence')?.node;
  const isNone = evidence?.value === 'none';
  if (url === publicRegistry && (isNone || mirrorOf !== undefined)) {
    // Either would take most packages of the world out of the audit.
    const message = 'the public registry is no mirror and has evidence';
    return [plain(part, message)];
  }
  if (mirrorOf !== undefined && isNone) {
    return [plain(part, 'expected mirrorOf or evidence: none, found both')];
  }
  if (mirrorOf === undefined && evidence === undefined) {
    return [plain(part, 'expected mirrorOf or evidence, found neither')];
  }
  const isItself = (written: unknown): boolean =>
    typeof written === 'string' &&
    parseRegistry(written, publicRegistry) === url;
  if (isItself(mirrorOf)) return [plain(part, 'a mirror of itself')];
  const from = evidence?.members.get('registry')?.node.value;
  return isItself(from) ? [plain(part, 'its evidence from itself')] : [];
}

function checkIssuers(root: PolicyNode): readonly LocalProblem[] {
  return entriesOf(root, 'issuers').flatMap(({ name, part }) => {
    const form = checkAddress(name);
    if (form !== null) return keyProblem(part, form);
    const platform = textOf(part.node, 'platform');
    const server = textOf(part.node, 'server');
    if (!isPlatform(platform) || typeof server !== 'string') return [];
    return keyProblem(part, checkIssuer(name, platform, server));
  });
}

function isPlatform(value: unknown): value is Platform {
  return typeof value === 'string' && Object.hasOwn(PUBLIC_SERVERS, value);
}

/** The members of a section, with the place of the key in place of the value's. */
function entriesOf(
  root: PolicyNode,
  section: string,
): readonly { readonly name: string; readonly part: Part }[] {
  const members = nodeAt(root, [section])?.members;
  return [...(members ?? [])].map(([name, { keyOffset, node }]) => ({
    name,
    part: { node: { ...node, offset: keyOffset }, keys: [section, name] },
  }));
}

function itemsOf(root: PolicyNode, section: string): readonly Part[] {
  const items = nodeAt(root, [section])?.items ?? [];
  return items.map((node, index) => ({ node, keys: [section, index] }));
}

function textOf(node: PolicyNode, key: string): unknown {
  return node.members.get(key)?.node.value;
}

function keyProblem(
  part: Part,
  expected: string | null,
): readonly LocalProblem[] {
  if (expected === null) return [];
  const key = String(part.keys.at(-1));
  return [{ ...plain(part, `expected ${expected}`), expected, found: key }];
}

function plain({ node, keys }: Part, message: string): LocalProblem {
  const { offset } = node;
  return {
    offset,
    keys,
    message,
    expected: null,
    found: null,
    suggestion: null,
  };
}
