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
  const archives = readDistributions(component, refuse);
  const urls = archives.flatMap((each) => readText(each, 'url', refuse) ?? []);
  return {
    location,
    purl: readText(component, 'purl', refuse),
    name: group === null || name === null ? name : `${group}/${name}`,
    version: readText(component, 'version', refuse),
    // Of the archive, whichever of them says it: some tools do in one place,
    // some in the other. Where both do and disagree, neither is passed over.
    hashes: [component, ...archives].flatMap((each) =>
      readHashes(each, refuse),
    ),
    download: onlyOf(urls, 'distribution', refuse),
    isBundled: hasProperty(component, BUNDLED, refuse),
    isPrivate: hasProperty(component, PRIVATE, refuse),
  };
}

function readHashes(owner: JsonObject, refuse: Refuse): readonly SbomHash[] {
  return readObjects(own(owner, 'hashes'), 'hashes', refuse).map((hash) => {
    const algorithm = readText(hash, 'alg', refuse);
    const digits = readText(hash, 'content', refuse);
    if (algorithm === null || digits === null) {
      return refuse('hashes: expected alg and content');
    }
    return { algorithm, digits };
  });
}

/** What a component says of the archives that it is distributed as. */
function readDistributions(
  component: JsonObject,
  refuse: Refuse,
): readonly JsonObject[] {
  const field = 'externalReferences';
  return readObjects(own(component, field), field, refuse).filter(
    (reference) => own(reference, 'type') === 'distribution',
  );
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
