import { deserialize } from 'node:v8';

import { parseTrustRoot, type TrustRoot } from '../verification/trust-root.js';
import {
  verifyBundle,
  type BundleResult,
} from '../verification/verify-bundle.js';
import type { VerifyAgainst, VerifyTask } from '../verify-ahead.js';

/** What a thread is given. */
export interface Work {
  readonly tasks: readonly VerifyTask[];
  /** `VerifyAgainst`, serialized: the same for all that one thread is given. */
  readonly against: SharedArrayBuffer;
}

interface Read {
  readonly trustRoot: TrustRoot;
  readonly now: Date;
}

let known: Read | null = null;

/** Runs in a thread of its own; the same function that runs without one. */
export default function verify({
  tasks,
  against,
}: Work): readonly BundleResult[] {
  known ??= read(against);
  const { trustRoot, now } = known;
  return tasks.map(({ bundle, registry }) =>
    verifyBundle(bundle, trustRoot, { registry, now }),
  );
}

function read(memory: SharedArrayBuffer): Read {
  const bytes = Buffer.from(new Uint8Array(memory));
  const { documents, now } = deserialize(bytes) as VerifyAgainst;
  return { trustRoot: parseTrustRoot(documents), now };
}
