import { requireCommonJs } from '../commonjs.js';
import type { Environment } from './environment.js';
import type { Notes } from './notes.js';
import type { Self } from './self.js';

const satisfies = requireCommonJs('semver/functions/satisfies.js');

/** Says where the libraries do not support this Node.js. */
export function noteOldNode(
  { nodeVersion }: Environment,
  { nodeRange }: Self,
  notes: Notes,
): void {
  if (satisfies(nodeVersion, nodeRange)) return;
  notes.inform(
    `Node.js ${nodeVersion} is not among the versions that the libraries ` +
      `support (${nodeRange}); the audit runs all the same`,
  );
}
