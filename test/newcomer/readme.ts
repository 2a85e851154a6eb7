import { parse } from 'yaml';

/** One step of the CI recipe. */
export interface RecipeStep {
  readonly run: string;
  readonly 'working-directory'?: string;
}

/** What the README tells somebody to type and to write, and what they will see. */
export interface Readme {
  /** Lines to type, block by block: those without a language. */
  readonly commands: readonly string[];
  /** Pictures of output, block by block. */
  readonly pictures: readonly string[];
  readonly recipe: readonly RecipeStep[];
  /** The policy in one screen. */
  readonly policy: string;
  /** Commands within sentences. */
  readonly spans: readonly string[];
}

/** Takes the README apart. Throws where it does not have what it must. */
export function readReadme(text: string): Readme {
  const blocks = [...text.matchAll(/^```([a-z]*)\n([^]*?)^```$/gm)].map(
    ([, language = '', code = '']) => ({ language, code }),
  );
  const plain = blocks
    .filter(({ language }) => language === '')
    .map(({ code }) => code);
  const yaml = blocks
    .filter(({ language }) => language === 'yaml')
    .map(({ code }) => code);
  const isCommand = (code: string): boolean =>
    /^(?:npm|provenance-audit) \S.*\n$/.test(code);
  const outside = text.replaceAll(/^```[^]*?^```$/gm, '');
  return {
    commands: plain.filter(isCommand).map((code) => code.trim()),
    pictures: plain.filter((code) => !isCommand(code)),
    recipe: parse(required(yaml, /^- run: /)) as readonly RecipeStep[],
    policy: required(yaml, /^version: 1\n/),
    spans: [...outside.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span),
  };
}

/** The command, which must stand in the README as it is. */
export function command({ commands, spans }: Readme, line: string): string {
  if (commands.includes(line) || spans.includes(line)) return line;
  throw new Error(`the README does not say: ${line}`);
}

function required(blocks: readonly string[], mark: RegExp): string {
  const found = blocks.find((code) => mark.test(code));
  if (found === undefined) throw new Error(`no block ${String(mark)}`);
  return found;
}
