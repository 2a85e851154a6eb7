import { toPurl } from '../../../src/package/package-id.js';

/** What a lockfile says of one package. */
export interface Pin {
  readonly name: string;
  readonly version: string;
  /** As written; null: nothing. */
  readonly integrity: string | null;
  /** The address of its archive; none is written without it. */
  readonly resolved?: string;
  /** The name that the project gives it. */
  readonly alias?: string;
  /** What is asked for; the version itself, where it is not said. */
  readonly range?: string;
}

export const FORMATS = [
  'npm 1',
  'npm 2',
  'npm 3',
  'pnpm 5',
  'pnpm 6',
  'pnpm 9',
  'Yarn 1',
  'Yarn Berry',
  'bun',
  'CycloneDX',
  'SPDX',
] as const;

/** Every form that is audited, lockfiles and SBOMs. */
export type FormatName = (typeof FORMATS)[number];

/** The file of a format, and how it writes what the project depends on. */
interface Writer {
  readonly file: string;
  readonly write: (pins: readonly Pin[]) => string;
}

export function fileOf(format: FormatName): string {
  return WRITERS[format].file;
}

/** A file of that format in which the project depends on `pins`. */
export function lockfileOf(format: FormatName, pins: readonly Pin[]): string {
  return WRITERS[format].write(pins);
}

/** The package.json of such a project. */
export function manifestOf(pins: readonly Pin[]): object {
  const asked = pins.map((pin) => [pin.alias ?? pin.name, specOf(pin)]);
  return {
    name: 'my-app',
    version: '1.0.0',
    dependencies: Object.fromEntries(asked) as object,
  };
}

function specOf({ name, version, alias, range = version }: Pin): string {
  return alias === undefined ? range : `npm:${name}@${range}`;
}

/** Members that are there only with a value. */
function known(members: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => (value ?? null) !== null),
  );
}

const npm1 = (pins: readonly Pin[]): string => {
  const entries = pins.map((pin) => [
    pin.alias ?? pin.name,
    known({
      version:
        pin.alias === undefined
          ? pin.version
          : `npm:${pin.name}@${pin.version}`,
      resolved: pin.resolved,
      integrity: pin.integrity,
    }),
  ]);
  return json({
    ...{ name: 'my-app', version: '1.0.0', lockfileVersion: 1 },
    ...{ requires: true, dependencies: Object.fromEntries(entries) as object },
  });
};

const npm =
  (lockfileVersion: 2 | 3) =>
  (pins: readonly Pin[]): string => {
    const entries = pins.map((pin) => [
      `node_modules/${pin.alias ?? pin.name}`,
      known({
        name: pin.alias === undefined ? null : pin.name,
        version: pin.version,
        resolved: pin.resolved,
        integrity: pin.integrity,
      }),
    ]);
    return json({
      ...{ name: 'my-app', version: '1.0.0', lockfileVersion },
      packages: {
        '': manifestOf(pins),
        ...(Object.fromEntries(entries) as object),
      },
    });
  };

/** A second entry of a version is in a second document of the file. */
const pnpm =
  (major: 5 | 6 | 9) =>
  (pins: readonly Pin[]): string => {
    const documents: Map<string, Pin>[] = [];
    for (const pin of pins) {
      const key = pnpmKey(major, pin);
      const free = documents.find((one) => !one.has(key));
      if (free === undefined) documents.push(new Map([[key, pin]]));
      else free.set(key, pin);
    }
    return documents
      .map((one) => pnpmDocument(major, [...one.values()]))
      .join('---\n');
  };

function pnpmKey(major: 5 | 6 | 9, { name, version }: Pin): string {
  if (major === 5) return `/${name}/${version}`;
  return major === 6 ? `/${name}@${version}` : `${name}@${version}`;
}

function pnpmDocument(major: 5 | 6 | 9, pins: readonly Pin[]): string {
  const name = (pin: Pin): string => `'${pin.alias ?? pin.name}'`;
  const answer = (pin: Pin): string =>
    `'${pin.alias === undefined ? pin.version : pnpmKey(major, pin)}'`;
  const list = (of: (pin: Pin) => string): string => pins.map(of).join('');
  const asked =
    major === 5
      ? `specifiers:\n${list((pin) => `  ${name(pin)}: '${specOf(pin)}'\n`)}\n` +
        `dependencies:\n${list((pin) => `  ${name(pin)}: ${answer(pin)}\n`)}`
      : `importers:\n\n  .:\n    dependencies:\n${list(
          (pin) =>
            `      ${name(pin)}:\n        specifier: '${specOf(pin)}'\n        version: ${answer(pin)}\n`,
        )}`;
  const entries = list((pin) => {
    const fields = [
      ...(pin.integrity === null ? [] : [`integrity: '${pin.integrity}'`]),
      ...(pin.resolved === undefined ? [] : [`tarball: '${pin.resolved}'`]),
    ];
    return `  '${pnpmKey(major, pin)}':\n    resolution: {${fields.join(', ')}}\n`;
  });
  const snapshots =
    major === 9
      ? `\nsnapshots:\n\n${list((pin) => `  '${pnpmKey(major, pin)}': {}\n`)}`
      : '';
  const version = { 5: '5.4', 6: `'6.0'`, 9: `'9.0'` }[major];
  return `lockfileVersion: ${version}\n\n${asked}\npackages:\n\n${entries}${snapshots}`;
}

