import Tinypool from 'tinypool';

import type { JsonValue } from '../json/strict-json.js';
import type { TrustRootDocuments } from '../verification/trust-root-documents.js';
import { parseTrustRoot } from '../verification/trust-root.js';
import {
  verifyBundle,
  type BundleResult,
} from '../verification/verify-bundle.js';

/** What a thread is given once. */
export interface WorkerData {
  readonly documents: TrustRootDocuments;
  readonly now: Date;
}

const { documents, now } = Tinypool.workerData as WorkerData;
const trustRoot = parseTrustRoot(documents);

/** Runs in a thread of its own; the same function that runs without one. */
export default function verify(task: {
  readonly bundle: JsonValue;
  readonly registry: string;
}): BundleResult {
  return verifyBundle(task.bundle, trustRoot, { registry: task.registry, now });
}
