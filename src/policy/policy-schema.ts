import { z } from 'zod';
import { LEVELS } from '../facts/facts.js';
import type { Platform } from '../facts/platforms.js';
import { REJECTION_CODES } from '../verification/verification.js';
import * as check from './policy-values.js';
import type { Rule, RuleLevel } from './rule.js';

/** What of the catalogue decides which policies are valid. */
export type KnownRule = Pick<Rule, 'id' | 'title' | 'about'>;

/** A policy file as people write it, its form known to be right. */
export type PolicyFileContent = z.infer<ReturnType<typeof policyFileSchema>>;

/** Which packages a setting is about, as written. */
export type WrittenSelector = z.infer<ReturnType<typeof selectorSchema>>;

const RULE_LEVELS = [
  'error',
  'warning',
  'off',
] as const satisfies readonly RuleLevel[];
const PLATFORMS = ['github', 'gitlab'] as const satisfies readonly Platform[];
const MAX_EXTENDS = 32;
/** The rule about evidence that was refused: nothing in a policy lowers it. */
const REJECTED = 'evidence-rejected';

/**
 * The one definition of the policy file; the JSON Schema and every message come
 * from it. What a check does not accept carries as its message what was
 * expected; an unknown key carries the known ones, one a line.
 *
 * Not checked here: keys of `packages`, `registries` and `issuers`, and what
 * depends on more than one value.
 */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- written out, its type would be all the parts once more
export function policyFileSchema(rules: readonly KnownRule[]) {
  return object({
    $schema: about(
      z.string({ error: 'an address' }),
      'Where editors find the schema of this file.',
    ).optional(),
    version: about(
      z.literal(1, { error: 'the number 1' }),
      'Version of this format.',
    ),
    extends: about(
      oneOrMore(value(check.checkExtends), MAX_EXTENDS),
      'Policy files of this repository that this one adds to, by paths relative to it. What this file says wins.',
    ).optional(),
    rules: about(
      object(ruleShape(rules)),
      'What the findings of a rule mean. Rules that are not named have their default level.',
    ).optional(),
    coverage: about(coverageSchema(), COVERAGE).optional(),
    packages: about(
      z.record(z.string(), packageSchema(), { error: 'an object' }),
      'What is demanded of packages, by name or pattern; a star does not cross a slash. The most specific entry counts, alone.',
    ).optional(),
    events: about(
      object({
        deny: about(
          z.array(value(check.checkEvent), { error: 'a list of events' }),
          'Events that no build may have been started by: pull_request_target, issue_comment.',
        ),
      }),
      'What may have started a build.',
    ).optional(),
    minimumReleaseAge: about(
      value(check.checkAge).regex(check.DURATION, EXPECTS_NOTHING_ELSE),
      'How long a version must have been public: 3d, 12h.',
    ).optional(),
    history: about(
      historySchema(),
      'How far rules about the history of packages look.',
    ).optional(),
    exemptions: about(
      list(exemptionSchema(rules), 'exemptions'),
      'Findings to live with for a time. They stay in every report.',
    ).optional(),
    acknowledged: about(
      list(acknowledgementSchema(), 'acknowledged rejections'),
      'Rejected evidence that somebody has looked into, pinned to the bytes.',
    ).optional(),
    registries: about(
      z.record(z.string(), registrySchema(), { error: 'an object' }),
      'What npm’s configuration does not say about registries, by base address.',
    ).optional(),
    issuers: about(
      z.record(z.string(), issuerSchema(), { error: 'an object' }),
      'OIDC issuers trusted besides the public ones, by their exact address.',
    ).optional(),
  });
}

/** The JSON Schema of the policy file, draft-07, which editors understand. */
export function policyJsonSchema(rules: readonly KnownRule[]): object {
  const schema = z.toJSONSchema(policyFileSchema(rules), {
    target: 'draft-07',
    io: 'input',
  });
  return {
    ...schema,
    $id: 'policy.schema.json',
    title: 'Policy of provenance-audit, version 1',
    description:
      'What is demanded of the packages of a lockfile. The program checks more than this schema can say.',
  };
}

