import { observeHistory } from '../history/observe-history.js';
import { dayOf, previousRelease } from '../history/placed-release.js';
import type { Rule } from '../rule.js';

export const installScriptAdded: Rule = {
  id: 'install-script-added',
  title: 'Runs a script on installation that the version before did not',
  meaning:
    'This version has a preinstall, install or postinstall script, and the ' +
    'release before it did not. What it can tell: from now on code of the ' +
    'package runs as soon as it is installed, which is how most malicious ' +
    'versions begin. What it cannot tell: what the script does, or a change of ' +
    'one that was there. Basis: the registry’s unsigned word; the package itself ' +
    'is not opened. Costs a request for each package.',
  remedy:
    'Read the script before anything is installed, and install with ' +
    '--ignore-scripts until then.',
  example:
    'runs postinstall on installation, which 1.4.1 of 2026-03-02 did not',
  defaultLevel: 'off',
  consequence: 'violated',
  about: 'packages',
  needs: 'history',
  evaluate: (subjects) =>
    observeHistory(subjects, (_subject, release) => {
      const previous = previousRelease(release);
      if (previous === null) return null;
      const added = release.own.installScripts.filter(
        (each) => !previous.installScripts.includes(each),
      );
      if (added.length === 0) return null;
      return {
        message: `runs ${added.join(', ')} on installation, which ${previous.version} of ${dayOf(previous.publishedAt)} did not`,
        expected: null,
        found: added.join(', '),
      };
    }),
};
