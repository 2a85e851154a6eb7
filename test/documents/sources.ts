import {
  mkdir,
  mkdtemp,
  readdir,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

import { ROOT } from './markdown.js';

const CHECKOUT = fileURLToPath(ROOT);

/** A folder in which sources of the documents can be compiled and run. */
export interface Sandbox {
  readonly folder: string;
  close(): Promise<void>;
}

/**
 * An empty folder that finds the packages that the checkout has installed, and
 * the checkout itself under its name.
 */
export async function createSandbox(): Promise<Sandbox> {
  const folder = await mkdtemp(join(tmpdir(), 'provenance-audit-documents-'));
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  await symlink(CHECKOUT, join(modules, 'provenance-audit'));
  for (const name of await readdir(join(CHECKOUT, 'node_modules'))) {
    if (name.startsWith('.')) continue;
    await symlink(join(CHECKOUT, 'node_modules', name), join(modules, name));
  }
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  return {
    folder,
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Writes `text` to a path below `folder`. */
export async function writeSource(
  folder: string,
  path: string,
  text: string,
): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}

/**
 * Compiles `files` of `folder` to JavaScript in `outDir`, as strictly as the
 * program's own. Returns what the compiler has to say, one line each.
 */
export function compile(
  folder: string,
  files: readonly string[],
  outDir: string,
): readonly string[] {
  const { config } = ts.readConfigFile(
    join(CHECKOUT, 'tsconfig.json'),
    ts.sys.readFile.bind(ts.sys),
  ) as { readonly config: { readonly compilerOptions: object } };
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...config.compilerOptions, rootDir: folder, outDir },
    folder,
  );
  const program = ts.createProgram(
    files.map((file) => join(folder, file)),
    options,
  );
  const { diagnostics } = program.emit();
  return [...ts.getPreEmitDiagnostics(program), ...diagnostics].map((each) =>
    ts.formatDiagnostic(each, {
      getCanonicalFileName: (name) => name,
      getCurrentDirectory: () => folder,
      getNewLine: () => '\n',
    }),
  );
}
