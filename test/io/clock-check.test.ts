import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { checkClock, parseServerDate } from '../../src/io/clock-check.js';
import { DEFAULT_NETWORK, fetchBounded } from '../../src/io/http.js';

const BUILT = new Date('2026-11-01T00:00:00Z');
const NOW = new Date('2026-11-22T10:00:00Z');
const HOUR = 3_600_000;

function hoursFrom(now: Date, hours: number): Date {
  return new Date(now.getTime() + hours * HOUR);
}

function check(now: Date, ...servers: (readonly [string, Date])[]) {
  const serverTimes = new Map(servers);
  return checkClock({ now, builtOn: BUILT, serverTimes });
}

describe('checkClock', () => {
  it.each<[string, Date, (readonly [string, Date])[]]>([
    ['without a registry to compare with', NOW, []],
    ['at the build date', BUILT, []],
    ['at the registry’s time', NOW, [['a.example', NOW]]],
    ['a day behind', NOW, [['a.example', hoursFrom(NOW, 24)]]],
    ['a day ahead', NOW, [['a.example', hoursFrom(NOW, -24)]]],
    ['years after the build', new Date('2036-01-01T00:00:00Z'), []],
  ])('believes a clock %s', (_what, now, servers) => {
    expect(check(now, ...servers)).toEqual({
      isImplausible: false,
      messages: [],
    });
  });

  it.each<[string, Date, (readonly [string, Date])[], RegExp[]]>([
    [
      'a millisecond before the build date',
      new Date(BUILT.getTime() - 1),
      [],
      [/2026-10-31T23:59:59\.999Z, which is before this program was built/],
    ],
    ['of 1970', new Date(0), [], [/^the local clock says 1970-01-01/]],
    ['that says nothing', new Date(NaN), [], [/says nothing/]],
    [
      'more than a day behind the registry',
      NOW,
      [['a.example', new Date(hoursFrom(NOW, 24).getTime() + 1)]],
      [/that of a\.example says 2026-11-23T10:00:00\.001Z: 24 hours apart$/],
    ],
    [
      'more than a day ahead of it',
      NOW,
      [['a.example', hoursFrom(NOW, -24 * 400)]],
      [/400 days apart$/],
    ],
    [
      'that only one of three registries contradicts',
      NOW,
      [
        ['c.example', NOW],
        ['b.example', hoursFrom(NOW, 30)],
        ['a.example', NOW],
      ],
      [/b\.example/],
    ],
    [
      'that everything contradicts',
      new Date(0),
      [
        ['b.example', NOW],
        ['a.example', NOW],
      ],
      [/built/, /a\.example/, /b\.example/],
    ],
  ])('does not believe one %s', (_what, now, servers, messages) => {
    expect(check(now, ...servers)).toEqual({
      isImplausible: true,
      messages: messages.map((each): unknown => expect.stringMatching(each)),
    });
  });
});

describe('parseServerDate', () => {
  const DATE = 'Sun, 22 Nov 2026 10:00:00 GMT';

  it.each<[string, string | null, string | null, Date | null]>([
    ['a date', DATE, null, NOW],
    ['a date and its age in a cache', DATE, '7200', hoursFrom(NOW, 2)],
    ['an age of none', DATE, '0', NOW],
    ['an age that is no number', DATE, '-5', NOW],
    ['an age that is a fraction', DATE, '1.5', NOW],
    ['an age without an end', DATE, '9'.repeat(20), NOW],
    ['no date', null, '7200', null],
    ['an empty date', '', null, null],
    ['a date of another form', '2026-11-22T10:00:00Z', null, null],
    ['the obsolete form', 'Sunday, 22-Nov-26 10:00:00 GMT', null, null],
    ['another time zone', 'Sun, 22 Nov 2026 10:00:00 CET', null, null],
    ['a month that is none', 'Sun, 22 Xyz 2026 10:00:00 GMT', null, null],
    ['an hour that is none', 'Sun, 22 Nov 2026 99:00:00 GMT', null, null],
  ])('reads %s', (_what, date, age, expected) => {
    expect(parseServerDate(date, age)).toEqual(expected);
  });
});

describe('fetchBounded, asked for the server’s time', () => {
  /** The times reported for one request to a server that answers so. */
  async function timesOf(
    status: number,
    headers: Readonly<Record<string, string>>,
  ): Promise<readonly Date[]> {
    const server = createServer((_request, response) => {
      response.sendDate = false;
      response.writeHead(status, headers).end('{}');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const times: Date[] = [];
    await fetchBounded(`http://127.0.0.1:${port}/`, {
      maxBytes: 1000,
      timeoutMs: 20_000,
      signal: new AbortController().signal,
      network: { ...DEFAULT_NETWORK, noProxy: '127.0.0.1' },
      onDate: (time) => times.push(time),
    });
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
    return times;
  }

  const date = 'Sun, 22 Nov 2026 10:00:00 GMT';

  it.each<[string, number, Record<string, string>, Date[]]>([
    ['an answer', 200, { date }, [NOW]],
    ['an answer out of a cache', 200, { date, age: '60' }, [minuteLater(NOW)]],
    ['a refusal', 401, { date }, [NOW]],
    ['what is not there', 404, { date }, [NOW]],
    ['a redirect elsewhere', 302, { date, location: 'http://[::1]/' }, [NOW]],
    ['an answer without a date', 200, {}, []],
    ['an answer with a date that is none', 200, { date: 'today' }, []],
  ])('reports that of %s', async (_what, status, headers, times) => {
    expect(await timesOf(status, headers)).toEqual(times);
  });
});

function minuteLater(time: Date): Date {
  return new Date(time.getTime() + 60_000);
}
