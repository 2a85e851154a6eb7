import { createRequire } from 'node:module';
import { member } from '../io/member.js';

/** What the program knows of itself. */
export interface Self {
  readonly version: string;
  /** The `engines.node` range. */
  readonly nodeRange: string;
}

/**
 * Reads the program's own package.json, by its name: the path to it differs
 * between the sources and what is built from them.
 */
export function readSelf(): Self {
  const manifest: unknown = createRequire(import.meta.url)(
    'provenance-audit/package.json',
  );
  const version = member(manifest, 'version');
  const nodeRange = member(member(manifest, 'engines'), 'node');
  if (typeof version !== 'string' || typeof nodeRange !== 'string') {
    throw new Error('the program’s own package.json has no version or engines');
  }
  return { version, nodeRange };
}
