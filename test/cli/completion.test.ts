import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseArguments } from '../../src/cli/args.js';
import {
  DEFAULT_COMMAND,
  NAMED_COMMANDS,
} from '../../src/cli/commands/index.js';
import { SHELLS } from '../../src/cli/completion/program-words.js';
import { OPTIONS } from '../../src/cli/option-table.js';
import { runCompletion } from '../../src/cli/run-completion.js';
import { FORMATS } from '../../src/report/formats/index.js';

const ALL = [DEFAULT_COMMAND, ...NAMED_COMMANDS];
const PRINTED = new Map<string, string>();

beforeAll(async () => {
  for (const kind of [...SHELLS, 'man'] as const) {
    let text = '';
    const stdout = {
      write: (part: string, done?: () => void) => {
        text += part;
        done?.();
        return true;
      },
    };
    await runCompletion(kind, { stdout }, { version: '1.2.3' });
    PRINTED.set(kind, text);
  }
});

function printed(kind: string): string {
  return PRINTED.get(kind) ?? '';
}

/** Output of a program that reads `input`; null where it is not installed. */
function pipe(
  program: string,
  args: readonly string[],
  input: string,
): { readonly status: number | null; readonly text: string } {
  const { status, stdout, stderr } = spawnSync(program, args, {
    input,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', MANWIDTH: '80' },
  });
  return { status, text: `${stdout}${stderr}` };
}

function has(program: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
}

/** For titles: what is skipped says for want of what. */
function within(program: string): string {
  return has(program) ? `in ${program}` : `in ${program} (skipped: not there)`;
}

describe('what is printed', () => {
  it.each([...SHELLS, 'man'])('has every command and option: %s', (kind) => {
    // troff writes each hyphen as \-.
    const text = printed(kind).replaceAll('\\-', '-');
    for (const { name, options } of NAMED_COMMANDS) {
      expect(text).toContain(name);
      expect(options.every((option) => option in OPTIONS)).toBe(true);
    }
    for (const option of ALL.flatMap(({ options }) => options)) {
      const written = kind === 'fish' ? `-l ${option} ` : `--${option}`;
      expect(text, option).toContain(written);
    }
  });

  it('is for one of three shells or man', async () => {
    const self = { version: '1.2.3', width: 80 };
    for (const operand of ['tcsh', 'bash zsh', '']) {
      const argv = ['completion', ...operand.split(' ').filter(Boolean)];
      await expect(parseArguments(argv, self)).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining('bash, zsh, fish or man') as string,
      });
    }
  });
});

describe('examples', () => {
  it.each(ALL.map((command) => [command.name, command] as const))(
    'of %s are ones that the program understands, and in its help',
    async (name, { examples }) => {
      const self = { version: '1.2.3', width: 100 };
      const own = name === 'audit' ? [] : [name];
      const help = await parseArguments([...own, '--help'], self);
      if (help.status !== 'text') throw new Error('no help');
      expect(examples.length).toBeGreaterThan(0);
      for (const [line, about] of examples) {
        // Two columns: only the words are sure to stand together.
        for (const word of line.split(' ')) {
          expect(help.text).toContain(word);
        }
        expect(about).toMatch(/^[A-Z].*\.$/);
        const [, argv = ''] = /provenance-audit ?([^&|)]*)/.exec(line) ?? [];
        const words = argv.split(' ').filter(Boolean);
        const { status } = await parseArguments(words, self);
        expect(status).toBe('command');
      }
    },
  );
});

