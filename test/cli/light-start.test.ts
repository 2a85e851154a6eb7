import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

const SRC = fileURLToPath(new URL('../../src', import.meta.url));

interface Loaded {
  /** Own files below `src`, with `/`. */
  readonly own: ReadonlySet<string>;
  /** What else is imported, of Node.js nothing. */
  readonly libraries: ReadonlySet<string>;
}

/** What is loaded with `start` before anything of it runs. */
async function loadedWith(start: string): Promise<Loaded> {
  const own = new Set([start]);
  const libraries = new Set<string>();
  for (const file of own) {
    const text = await readFile(join(SRC, file), 'utf8');
    for (const name of staticImports(text)) {
      if (name.startsWith('.')) {
        const path = join(SRC, dirname(file), name.replace(/\.js$/, '.ts'));
        own.add(relative(SRC, path).split(sep).join('/'));
      } else if (!name.startsWith('node:')) libraries.add(name);
    }
  }
  return { own, libraries };
}

/** Types are not loaded, nor is what `import()` names until it runs. */
function staticImports(text: string): readonly string[] {
  return [
    ...text.matchAll(
      /^(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s+)?'([^']+)'/gms,
    ),
    ...text.matchAll(
      /^const\s[^;=]*=\s*requireCommonJs\(\s*'([^']+)',?\s*\)/gms,
    ),
  ].flatMap(([, name]) => name ?? []);
}

describe('the start of the program', () => {
  it('loads what tells options apart and checks names, nothing more', async () => {
    const { own, libraries } = await loadedWith('cli/main.ts');
    expect([...libraries].toSorted()).toEqual([
      'semver/functions/valid.js',
      'validate-npm-package-name',
    ]);
    const stages = [...own].filter((file) =>
      /^(?:evidence|facts|policy|verification)\//.test(file),
    );
    expect(stages).toEqual([]);
    expect(own).toContain('cli/help-text.ts');
    expect(own.size).toBeLessThan(60);
  });

  it('is read rightly: an audit loads all of it', async () => {
    const { own, libraries } = await loadedWith('cli/run-audit.ts');
    expect(own).toContain('verification/verify-bundle.ts');
    expect(own).toContain('policy/rules/index.ts');
    expect(libraries).toContain('@sigstore/verify');
    // Without a policy or an earlier report there is nothing for it to read.
    expect(libraries).not.toContain('zod');
    expect((await loadedWith('report/read-report.ts')).libraries).toContain(
      'zod',
    );
    // What signs is loaded where something is signed.
    expect(libraries).not.toContain('@sigstore/sign');
    expect((await loadedWith('io/sign-statement.ts')).libraries).toContain(
      '@sigstore/sign',
    );
    expect((await loadedWith('cli/command-line.ts')).libraries).toContain(
      'yargs',
    );
  });
});
