import { FORMATS } from '../report/formats/index.js';

const VALUE = { type: 'string', requiresArg: true, global: false } as const;
/** May be given several times: all of the values count. */
const LIST = { ...VALUE, isRepeatable: true } as const;
const FLAG = { type: 'boolean', global: false } as const;

/**
 * Every option of every command, in the order of the help text, which is made
 * from this. Which command takes which is said where the command is.
 */
export const OPTIONS = {
  force: { ...FLAG, describe: 'Write a policy anew that is there already' },
  accept: {
    ...LIST,
    describe: 'Pin this package although less or other is proven of it',
  },
  prune: {
    ...FLAG,
    describe: 'Remove the pins that nothing in the lockfile is held against',
  },
  'max-versions': {
    ...VALUE,
    describe: 'Attested versions that are asked about, the newest ones (20)',
  },
  lockfile: { ...VALUE, describe: 'Which lockfile, where several exist' },
  recursive: {
    ...FLAG,
    describe: 'Every lockfile in dir and below it that git does not ignore',
  },
  'changed-since': {
    ...VALUE,
    describe: 'Only what differs from this commit, lockfile or report',
  },
  omit: {
    ...LIST,
    describe: 'Leave out what only dev, optional or peer edges lead to',
  },
  workspace: {
    ...LIST,
    describe: 'Only what this workspace needs, by its name',
  },
  direct: { ...FLAG, describe: 'Only what the project or a workspace names' },
  package: {
    ...LIST,
    describe: 'Only packages of this name or pattern: @acme/*',
  },
  policy: {
    ...VALUE,
    describe: 'Policy file, instead of the project’s provenance-audit.yaml',
  },
  'policy-from': {
    ...VALUE,
    describe: 'Read policy and pins from this git ref, such as origin/main',
  },
  format: {
    ...VALUE,
    describe: `Form of the report: ${FORMATS.map(({ name }) => name).join(', ')}`,
  },
  json: { ...FLAG, describe: 'Same as --format json' },
  output: {
    ...VALUE,
    describe: 'Write the report to a file too: JSON unless --format says else',
  },
  report: {
    ...LIST,
    describe: 'A report in a file too, as FORMAT=FILE; may be repeated',
  },
  sign: {
    ...FLAG,
    describe: 'Sign the vsa report with the OIDC identity of this CI job',
  },
  'signing-config': {
    ...VALUE,
    describe: 'A Sigstore of your own that signs: its signing config (file)',
  },
  'trusted-root': { ...VALUE, describe: 'Sigstore trusted root from a file' },
  'npm-keys': { ...VALUE, describe: 'Registry keys from a file' },
  'tuf-mirror': { ...VALUE, describe: 'Another TUF repository (URL)' },
  'tuf-root': { ...VALUE, describe: 'The root.json that it begins with' },
  'max-root-age': {
    ...VALUE,
    describe: 'Oldest trust root used where TUF cannot be reached: 12h, 30d',
  },
  'fetch-tarball': {
    ...FLAG,
    describe: 'Download what the lockfile pins too weakly, and hash it',
  },
  registry: { ...VALUE, describe: 'Registry to ask instead of npm’s setting' },
  cache: {
    ...VALUE,
    describe: 'Cache folder, or with --no-cache no evidence kept',
  },
  offline: {
    ...FLAG,
    describe: 'Make no request: what is kept, or --evidence, has to do',
  },
  evidence: {
    ...VALUE,
    describe: 'Evidence from a file of evidence save; implies --offline',
  },
  fresh: { ...FLAG, describe: 'Ask registries anew, whatever is kept' },
  concurrency: {
    ...VALUE,
    describe: 'Package versions asked about at the same time (32)',
  },
  timeout: {
    ...VALUE,
    describe: 'Limit for one request: 500ms, 30s (default)',
  },
  deadline: { ...VALUE, describe: 'Limit for all evidence together (15m)' },
  quiet: { ...FLAG, describe: 'Only the verdict and errors' },
  verbose: { ...FLAG, describe: 'Every package, path and digest in full' },
  color: { ...FLAG, describe: 'Colours, or with --no-color none' },
} as const;

/** Name of an option, without its dashes. */
export type OptionName = keyof typeof OPTIONS;

/** All names, in the order of the help text. */
export const OPTION_NAMES = Object.keys(OPTIONS).filter(isOptionName);

/** Those that take no value. */
export const FLAG_NAMES: readonly string[] = OPTION_NAMES.filter(
  (name) => OPTIONS[name].type === 'boolean',
);

/** Those that may be given several times; of others the last one counts. */
export const REPEATABLE_NAMES: readonly OptionName[] = OPTION_NAMES.filter(
  (name) => 'isRepeatable' in OPTIONS[name],
);

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(OPTIONS, name);
}