const yarn1 = (pins: readonly Pin[]): string =>
  `# yarn lockfile v1\n\n\n${pins
    .map((pin) => {
      const { name, alias, version, resolved, integrity } = pin;
      const lines = [
        `"${alias ?? name}@${specOf(pin)}":`,
        `  version "${version}"`,
        ...(resolved === undefined ? [] : [`  resolved "${resolved}"`]),
        ...(integrity === null ? [] : [`  integrity "${integrity}"`]),
      ];
      return `${lines.join('\n')}\n`;
    })
    .join('\n')}`;

/** A checksum of Berry's own archive, which nothing is compared with. */
const CHECKSUM = `10c0/${'ab'.repeat(64)}`;

const berry = (pins: readonly Pin[]): string => {
  const asked = pins.map(
    (pin) => `    "${pin.alias ?? pin.name}": "${berryRange(pin)}"\n`,
  );
  const entries = pins.map((pin) => {
    const { name, alias, version, resolved, integrity } = pin;
    const bound =
      resolved === undefined
        ? ''
        : `::__archiveUrl=${encodeURIComponent(resolved)}`;
    const checksum = integrity === null ? '' : `  checksum: ${CHECKSUM}\n`;
    return (
      `"${alias ?? name}@${berryRange(pin)}":\n  version: ${version}\n` +
      `  resolution: "${name}@npm:${version}${bound}"\n${checksum}` +
      `  languageName: node\n  linkType: hard\n`
    );
  });
  const root =
    `"my-app@workspace:.":\n  version: 0.0.0-use.local\n  resolution: "my-app@workspace:."\n` +
    `  dependencies:\n${asked.join('')}  languageName: unknown\n  linkType: soft\n`;
  return `__metadata:\n  version: 8\n  cacheKey: 10c0\n\n${[...entries, root].join('\n')}`;
};

function berryRange({ name, version, alias, range = version }: Pin): string {
  return alias === undefined ? `npm:${range}` : `npm:${name}@${range}`;
}

const bun = (pins: readonly Pin[]): string => {
  const entries = pins.map((pin) => [
    pin.alias ?? pin.name,
    [
      `${pin.name}@${pin.version}`,
      pin.resolved ?? '',
      {},
      ...(pin.integrity === null ? [] : [pin.integrity]),
    ],
  ]);
  const { name, dependencies } = manifestOf(pins) as Record<string, unknown>;
  return json({
    lockfileVersion: 1,
    workspaces: { '': { name, dependencies } },
    packages: Object.fromEntries(entries) as object,
  });
};

/** Hashes as SBOMs have them: hexadecimal, by their algorithm. */
function hashesOf(integrity: string | null): readonly [string, string][] {
  return (integrity?.split(' ') ?? []).map((hash) => {
    const [algorithm = '', base64 = ''] = hash.split('-');
    return [algorithm, Buffer.from(base64, 'base64').toString('hex')];
  });
}

const cycloneDx = (pins: readonly Pin[]): string =>
  json({
    ...{ bomFormat: 'CycloneDX', specVersion: '1.5', version: 1 },
    components: pins.map((pin) => ({
      ...{ type: 'library', name: pin.name, version: pin.version },
      purl: toPurl(pin),
      externalReferences:
        pin.resolved === undefined
          ? []
          : [{ type: 'distribution', url: pin.resolved }],
      hashes: hashesOf(pin.integrity).map(([algorithm, content]) => ({
        alg: algorithm.toUpperCase().replace('SHA', 'SHA-'),
        content,
      })),
    })),
  });

const spdx = (pins: readonly Pin[]): string =>
  json({
    ...{ spdxVersion: 'SPDX-2.3', SPDXID: 'SPDXRef-DOCUMENT' },
    packages: pins.map((pin, index) => ({
      ...{ name: pin.name, versionInfo: pin.version },
      SPDXID: `SPDXRef-Package-${index}`,
      downloadLocation: pin.resolved ?? 'NOASSERTION',
      externalRefs: [
        {
          referenceCategory: 'PACKAGE-MANAGER',
          referenceType: 'purl',
          referenceLocator: toPurl(pin),
        },
      ],
      checksums: hashesOf(pin.integrity).map(([algorithm, checksumValue]) => ({
        algorithm: algorithm.toUpperCase(),
        checksumValue,
      })),
    })),
  });

const WRITERS: Readonly<Record<FormatName, Writer>> = {
  'npm 1': { file: 'package-lock.json', write: npm1 },
  'npm 2': { file: 'package-lock.json', write: npm(2) },
  'npm 3': { file: 'package-lock.json', write: npm(3) },
  'pnpm 5': { file: 'pnpm-lock.yaml', write: pnpm(5) },
  'pnpm 6': { file: 'pnpm-lock.yaml', write: pnpm(6) },
  'pnpm 9': { file: 'pnpm-lock.yaml', write: pnpm(9) },
  'Yarn 1': { file: 'yarn.lock', write: yarn1 },
  'Yarn Berry': { file: 'yarn.lock', write: berry },
  bun: { file: 'bun.lock', write: bun },
  CycloneDX: { file: 'sbom.json', write: cycloneDx },
  SPDX: { file: 'sbom.json', write: spdx },
};

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
