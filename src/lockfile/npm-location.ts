/** A key of `packages`, taken apart. */
export interface NpmLocation {
  /**
   * Folder name in `node_modules`, with scope; null for a folder of the
   * project (a workspace, or what a link leads to).
   */
  readonly installedName: string | null;
  /** Location of the package in whose `node_modules` it is; null for folders. */
  readonly owner: string | null;
}

/** Deepest accepted nesting of `node_modules`, and most steps out of the root. */
const MAX_NESTING = 128;
const MAX_STEPS_OUT = 32;

/**
 * Reads a location, untrusted, or returns null if npm would never write it so:
 * `.`, empty or backslashed parts, `..` other than in front, `node_modules` in
 * other letters (the same folder on some systems) or without a name behind it.
 * A spelling that npm would first have to simplify is refused since two
 * spellings of one place could hide an entry behind another. The name is not
 * held against npm's grammar here.
 */
export function parseNpmLocation(location: string): NpmLocation | null {
  const parts = location.split('/');
  const inside = parts.findIndex((part) => part !== '..');
  if (inside === -1 || inside > MAX_STEPS_OUT) return null;
  if (!parts.slice(inside).every(isPlainPart)) return null;
  const last = parts.lastIndexOf('node_modules');
  const name = parts.slice(last + 1);
  if (last === -1) return { installedName: null, owner: null };
  if (name.length === 0) return null;
  if (parts.filter(isNodeModules).length > MAX_NESTING) return null;
  const isScoped = name[0]?.startsWith('@') === true;
  // Deeper than a name: a folder within an installed package.
  if (name.length > (isScoped ? 2 : 1)) {
    return { installedName: null, owner: null };
  }
  if (isScoped && name.length === 1) return null;
  const owner = parts.slice(0, last).join('/');
  return { installedName: name.join('/'), owner };
}

/** The name npm gives a folder that declares none: its own, with its scope. */
export function nameFromFolder(location: string): string {
  const [base = '', parent = ''] = location.split('/').toReversed();
  return parent.startsWith('@') ? `${parent}/${base}` : base;
}

/**
 * The location a link's `resolved` leads to, `''` for the root; null where it
 * is absolute or no path that npm writes. Nothing is ever read there.
 */
export function linkTarget(resolved: string): string | null {
  const out: string[] = [];
  if (resolved.startsWith('/') || resolved.includes('\\')) return null;
  for (const part of resolved.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && out.length > 0 && out.at(-1) !== '..') out.pop();
    else out.push(part);
  }
  return out.join('/');
}

function isNodeModules(part: string): boolean {
  return part === 'node_modules';
}

function isPlainPart(part: string): boolean {
  if (part === '' || part === '.' || part === '..') return false;
  if (part.toLowerCase() === 'node_modules' && !isNodeModules(part)) {
    return false;
  }
  return !/[\\\p{Cc}]/u.test(part);
}
