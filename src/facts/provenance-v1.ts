import type { JsonObject } from '../json/strict-json.js';
import {
  readGithubRunner,
  unknownBuilder,
  unknownBuildType,
} from './builder.js';
import {
  objectAt,
  onlyObjectAt,
  PredicateError,
  splitSourceUri,
  textAt,
  type ClaimsResult,
} from './claims.js';
import { GENERATOR_BUILD_TYPE, readGeneratorV1 } from './slsa-generator.js';

const GITHUB_WORKFLOW =
  'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1';

/**
 * Reads an SLSA provenance v1 predicate as npm writes it on GitHub Actions, or
 * SLSA's own builder for npm. `predicate` is signed, but only the build's word;
 * `server` is where the issuer of its certificate keeps repositories. Throws
 * `PredicateError` where something that is always written is missing.
 *
 * Source: SLSA provenance v1; GitHub Actions buildType workflow/v1; libnpmpublish.
 */
export function readProvenanceV1(
  predicate: JsonObject,
  server: string,
): ClaimsResult {
  const definition = objectAt(predicate, 'buildDefinition');
  const buildType = textAt(definition, 'buildType');
  const builder = textAt(objectAt(predicate, 'runDetails', 'builder'), 'id');
  if (buildType === GENERATOR_BUILD_TYPE) {
    return readGeneratorV1(predicate, builder, server);
  }
  if (buildType !== GITHUB_WORKFLOW) return unknownBuildType(buildType);
  const runner = readGithubRunner(builder);
  if (runner === null) {
    return unknownBuilder(buildType, {
      expected: 'a GitHub Actions runner',
      found: builder,
    });
  }
  const workflow = objectAt(definition, 'externalParameters', 'workflow');
  const github = objectAt(definition, 'internalParameters', 'github');
  const source = onlyObjectAt(definition, 'resolvedDependencies');
  const { repository, ref } = splitSourceUri(textAt(source, 'uri'));
  const commit = textAt(objectAt(source, 'digest'), 'gitCommit');
  const metadata = objectAt(predicate, 'runDetails', 'metadata');
  if (ref === null)
    throw new PredicateError('expected a ref in the source URI');
  return {
    status: 'ok',
    claims: {
      platform: 'github',
      buildType,
      builder,
      claims: [
        { property: 'sourceRepository', value: textAt(workflow, 'repository') },
        { property: 'sourceRepository', value: repository },
        { property: 'sourceRef', value: ref },
        { property: 'sourceRevision', value: commit },
        { property: 'workflow', value: textAt(workflow, 'path') },
        { property: 'workflowRef', value: textAt(workflow, 'ref') },
        { property: 'event', value: textAt(github, 'event_name') },
        {
          property: 'sourceRepositoryId',
          value: textAt(github, 'repository_id'),
        },
        {
          property: 'sourceOwnerId',
          value: textAt(github, 'repository_owner_id'),
        },
        runner,
        { property: 'runUrl', value: textAt(metadata, 'invocationId') },
      ],
    },
  };
}
