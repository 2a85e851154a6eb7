import { basename, isAbsolute, relative, sep } from 'node:path';

/**
 * `path` as code hosts know it, from the root of the checkout; its name alone
 * where it is none of theirs. Both absolute.
 */
export function fromRoot(root: string, path: string): string {
  const relation = relative(root, path);
  const steps = relation.split(sep);
  return isAbsolute(relation) || steps[0] === '..'
    ? basename(path)
    : steps.join('/');
}
