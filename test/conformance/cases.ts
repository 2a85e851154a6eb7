import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Whom the client is told to accept as the signer of a case. */
export type ExpectedSigner =
  | {
      readonly kind: 'identity';
      /** The name in the signing certificate. */
      readonly identity: string;
      /** Who vouched for that name to the certificate authority. */
      readonly issuer: string;
    }
  | { readonly kind: 'key' };

/** One folder of the suite, with the suite's defaults filled in. */
export interface ConformanceCase {
  /** Name of the folder. */
  readonly name: string;
  /** Whether a client must accept the bundle; else it must refuse it. */
  readonly mustVerify: boolean;
  readonly bundle: Uint8Array;
  /**
   * The suite calls a client with the artifact's path and again with its
   * digest. Both calls come down to this one comparison here.
   */
  readonly artifactSha256: string;
  readonly signer: ExpectedSigner;
  /** Null: the trusted root of the public-good instance. */
  readonly trustedRoot: Uint8Array | null;
}

/** The folder is not one of the suite, so that nothing can be concluded. */
export class SuiteError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'SuiteError';
  }
}

const CASES_FOLDER = 'bundle-verify';
const BUNDLE_FILE = 'bundle.sigstore.json';
const DEFAULT_ARTIFACT = 'a.txt';
const MUST_FAIL = '_fail';
/** Who signs where a case does not say (the suite's README). */
const DEFAULT_IDENTITY =
  'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main';
const DEFAULT_ISSUER = 'https://token.actions.githubusercontent.com';

/**
 * Reads all cases of the unpacked suite in `folder`, sorted by name.
 *
 * The suite is trusted to say what is expected; its bundles and roots are left
 * unread. Throws `SuiteError` where there are no cases or one is incomplete:
 * a run over nothing would pass.
 *
 * Source: `README.md` of the suite's folder `bundle-verify`.
 */
export async function readCases(
  folder: string,
): Promise<readonly ConformanceCase[]> {
  const root = join(folder, CASES_FOLDER);
  const names = await readCaseNames(root);
  if (names.length === 0) throw new SuiteError(`${root} holds no case`);
  const defaultArtifact = await readOptional(join(root, DEFAULT_ARTIFACT));
  return Promise.all(
    names.map((name) => readCase(join(root, name), name, defaultArtifact)),
  );
}

async function readCaseNames(root: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(root, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
      .toSorted();
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    throw new SuiteError(`there is no folder ${root}`);
  }
}

async function readCase(
  folder: string,
  name: string,
  defaultArtifact: Uint8Array | null,
): Promise<ConformanceCase> {
  const read = (file: string): Promise<Buffer | null> =>
    readOptional(join(folder, file));
  const bundle = await read(BUNDLE_FILE);
  const artifact = (await read('artifact')) ?? defaultArtifact;
  if (bundle === null || artifact === null) {
    throw new SuiteError(`the case ${name} has no bundle or no artifact`);
  }
  return {
    name,
    mustVerify: !name.endsWith(MUST_FAIL),
    bundle,
    artifactSha256: createHash('sha256').update(artifact).digest('hex'),
    signer:
      (await read('key.pub')) === null
        ? {
            kind: 'identity',
            identity: lineOf(await read('identity')) ?? DEFAULT_IDENTITY,
            issuer: lineOf(await read('issuer')) ?? DEFAULT_ISSUER,
          }
        : { kind: 'key' },
    trustedRoot: await read('trusted_root.json'),
  };
}

/** The files end with a line feed, which belongs to no name. */
function lineOf(bytes: Buffer | null): string | null {
  return bytes === null ? null : bytes.toString('utf8').trimEnd();
}

async function readOptional(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw cause;
  }
}

function isMissing(cause: unknown): boolean {
  return (
    cause instanceof Error &&
    'code' in cause &&
    (cause.code === 'ENOENT' || cause.code === 'ENOTDIR')
  );
}
