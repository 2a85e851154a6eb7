import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderJson } from '../../src/report/render-json.js';
import { renderTrustRootText } from '../../src/report/render-trust-root-text.js';
import type { TrustRootReport } from '../../src/report/trust-root-report.js';
import { HOSTILE_NAME, sampleInput } from './sample-report.js';
import { closed, compile, readSchema } from './schemas.js';

const SAMPLE: TrustRootReport = {
  schemaVersion: 1,
  tool: {
    name: 'provenance-audit',
    version: '0.1.0',
    verifier: '@sigstore/verify 4.1.3',
  },
  libraries: [{ name: 'tuf-js', version: '6.0.2' }],
  checkedAt: '2026-11-22T10:00:00.000Z',
  trustRoot: sampleInput([], []).trustRoot,
  ageSeconds: 12_600,
  registryKeys: [
    {
      registry: HOSTILE_NAME,
      sha256: '7b'.repeat(32),
      keys: [
        {
          keyId: HOSTILE_NAME,
          usage: 'npm:signatures',
          validFrom: '2025-01-01T00:00:00.000Z',
          validUntil: '2026-01-01T00:00:00.000Z',
        },
        {
          keyId: 'SHA256:second',
          usage: 'npm:attestations',
          validFrom: '2025-01-01T00:00:00.000Z',
          validUntil: null,
        },
      ],
    },
    { registry: 'npm.acme.example', sha256: null, keys: [] },
  ],
  cacheFolder: `/home/${HOSTILE_NAME}/cache`,
};
const FILES: TrustRootReport = {
  ...SAMPLE,
  trustRoot: {
    ...SAMPLE.trustRoot,
    ...{ origin: 'file', rootVersion: null, expires: null, refreshedAt: null },
    ...{ mirror: null, timestampVersion: null, signedUntil: null },
    firstRoot: null,
  },
  ageSeconds: null,
  cacheFolder: null,
};
const PLAIN = { width: 80, color: false, verbose: false, quiet: false };

describe.each([40, 60, 80, 140])('at %i columns', (width) => {
  it.each([
    ['by TUF', SAMPLE],
    ['from files', FILES],
  ])('a trust root %s is safe and fits', (_what, report) => {
    const text = renderTrustRootText(report, { ...PLAIN, width });
    expect(text).toContain('\\u{1b}');
    expect(text).not.toMatch(/[^\P{C}\n]|^\s*::|##\[/mu);
    for (const line of text.split('\n')) {
      expect(stringWidth(line)).toBeLessThanOrEqual(width);
    }
  });
});

describe('a trust root', () => {
  it('by TUF says where it comes from and how fresh it is', () => {
    const text = renderTrustRootText(SAMPLE, PLAIN);
    expect(text.split('\n')[0]).toBe(
      'trust root  Sigstore TUF root 16, checked 3 hours ago',
    );
    for (const line of [
      'repository    https://tuf.example\n',
      'root          version 16, expires 2027-04-22 00:00 UTC\n',
      'which @sigstore/tuf ships',
      'version 412, signed as current until 2026-11-28 12:00 UTC\n',
      'checked       2026-11-22 06:30 UTC, 3 hours ago\n',
      'none of npm.acme.example',
      'libraries     tuf-js 6.0.2\n',
    ]) {
      expect(text).toContain(line);
    }
  });

  it('from files says that nobody knows how fresh it is', () => {
    const text = renderTrustRootText(FILES, PLAIN);
    expect(text).toContain('freshness unknown');
    expect(text).not.toMatch(/null|undefined|repository|timestamp/);
  });

  it('is one line when quiet', () => {
    const text = renderTrustRootText(SAMPLE, { ...PLAIN, quiet: true });
    expect(text).toMatch(/^[^\n]+\n$/);
  });

  it.each([
    ['by TUF', SAMPLE],
    ['from files', FILES],
  ])('%s is what the schema describes', async (_what, report) => {
    const validate = compile(
      closed(await readSchema('trust-root-report.schema.json')),
      [closed(await readSchema('report.schema.json'))],
    );
    validate(JSON.parse(renderJson(report)));
    expect(validate.errors).toBeNull();
  });
});
