import type { PlacedEnvironment } from '../environment.js';
import type { ExitCode } from '../exit-code.js';
import type { OptionName } from '../option-table.js';
import type { Given } from '../option-values.js';
import type { Self } from '../self.js';

/** A command as its file describes it; help texts are made from this. */
export interface CommandDefinition<Options extends object> {
  /** As typed; the audit, which needs no word, is `audit`. */
  readonly name: string;
  /** Its operands: `<pkg>[@version] [dir]`. */
  readonly operands: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** What it does, for its own help. */
  readonly text: string;
  /** Command lines as people type them, each with what it is for. */
  readonly examples: readonly (readonly [command: string, text: string])[];
  readonly options: readonly OptionName[];
  /**
   * Checks what was given as far as it can be without files. Throws `AuditError`
   * `USAGE` with one line for what cannot be followed.
   */
  read(given: Given): Options;
  /**
   * Does it. Everything heavy is imported inside, so that --help answers at
   * once. Throws `AuditError` where there is no result to speak of.
   */
  run(
    options: Options,
    environment: PlacedEnvironment,
    self: Self,
  ): Promise<ExitCode>;
}

/** A command with its options read, ready to be run. */
export interface ReadyCommand {
  readonly options: object;
  run(environment: PlacedEnvironment, self: Self): Promise<ExitCode>;
}

/** A command among others, whatever its options are. */
export interface Command extends Pick<
  CommandDefinition<object>,
  'name' | 'operands' | 'summary' | 'text' | 'examples' | 'options'
> {
  /** As `read` of its definition. */
  prepare(given: Given): ReadyCommand;
}

/** Ties `run` to what `read` returns, so that commands can share one list. */
export function defineCommand<Options extends object>(
  definition: CommandDefinition<Options>,
): Command {
  const { name, operands, summary, text, examples, options } = definition;
  return {
    ...{ name, operands, summary, text, examples, options },
    prepare(given) {
      const read = definition.read(given);
      return {
        options: read,
        run: (environment, self) => definition.run(read, environment, self),
      };
    },
  };
}
