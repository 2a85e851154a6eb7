import type { ReportProvenance } from '../report.js';
import { labelled, span, type Line } from './layout.js';
import { enumerate, field, shortUrl } from './wording.js';

const COLUMN = 16;
const SHORT_COMMIT = 12;

/** Who built a package from what, below its provenance; empty without one. */
export function provenanceLines(
  provenance: ReportProvenance | null,
  width: number,
): Line[] {
  if (provenance === null) return [];
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['built from', wordSource(provenance)],
    ['by', wordBuilder(provenance)],
    ['signed by', wordSigner(provenance)],
    ['started by', wordRun(provenance)],
    ['logged', wordLog(provenance)],
    ['limited', wordLimits(provenance)],
  ];
  return rows.flatMap(([label, words]) =>
    words.length === 0
      ? []
      : labelled(span(label, 'faint'), words, {
          ...{ indent: 4, width, labelWidth: COLUMN - 4 },
        }),
  );
}

function wordSource(one: ReportProvenance): string[] {
  const { sourceRepositoryId: id, sourceRevision, sourceRef } = one;
  const repository = shortUrl(one.sourceRepository);
  return enumerate([
    id === null ? repository : `${repository} (id ${field(id)})`,
    ...(sourceRevision === null
      ? []
      : [`commit ${field(sourceRevision.slice(0, SHORT_COMMIT))}`]),
    ...(sourceRef === null ? [] : [wordRef(sourceRef)]),
  ]);
}

/** `tag v1.2.3`, `branch main`; other refs as they are. */
function wordRef(ref: string): string {
  const [, kind, name] = /^refs\/(tags|heads)\/(.+)$/s.exec(ref) ?? [];
  if (name === undefined) return field(ref);
  return `${kind === 'tags' ? 'tag' : 'branch'} ${field(name)}`;
}

const RUNNERS: ReadonlyMap<string, string> = new Map([
  ['github-hosted', 'on a GitHub-hosted runner'],
  ['gitlab-hosted', 'on a GitLab-hosted runner'],
  ['self-hosted', 'on a self-hosted runner'],
]);

function wordBuilder({
  workflow,
  builder,
  runner,
}: ReportProvenance): string[] {
  const place = runner === null ? null : (RUNNERS.get(runner) ?? field(runner));
  return [
    workflow === null ? shortUrl(builder) : field(workflow),
    ...(place === null ? [] : [place]),
  ];
}

/** Said only where a reusable workflow signed, which the caller is not. */
function wordSigner(one: ReportProvenance): string[] {
  const { signer, sourceRepository, workflow, workflowRef } = one;
  const caller = `${sourceRepository}/${workflow ?? ''}@${workflowRef ?? ''}`;
  return signer === caller ? [] : [shortUrl(signer)];
}

function wordRun({ event, runUrl }: ReportProvenance): string[] {
  return enumerate([
    ...(event === null ? [] : [field(event)]),
    ...(runUrl === null ? [] : [wordRunUrl(runUrl)]),
  ]);
}

/** GitHub's runs by number, as its pages call them; others by their address. */
function wordRunUrl(runUrl: string): string {
  const [, run, attempt] =
    /\/actions\/runs\/(\d{1,20})\/attempts\/(\d{1,6})$/.exec(runUrl) ?? [];
  return run === undefined
    ? shortUrl(runUrl)
    : `run ${run} attempt ${attempt ?? ''}`;
}

function wordLog({ logIndex }: ReportProvenance): string[] {
  return logIndex === null
    ? ['in no transparency log']
    : [`entry ${field(logIndex)} of the transparency log`];
}

function wordLimits({ limitedIdentity }: ReportProvenance): string[] {
  if (!limitedIdentity) return [];
  return 'the certificate is from before it named the whole build'.split(' ');
}