/** Rules whose findings an exemption may be about. */
function exemptableRules(rules: readonly KnownRule[]): readonly string[] {
  return rules
    .filter((rule) => rule.about === 'packages' && rule.id !== REJECTED)
    .map(({ id }) => id);
}

/** The value's check says more; the expression is there for editors. */
const EXPECTS_NOTHING_ELSE = { error: '' };
const EXEMPTABLE =
  'the id of a rule about packages, other than evidence-rejected, which only acknowledged is about';
const COVERAGE =
  'Least share of packages with verified provenance, of those that could have it. Never rounded up; none of none fails.';

function ruleShape(rules: readonly KnownRule[]) {
  return Object.fromEntries(
    rules.map(({ id, title }) => [
      id,
      about(ruleSetting(id), title).optional(),
    ]),
  );
}

/**
 * Rejected evidence always fails: a level would be the exemption for everything
 * that cannot be had otherwise. `acknowledged` is the way.
 */
function ruleSetting(id: string) {
  const levels = id === REJECTED ? (['error'] as const) : RULE_LEVELS;
  const level = about(oneOf(levels), 'What a finding means.');
  const setting = object({
    level,
    for: about(selectorSchema(), 'Which packages it is about.').optional(),
  });
  return z.union(
    [
      level,
      setting,
      z.array(setting).min(1, { error: 'a list of one or more settings' }),
    ],
    { error: 'a level, { level, for } or a list of these' },
  );
}

function selectorSchema() {
  return object({
    scope: about(
      oneOf(['production', 'all']),
      'production: reached otherwise than by development dependencies alone.',
    ).optional(),
    direct: about(
      z.boolean({ error: 'true or false' }),
      'Whether the project or a workspace names it itself.',
    ).optional(),
    workspace: about(
      oneOrMore(value(check.checkWorkspace)),
      'Names of workspaces it is reached from.',
    ).optional(),
    packages: about(
      oneOrMore(value(check.checkPackagePattern)),
      'Names or patterns; a star does not cross a slash.',
    ).optional(),
    registry: about(
      oneOrMore(value(check.checkRegistry)),
      'Base addresses of registries it belongs to; public for the public one.',
    ).optional(),
  });
}

function coverageSchema() {
  const share = value(check.checkPercentage).regex(
    check.PERCENTAGE,
    EXPECTS_NOTHING_ELSE,
  );
  return object({
    all: about(share, 'Of all packages.').optional(),
    production: about(share, 'Of those in production.').optional(),
    direct: about(share, 'Of those the project names itself.').optional(),
  });
}

function historySchema() {
  const span = value(check.checkWindow).regex(
    check.WINDOW,
    EXPECTS_NOTHING_ELSE,
  );
  return object({
    compareWithin: about(
      span,
      'trust-downgrade: what was published longer before a version is not compared with it. Without it 730d.',
    ).optional(),
    byHandAfter: about(
      span,
      'trust-downgrade: so long a release without provenance must have stood in a line for it to be one done by hand. Without it 30d.',
    ).optional(),
    atOnceWithin: about(
      span,
      'packages-at-once, majors-at-once: releases that are no further apart. Without it 10m.',
    ).optional(),
  });
}

function packageSchema() {
  const some = (item: z.ZodString, description: string) =>
    about(oneOrMore(item), description).optional();
  return object({
    require: about(
      oneOf(LEVELS),
      'Least that must be proven. Without it: provenance, where anything else is demanded here.',
    ).optional(),
    source: some(
      value(check.checkSource),
      'Source repository: https://github.com/acme/widget, or https://github.com/acme/* for any of an owner.',
    ),
    workflow: some(
      value(check.checkWorkflow),
      'Path of the calling workflow: .github/workflows/release.yml.',
    ),
    signer: some(
      value(check.checkAddress),
      'Address of the signing workflow, with or without @ref.',
    ),
    ref: some(
      value(check.checkRef),
      'Branch or tag in full: refs/heads/main, refs/tags/v*.',
    ),
    runner: about(
      oneOrMore(oneOf(['hosted', 'self-hosted'])),
      'Whose machine built it; hosted: the platform’s.',
    ).optional(),
    builder: some(value(check.checkAddress), 'Builder id, compared exactly.'),
    issuer: some(value(check.checkAddress), 'OIDC issuer, compared exactly.'),
    events: some(value(check.checkEvent), 'What may have started the build.'),
  }).refine((entry) => Object.keys(entry).length > 0, {
    error: 'a demand, or require: none',
    // A misspelt key is one mistake, not two.
    when: ({ issues }) => issues.length === 0,
  });
}

