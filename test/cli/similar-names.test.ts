import { describe, expect, it } from 'vitest';
import { similarNames } from '../../src/cli/similar-names.js';

describe('similar names', () => {
  it.each([
    ['one slip', 'lodahs', ['lodash', 'express'], ['lodash']],
    ['another case', 'Lodash', ['lodash'], ['lodash']],
    ['another scope', 'widget', ['@acme/widget', 'sprocket'], ['@acme/widget']],
    ['nothing alike', 'express', ['lodash', 'left-pad'], []],
    ['nothing in a short name', 'ms', ['qs', 'abc'], ['qs']],
    [
      'at most three',
      'aaaa',
      ['aaab', 'aaac', 'aaad', 'aaae'],
      ['aaab', 'aaac', 'aaad'],
    ],
    ['each once', 'lodsh', ['lodash', 'lodash'], ['lodash']],
    ['the best first', 'semver', ['server', 'semvr'], ['semvr', 'server']],
  ])('%s', (_what, wanted, names, expected) => {
    expect(similarNames(wanted, names)).toEqual(expected);
  });
});
