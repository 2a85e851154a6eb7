import { z } from 'zod';
import { LEVELS, type Level } from '../../facts/facts.js';
import { isExactVersion, isPackageName } from '../../lockfile/npm-grammar.js';
import { splitPackageSpec } from '../policy-values.js';
import { REF_KINDS } from './pin.js';

/** A file of pins as it is written, its form known to be right. */
export type PinsFileContent = z.infer<ReturnType<typeof pinsFileSchema>>;

const MAX_TEXT = 1024;

/**
 * The one definition of `provenance.lock.json`; the JSON Schema and every
 * message come from it, in the way of the policy's own schema. Not checked here:
 * the keys of `pins`, by `isPinKey`.
 */
// eslint-disable-next-line @typescript-eslint/explicit-module-boundary-types -- written out, its type would be all the parts once more
export function pinsFileSchema() {
  return object({
    version: z
      .literal(1, { error: 'the number 1' })
      .describe('Version of this format.'),
    pins: z
      .record(z.string(), pinSchema(), { error: 'an object' })
      .describe(
        'What was proven, by package and the version from which on it holds.',
      ),
  });
}

/** The JSON Schema of the file, draft-07, which editors understand. */
export function pinsJsonSchema(): object {
  const schema = z.toJSONSchema(pinsFileSchema(), {
    target: 'draft-07',
    io: 'input',
  });
  return {
    ...schema,
    $id: 'pins.schema.json',
    title: 'Pins of provenance-audit, version 1',
    description:
      'What was proven of the packages of a lockfile, written by provenance-audit pin. The program checks more than this schema can say.',
  };
}

/** Whether a key of `pins` is a package with its exact version. */
export function isPinKey(key: string): boolean {
  const { name, version } = splitPackageSpec(key);
  return isPackageName(name) && version !== null && isExactVersion(version);
}

function pinSchema() {
  const levels = LEVELS.join(', ');
  const kinds = REF_KINDS.join(', ');
  return object({
    level: z
      .enum(LEVELS, { error: `one of ${levels}` })
      .describe('How much was proven.'),
    source: text('Source repository, as the certificate names it.'),
    sourceId: text('Id of the repository.'),
    ownerId: text('Id of its owner.'),
    workflow: text('Path of the calling workflow.'),
    builder: text('Builder, without its version.'),
    issuer: text('OIDC issuer.'),
    refKind: z
      .enum(REF_KINDS, { error: `one of ${kinds}` })
      .describe('What the source ref was.')
      .optional(),
  }).refine(isWhole, {
    error:
      'source and issuer exactly where the level is provenance or above, and nothing else below',
  });
}

type WrittenPin = Readonly<Record<string, string | undefined>> & {
  readonly level: Level;
};

/** A pin that says less than what was proven would be compared with less. */
function isWhole({ level, ...identity }: WrittenPin): boolean {
  const isProven = LEVELS.indexOf(level) >= LEVELS.indexOf('provenance');
  return isProven
    ? identity['source'] !== undefined && identity['issuer'] !== undefined
    : Object.values(identity).every((value) => value === undefined);
}

function text(description: string) {
  const error = `a text of 1 to ${MAX_TEXT} characters`;
  return z
    .string({ error })
    .min(1, { error })
    .max(MAX_TEXT, { error })
    .describe(description)
    .optional();
}

/** An object with these keys and no others. */
function object<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const keys = Object.keys(shape).join('\n');
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? keys : 'an object'),
  });
}
