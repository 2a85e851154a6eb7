import { provenSubjects } from '../identity-demand.js';
import type { Rule } from '../rule.js';
import { foldGithubCase } from '../source-pattern.js';

export const declaredRepositoryDiffers: Rule = {
  id: 'declared-repository-differs',
  title: 'The package names another repository than it was built from',
  meaning:
    'The package’s own metadata (repository, a claim that anybody can ' +
    'make) names another repository than the certificate of its verified ' +
    'provenance. Mostly a project was renamed or never changed the entry; ' +
    'but a package that poses as another project’s does this too. Not ' +
    'judged where one of the two is not known.',
  remedy:
    'Look at both repositories. Name the right one for this package in ' +
    'the policy (source), then a change of it is an error.',
  example:
    'the metadata names another repository than the one it was built from',
  defaultLevel: 'warning',
  consequence: 'violated',
  about: 'packages',
  evaluate: (subjects) =>
    provenSubjects(subjects).flatMap(({ subject, provenance }) => {
      const { evidence } = subject;
      if (evidence.status !== 'attested') return [];
      const { declaredRepository } = evidence.metadata;
      const { sourceRepository } = provenance;
      if (
        declaredRepository === null ||
        isSameRepository(declaredRepository, sourceRepository)
      ) {
        return [];
      }
      return [
        {
          subject,
          message:
            'the metadata names another repository than the one it was built from',
          expected: sourceRepository,
          found: declaredRepository,
        },
      ];
    }),
};

function isSameRepository(declared: string, attested: string): boolean {
  return foldGithubCase(declared) === foldGithubCase(attested);
}