function exemptionSchema(rules: readonly KnownRule[]) {
  return object({
    package: about(
      value(check.checkExempted),
      'Name and version range: left-pad@1.3.0. A bare name needs anyVersion.',
    ),
    anyVersion: about(
      z.literal(true, { error: 'true' }),
      'The exemption is about every version.',
    ).optional(),
    rules: about(
      oneOrMore(oneOf(exemptableRules(rules), EXEMPTABLE)),
      'Rules whose findings it is about. Rejected evidence can only be acknowledged.',
    ),
    ...decisionShape(),
  });
}

function acknowledgementSchema() {
  return object({
    package: about(
      value(check.checkAcknowledged),
      'Name and exact version: left-pad@1.3.0.',
    ),
    integrity: about(
      value(check.checkIntegrity),
      'The lockfile’s integrity. Other bytes make it void.',
    ),
    codes: about(
      oneOrMore(oneOf(REJECTION_CODES, 'the code of a rejection')),
      'These rejections and no others.',
    ),
    ...decisionShape(),
  });
}

function decisionShape() {
  return {
    reason: about(value(check.checkProse), 'Why; shown in every report.'),
    owner: about(value(check.checkProse), 'Whom to ask.').optional(),
    expires: about(
      value(check.checkDate).regex(check.DATE, EXPECTS_NOTHING_ELSE),
      'Last day on which it holds, in UTC: 2027-03-01.',
    ),
  };
}

function registrySchema() {
  return object({
    mirrorOf: about(
      value(check.checkRegistry),
      'Registry whose packages it serves; public for the public one.',
    ).optional(),
    evidence: about(
      z.union([oneOf(['none']), evidenceRegistrySchema()], {
        error: 'none or { registry }',
      }),
      'none: it has no evidence, and its packages are out of scope. Or the registry that is asked in its place.',
    ).optional(),
  });
}

function evidenceRegistrySchema() {
  return object({
    registry: about(
      value(check.checkRegistry),
      'Registry that is asked for evidence, and for nothing else; public for the public one.',
    ),
  });
}

function issuerSchema() {
  return object({
    platform: about(oneOf(PLATFORMS), 'Whose certificates these are.'),
    server: about(
      value(check.checkServer),
      'Where its repositories are: https://gitlab.example/.',
    ),
  });
}

/** An object with these keys and no others. */
function object<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const keys = Object.keys(shape).join('\n');
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? keys : 'an object'),
  });
}

function oneOf<const Values extends readonly string[]>(
  values: Values,
  what?: string,
) {
  const [first, ...others] = values;
  const listed =
    others.length === 0 ? String(first) : `one of ${values.join(', ')}`;
  return z.enum(values, { error: what ?? listed });
}

function oneOrMore<Item extends z.ZodType>(item: Item, most?: number) {
  const some = z.array(item).min(1, { error: 'at least one' });
  return z.union(
    [
      item,
      most === undefined
        ? some
        : some.max(most, { error: `at most ${most} of them` }),
    ],
    { error: 'a text or a list of texts' },
  );
}

function list<Item extends z.ZodType>(item: Item, what: string) {
  return z.array(item, { error: `a list of ${what}` });
}

function value(problemOf: check.ValueCheck) {
  return z
    .string({ error: problemOf('') ?? 'a text' })
    .superRefine((text, context) => {
      const expected = problemOf(text);
      if (expected !== null)
        context.addIssue({ code: 'custom', message: expected });
    });
}

/** Editors show it. */
function about<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
): Schema {
  return schema.describe(description);
}
