import { isJsonArray } from '../json/strict-json.js';
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

const NOT_SAID = ['NOASSERTION', 'NONE'];

/**
 * Reads the packages of an SPDX 2 document, untrusted. The one package that the
 * document describes is the root project; where it describes several, none of
 * them is, so that no list of roots can hide a package. Other relationships are
 * not read.
 *
 * Source: SPDX 2.2 and 2.3, JSON.
 */
export function readSpdx(record: JsonObject, refuseAt: RefuseAt): SbomContent {
  const refuse = refuseAt('packages');
  const packages = readObjects(own(record, 'packages'), 'packages', refuse);
  const root = describedPackage(record, refuseAt);
  const isRoot = (one: JsonObject): boolean =>
    root !== null && own(one, 'SPDXID') === root;
  const [found, ...others] = packages.filter(isRoot);
  if (others.length > 0) refuse(`more than one of SPDXID ${root ?? ''}`);
  return {
    rootName: found === undefined ? null : readText(found, 'name', refuse),
    entries: packages.flatMap((one, index): readonly SbomEntry[] => {
      const location = `packages[${index}]`;
      return isRoot(one)
        ? []
        : [readPackage(location, one, refuseAt(location))];
    }),
  };
}

/** Said in either of two ways. */
function describedPackage(
  record: JsonObject,
  refuseAt: RefuseAt,
): string | null {
  const listed = own(record, 'documentDescribes');
  const field = 'relationships';
  const related = readObjects(own(record, field), field, refuseAt(field))
    .filter((each) => own(each, 'relationshipType') === 'DESCRIBES')
    .map((each) => own(each, 'relatedSpdxElement'));
  const described = new Set(
    [...(isJsonArray(listed) ? listed : []), ...related].filter(
      (each) => typeof each === 'string',
    ),
  );
  const [only = null, ...others] = described;
  return others.length === 0 ? only : null;
}

function readPackage(
  location: string,
  one: JsonObject,
  refuse: Refuse,
): SbomEntry {
  const download = readText(one, 'downloadLocation', refuse);
  return {
    location,
    purl: readPurl(one, refuse),
    name: readText(one, 'name', refuse),
    version: readText(one, 'versionInfo', refuse),
    hashes: readChecksums(one, refuse),
    download:
      download === null || NOT_SAID.includes(download) ? null : download,
    isBundled: false,
    isPrivate: false,
  };
}

function readPurl(one: JsonObject, refuse: Refuse): string | null {
  const field = 'externalRefs';
  const purls = readObjects(own(one, field), field, refuse)
    .filter((each) => own(each, 'referenceType') === 'purl')
    .flatMap((each) => readText(each, 'referenceLocator', refuse) ?? []);
  return onlyOf(purls, 'package URL', refuse);
}

function readChecksums(one: JsonObject, refuse: Refuse): readonly SbomHash[] {
  const field = 'checksums';
  return readObjects(own(one, field), field, refuse).map((checksum) => {
    const algorithm = readText(checksum, 'algorithm', refuse);
    const digits = readText(checksum, 'checksumValue', refuse);
    if (algorithm === null || digits === null) {
      return refuse('checksums: expected algorithm and checksumValue');
    }
    return { algorithm, digits };
  });
}