/** What bash offers for a command line whose last word is being typed. */
function bashOffers(line: string): readonly string[] {
  const words = line.split(' ');
  const script = `${printed('bash')}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})
COMP_CWORD=${words.length - 1}
_provenance_audit
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { status, text } = pipe('bash', ['--norc', '--noprofile'], script);
  expect(status, text).toBe(0);
  return text.split('\n').filter(Boolean);
}

describe.runIf(has('bash'))(`completion ${within('bash')}`, () => {
  it.each<[string, readonly string[]]>([
    ['provenance-audit tr', ['trust-root']],
    ['provenance-audit --form', ['--format']],
    ['provenance-audit --format c', ['csv', 'code-quality', 'cyclonedx']],
    ['provenance-audit --omit d', ['dev']],
    ['provenance-audit --omit = d', ['dev']],
    ['provenance-audit --report sar', ['sarif=']],
    ['provenance-audit show --rec', []],
    ['provenance-audit --json show --form', ['--format']],
    ['provenance-audit cache c', ['clear']],
    ['provenance-audit completion ', ['bash', 'zsh', 'fish', 'man']],
    ['provenance-audit pin --acc', ['--accept']],
    ['provenance-audit --lockfile show', []],
  ])('%s', (line, offers) => {
    expect(bashOffers(line)).toEqual(offers);
  });

  it('offers every command and every form', () => {
    expect(bashOffers('provenance-audit ')).toEqual(
      NAMED_COMMANDS.map(({ name }) => name),
    );
    expect(bashOffers('provenance-audit --format ')).toEqual(
      FORMATS.map(({ name }) => name),
    );
  });

  it.each(['$(echo pwned >&2)', '`echo pwned >&2`', '*', '-$(echo pwned >&2)'])(
    'evaluates nothing that was typed: %s',
    (word) => {
      expect(bashOffers(`provenance-audit ${word}`)).toEqual([]);
      expect(bashOffers(`provenance-audit --format ${word}`)).toEqual([]);
    },
  );
});

it.runIf(has('zsh'))(`completion ${within('zsh')} is a script`, () => {
  expect(pipe('zsh', ['-f', '-n'], printed('zsh'))).toEqual({
    status: 0,
    text: '',
  });
  const script = `autoload -Uz compinit && compinit -D -u
${printed('zsh')}
print -r -- \${_comps[provenance-audit]}`;
  expect(pipe('zsh', ['-f'], script)).toEqual({
    status: 0,
    text: '_provenance_audit\n',
  });
});

it.runIf(has('fish'))(`completion ${within('fish')}`, () => {
  const ask = (line: string): readonly string[] => {
    const script = `${printed('fish')}\ncomplete -C '${line}'`;
    const { status, text } = pipe('fish', ['--no-config', '-c', script], '');
    expect(status, text).toBe(0);
    return text
      .split('\n')
      .filter(Boolean)
      .map((each) => each.split('\t')[0] ?? '');
  };
  expect(ask('provenance-audit trus')).toEqual(['trust-root']);
  expect(ask('provenance-audit --omit d')).toEqual(['dev']);
  expect(ask('provenance-audit cache c')).toEqual(['clear']);
  expect(ask('provenance-audit show --rec')).toEqual([]);
});

describe('the manual page', () => {
  it.runIf(has('groff'))(`has no fault ${within('groff')}`, () => {
    const args = ['-man', '-Tutf8', '-ww', '-z'];
    const { status, text } = pipe('groff', args, printed('man'));
    expect(status).toBe(0);
    expect(text).toBe('');
  });

  it.runIf(has('mandoc'))(`has no fault ${within('mandoc')}`, () => {
    const { text } = pipe(
      'mandoc',
      ['-Tlint', '-W', 'warning'],
      printed('man'),
    );
    // The page has no date: it is the same for a version, whenever it is made.
    expect(
      text.split('\n').filter((line) => !/missing date|^$/.test(line)),
    ).toEqual([]);
  });

  it.runIf(has('man'))(`reads well ${within('man')}`, () => {
    const { text } = pipe('man', ['-l', '-'], printed('man'));
    const plain = text.replaceAll(/.[\b]/g, '');
    for (const section of [
      ...['NAME', 'SYNOPSIS', 'COMMANDS', 'OPTIONS', 'EXIT STATUS'],
      ...['ENVIRONMENT', 'EXAMPLES'],
    ]) {
      expect(plain).toMatch(new RegExp(`^${section}$`, 'm'));
    }
    expect(plain).toContain('provenance-audit && npm ci');
    expect(plain).toMatch(
      /^ +--format value\n +Form of the report: text, tree/m,
    );
  });

  it('is shipped as it is printed', async () => {
    const url = new URL('../../man/provenance-audit.1', import.meta.url);
    const shipped = await readFile(url, 'utf8');
    const own = JSON.parse(
      await readFile(new URL('../../package.json', import.meta.url), 'utf8'),
    ) as { readonly version: string; readonly man: string };
    expect(own.man).toBe('man/provenance-audit.1');
    expect(shipped).toBe(printed('man').replace('1.2.3', own.version));
  });
});
