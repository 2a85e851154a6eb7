import { createRequire } from 'node:module';

import type * as npmcliAgent from '@npmcli/agent';
import type npmcliArborist from '@npmcli/arborist';
import type npmcliConfig from '@npmcli/config';
import type definitions from '@npmcli/config/lib/definitions/index.js';
import type * as sigstoreBundle from '@sigstore/bundle';
import type * as sigstoreProtobufSpecs from '@sigstore/protobuf-specs';
import type * as sigstoreSign from '@sigstore/sign';
import type * as sigstoreVerify from '@sigstore/verify';
import type * as yarnpkgParsers from '@yarnpkg/parsers';
import type * as jsoncParser from 'jsonc-parser';
import type npmPackageArg from 'npm-package-arg';
import type libAuth from 'npm-registry-fetch/lib/auth.js';
import type defaultOpts from 'npm-registry-fetch/lib/default-opts.js';
import type * as semver from 'semver';
import type compareBuild from 'semver/functions/compare-build.js';
import type parse from 'semver/functions/parse.js';
import type satisfies from 'semver/functions/satisfies.js';
import type valid from 'semver/functions/valid.js';
import type subset from 'semver/ranges/subset.js';
import type * as tufJs from 'tuf-js';
import type * as tufErrors from 'tuf-js/dist/error.js';
import type validateNpmPackageName from 'validate-npm-package-name';
import type * as yaml from 'yaml';

/** The libraries that are CommonJS modules, as their types have them. */
interface CommonJsLibraries {
  readonly '@npmcli/agent': typeof npmcliAgent;
  readonly '@npmcli/arborist': typeof npmcliArborist;
  readonly '@npmcli/config': typeof npmcliConfig;
  readonly '@npmcli/config/lib/definitions/index.js': typeof definitions;
  readonly '@sigstore/bundle': typeof sigstoreBundle;
  readonly '@sigstore/protobuf-specs': typeof sigstoreProtobufSpecs;
  readonly '@sigstore/sign': typeof sigstoreSign;
  readonly '@sigstore/verify': typeof sigstoreVerify;
  readonly '@yarnpkg/parsers': typeof yarnpkgParsers;
  readonly 'jsonc-parser': typeof jsoncParser;
  readonly 'npm-package-arg': typeof npmPackageArg;
  readonly 'npm-registry-fetch/lib/auth.js': typeof libAuth;
  readonly 'npm-registry-fetch/lib/default-opts.js': typeof defaultOpts;
  readonly semver: typeof semver;
  readonly 'semver/functions/compare-build.js': typeof compareBuild;
  readonly 'semver/functions/parse.js': typeof parse;
  readonly 'semver/functions/satisfies.js': typeof satisfies;
  readonly 'semver/functions/valid.js': typeof valid;
  readonly 'semver/ranges/subset.js': typeof subset;
  readonly 'tuf-js': typeof tufJs;
  readonly 'tuf-js/dist/error.js': typeof tufErrors;
  readonly 'validate-npm-package-name': typeof validateNpmPackageName;
  readonly yaml: typeof yaml;
}

/**
 * Loads a CommonJS library of the dependencies. Throws where it is not installed.
 *
 * An `import` of one would make Node.js read all of its sources for the names that
 * they export, twice over: with a parser in JavaScript, which V8 then compiles with
 * all effort. In an audit of 1,000 packages that was a tenth of the CPU time.
 */
export const requireCommonJs: <Name extends keyof CommonJsLibraries>(
  name: Name,
) => CommonJsLibraries[Name] = createRequire(import.meta.url);
