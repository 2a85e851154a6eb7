import { compileGlob, matchesGlob } from './glob.js';
import type { Selector } from './policy.js';
import type { Subject } from './verdict.js';

/** What a selector looks at. */
export type Selectable = Pick<Subject, 'dependency' | 'registry'>;

/** Whether a setting is about this subject: every member of it must hold. */
export function selects(selector: Selector, subject: Selectable): boolean {
  const { dependency, registry } = subject;
  const { scope, direct, workspaces, packages, registries } = selector;
  return (
    (scope === 'all' || dependency.production) &&
    (direct === null || dependency.direct === direct) &&
    holdsAny(workspaces, (each) => dependency.workspaces.includes(each)) &&
    holdsAny(packages, (each) =>
      matchesGlob(compileGlob(each), dependency.id.name),
    ) &&
    holdsAny(registries, (each) => each === registry)
  );
}

/** Whether a selector leaves nothing out, whatever there is. */
export function selectsEverything(selector: Selector): boolean {
  const { scope, direct, workspaces, packages, registries } = selector;
  return (
    scope === 'all' &&
    direct === null &&
    [workspaces, packages, registries].every((list) => list.length === 0)
  );
}

/** An empty list asks for nothing. */
function holdsAny(
  list: readonly string[],
  holds: (item: string) => boolean,
): boolean {
  return list.length === 0 || list.some(holds);
}
