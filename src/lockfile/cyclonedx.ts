import { isJsonObject } from '../json/strict-json.js';
import type { JsonObject } from '../json/strict-json.js';
import { own, readText, type Refuse } from './read-fields.js';
import {
  onlyOf,
  readObjects,
  type RefuseAt,
  type SbomContent,
  type SbomEntry,
} from './sbom-entry.js';
import type { SbomHash } from './sbom-hashes.js';

/** npm's own names, in its SBOMs, for what it knows of a package. */
const BUNDLED = 'cdx:npm:package:bundled';
const PRIVATE = 'cdx:npm:package:private';

/**
 * Reads the components of a CycloneDX document, untrusted, those within others
 * too. What `dependencies` says of who needs whom is not read.
 *
 * Source: CycloneDX 1.2 to 1.6, JSON.
 */
export function readCycloneDx(
  record: JsonObject,
  refuseAt: RefuseAt,
): SbomContent {
  const entries: SbomEntry[] = [];
  const open = [{ at: 'components', owner: record }];
  for (const { at, owner } of open) {
    const list = readObjects(own(owner, 'components'), at, refuseAt(at));
    list.forEach((component, index) => {
      const location = `${at}[${index}]`;
      entries.push(readComponent(location, component, refuseAt(location)));
      open.push({ at: `${location}.components`, owner: component });
    });
  }
  return { rootName: readRootName(record, refuseAt('metadata')), entries };
}

function readRootName(record: JsonObject, refuse: Refuse): string | null {
  const metadata = own(record, 'metadata');
  const root = isJsonObject(metadata) ? own(metadata, 'component') : undefined;
  return isJsonObject(root) ? readText(root, 'name', refuse) : null;
}

function readComponent(
  location: string,
  component: JsonObject,
  refuse: Refuse,
): SbomEntry {
  const group = readText(component, 'group', refuse);
  const name = readText(component, 'name', refuse);
  return {
    location,
    purl: readText(component, 'purl', refuse),
    name: group === null || name === null ? name : `${group}/${name}`,
    version: readText(component, 'version', refuse),
    hashes: readHashes(component, refuse),
    download: readDistribution(component, refuse),
    isBundled: hasProperty(component, BUNDLED, refuse),
    isPrivate: hasProperty(component, PRIVATE, refuse),
  };
}

function readHashes(
  component: JsonObject,
  refuse: Refuse,
): readonly SbomHash[] {
  return readObjects(own(component, 'hashes'), 'hashes', refuse).map((hash) => {
    const algorithm = readText(hash, 'alg', refuse);
    const digits = readText(hash, 'content', refuse);
    if (algorithm === null || digits === null) {
      return refuse('hashes: expected alg and content');
    }
    return { algorithm, digits };
  });
}

function readDistribution(
  component: JsonObject,
  refuse: Refuse,
): string | null {
  const field = 'externalReferences';
  const urls = readObjects(own(component, field), field, refuse)
    .filter((reference) => own(reference, 'type') === 'distribution')
    .flatMap((reference) => readText(reference, 'url', refuse) ?? []);
  return onlyOf(urls, 'distribution', refuse);
}

function hasProperty(
  component: JsonObject,
  name: string,
  refuse: Refuse,
): boolean {
  return readObjects(own(component, 'properties'), 'properties', refuse).some(
    (each) => own(each, 'name') === name && own(each, 'value') === 'true',
  );
}
