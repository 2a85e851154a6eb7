import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AuditError } from '../../src/errors.js';
import type { Dependency } from '../../src/lockfile/dependency.js';
import { OMIT_KINDS } from '../../src/lockfile/omission.js';
import {
  describeSelection,
  selectDependencies,
  WHOLE_LOCKFILE,
  type Selection,
} from '../../src/policy/selection.js';
import { dependencyOf } from '../evidence/dependencies.js';

function entry(name: string, change: Partial<Dependency> = {}): Dependency {
  return { ...dependencyOf(name), ...change };
}

const LOCKFILE = [
  entry('@acme/widget', { workspaces: ['web'] }),
  entry('@acme/deep', { direct: false, workspaces: ['api', 'web'] }),
  entry('tool', { omittedBy: [['dev']], production: false }),
  entry('native', { omittedBy: [['optional']], direct: false }),
  entry('helper', { omittedBy: [['dev', 'peer']], direct: false }),
  entry('real-name', { aliases: ['nickname'] }),
  entry('from-git', { origin: { kind: 'git', resolved: 'git+ssh://x' } }),
];

function names(change: Partial<Selection>): readonly string[] {
  const selection = { ...WHOLE_LOCKFILE, ...change };
  const selected = selectDependencies(LOCKFILE, selection, 'lock.json');
  return [...selected].map(({ id }) => id.name);
}

const ALL = LOCKFILE.map(({ id }) => id.name);
const without = (...gone: readonly string[]): readonly string[] =>
  ALL.filter((name) => !gone.includes(name));

describe('a selection', () => {
  it.each<[string, Partial<Selection>, readonly string[]]>([
    ['of everything', {}, ALL],
    ['without development', { omit: ['dev'] }, without('tool')],
    ['without optional', { omit: ['optional'] }, without('native')],
    ['without peers that are needed otherwise', { omit: ['peer'] }, ALL],
    [
      'without peers and development',
      { omit: ['peer', 'dev'] },
      without('tool', 'helper'),
    ],
    ['of a workspace', { workspaces: ['api'] }, ['@acme/deep']],
    [
      'of several',
      { workspaces: ['api', 'web'] },
      ['@acme/widget', '@acme/deep'],
    ],
    [
      'of what is named directly',
      { direct: true },
      without('@acme/deep', 'native', 'helper'),
    ],
    ['of a name', { packages: ['tool'] }, ['tool']],
    ['of a scope', { packages: ['@acme/*'] }, ['@acme/widget', '@acme/deep']],
    ['of names without a scope', { packages: ['*'] }, ALL.slice(2)],
    ['of an alias', { packages: ['nick*'] }, ['real-name']],
    [
      'of several patterns',
      { packages: ['t*', 'n*'] },
      ['tool', 'native', 'real-name'],
    ],
    [
      'that several members narrow',
      { workspaces: ['web'], direct: true, packages: ['@acme/*'] },
      ['@acme/widget'],
    ],
  ])('%s', (_what, change, expected) => {
    expect(names(change)).toEqual(expected);
  });

  it.each<[string, Partial<Selection>, string]>([
    [
      'a pattern that matches nothing',
      { packages: ['@acme/*', '@acme/wigdet'] },
      '--package @acme/wigdet: matches no package of lock.json; expected a name, or a pattern such as @acme/*',
    ],
    [
      'a regular expression',
      { packages: ['@acme/.+'] },
      '--package @acme/.+: matches no package of lock.json; expected a name, or a pattern such as @acme/*',
    ],
    [
      'a workspace that is not there',
      { workspaces: ['web', 'wbe'] },
      '--workspace wbe: lock.json has no such workspace; it has api, web',
    ],
    [
      'members that exclude each other',
      { omit: ['dev'], packages: ['tool'] },
      'lock.json: nothing in it is selected by --omit dev --package tool',
    ],
  ])('refuses %s', (_what, change, message) => {
    const failure = (): unknown => names(change);
    expect(failure).toThrow(AuditError);
    expect(failure).toThrow(new AuditError('USAGE', message));
  });

  it('tells that a project has no workspaces at all', () => {
    const selection = { ...WHOLE_LOCKFILE, workspaces: ['web'] };
    expect(() =>
      selectDependencies([entry('a')], selection, 'lock.json'),
    ).toThrow('it has no workspaces');
  });

  it('of everything is at peace with a lockfile of nothing', () => {
    expect(selectDependencies([], WHOLE_LOCKFILE, 'lock.json').size).toBe(0);
  });

  it('looks through a long list of workspaces once, whoever shares it', () => {
    const workspaces = Array.from({ length: 4000 }, (_, index) => `w${index}`);
    const many = Array.from({ length: 100_000 }, (_, index) =>
      entry(`p${index}`, { workspaces }),
    );
    const selection = { ...WHOLE_LOCKFILE, workspaces: ['w3999'] };
    expect(selectDependencies(many, selection, 'lock.json').size).toBe(100_000);
    const none = { ...WHOLE_LOCKFILE, workspaces: ['w4000'] };
    expect(() => selectDependencies(many, none, 'lock.json')).toThrow(
      'it has w0, w1, w10, w100, w1000 and 3995 more',
    );
  });

  it('never grows by being narrowed', () => {
    const kinds = fc.subarray([...OMIT_KINDS]);
    fc.assert(
      fc.property(kinds, kinds, fc.boolean(), (some, more, direct) => {
        const wide = names({ omit: some });
        const narrow = names({ omit: [...some, ...more], direct });
        expect(narrow.filter((name) => !wide.includes(name))).toEqual([]);
      }),
    );
  });

  it('is written as it was asked for', () => {
    expect(
      describeSelection({
        omit: ['dev', 'peer'],
        workspaces: ['web'],
        direct: true,
        packages: ['@acme/*'],
        mayBeEmpty: false,
      }),
    ).toBe('--omit dev --omit peer --workspace web --direct --package @acme/*');
  });
});
