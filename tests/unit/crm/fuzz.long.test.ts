import { afterAll, beforeAll, expect, test } from 'vitest';
import fc from 'fast-check';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { askInTime } from './refused/hang.ts';
import { openTestCentre, type TestCentre } from './test-centre.ts';
import { headersOf, injected, TestTill } from './test-till.ts';

const REQUESTS = 5_000;

let postgres: PostgresPart;
let open: TestCentre;
let till: TestTill;
let document: { paths: Record<string, Record<string, { summary: string; requestBody?: unknown }>> };

beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({ url: await postgres.createDatabase() });
  till = await busyTill();
  document = (await open.app.inject({ method: 'GET', url: '/v1/openapi.json' })).json();
}, 60_000);

afterAll(async () => {
  await open.close();
  await postgres.stop();
});

/** With a member, and operations to send. */
async function busyTill(): Promise<TestTill> {
  const busy = await TestTill.enrol(injected(open.app));
  const ref = busy.makeMember();
  await busy.sync();
  for (let count = 0; count < 3; count += 1) busy.stamp(ref);
  return busy;
}

test('every route of the centre is in its document, in OpenAPI’s form', () => {
  const listed = Object.entries(document.paths).flatMap(([path, verbs]) =>
    Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`),
  );
  const routes = open.app.printRoutes({ commonPrefix: false, includeHooks: false });
  expect(listed).toContain('POST /v1/exchange');
  for (const name of ['exchange', 'enrol', 'incarnations', 'strays', 'health', 'metrics', 'openapi.json']) {
    expect(routes).toContain(name);
    expect(
      listed.some((line) => line.endsWith(`/v1/${name}`)),
      name,
    ).toBe(true);
  }
  expect(document.paths['/v1/exchange']?.['post']?.requestBody).toBeDefined();
});

/** One well-formed body of each route that takes one, to be bent. */
function bodies(): Record<string, unknown> {
  const { tillId } = till.enrolled;
  const from = { incarnation: 1, tseq: till.ackedTseq, hash: till.hashAt(till.ackedTseq) };
  const batch = till.pack(till.ops.slice(till.ackedTseq));
  return {
    '/v1/exchange': till.request(),
    '/v1/incarnations': { protocol: 1, tillId, incarnation: 1, lastTseq: 9, requestId: 'd'.repeat(32) },
    '/v1/strays': { protocol: 1, tillId, incarnation: 1, from, batch },
    '/v1/enrol': { protocol: 1, code: 'AAAAA-AAAAA', tillName: 'x', signKey: 'f'.repeat(64), renews: null },
    '/v1/enrol-codes': { login: 'nobody', pin: '000000', storeId: null },
  };
}

const junk = fc.oneof(
  fc.anything({ maxDepth: 2 }),
  fc.constantFrom<unknown>(
    -1,
    0,
    1e18,
    '5',
    1.5,
    2 ** 53,
    '\0',
    '\ud800',
    '',
    null,
    [],
    {},
    'x'.repeat(5_000),
  ),
  fc.constantFrom<unknown>(['same', {}], ['each', []], ['uuid', 'f'], ['pick', [1], 'z'], ['of', ['a'], []]),
);

/** Puts `value` somewhere into `body`; `turns` say where. */
function bend(body: unknown, turns: readonly number[], value: unknown): unknown {
  const [turn, ...rest] = turns;
  if (turn === undefined || typeof body !== 'object' || body === null) return value;
  const keys = Object.keys(body);
  const key = keys[turn % (keys.length + 1)];
  if (Array.isArray(body))
    return body.map((each, at) => (String(at) === key ? bend(each, rest, value) : each));
  if (key === undefined) return { ...body, extra: value };
  const own = body as Record<string, unknown>;
  return { ...own, [key]: bend(own[key], rest, value) };
}

/** Flips bits of a text's bytes. */
function flip(text: string, places: readonly number[]): Buffer {
  const bytes = Buffer.from(text);
  for (const place of places) {
    const at = place % bytes.length;
    bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (place % 7)), at);
  }
  return bytes;
}

const paths = fc.constantFrom('exchange', 'exchange', 'incarnations', 'strays', 'enrol', 'enrol-codes');
const bent = fc.record({
  path: paths.map((name) => `/v1/${name}`),
  turns: fc.array(fc.nat(40), { minLength: 1, maxLength: 5 }),
  value: junk,
  places: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(fc.nat(), { minLength: 1, maxLength: 4 }) },
  ),
  isSigned: fc.integer({ min: 0, max: 9 }).map((value) => value > 0),
});

test('five thousand bent requests are answered in time, never with 500, and leave the books right (R-S6)', async () => {
  const before = await verifyCentre(open.centre);
  await fc.assert(
    fc.asyncProperty(bent, async ({ path, turns, value, places, isSigned }) => {
      const body = JSON.stringify(bend(bodies()[path], turns, value)) ?? 'undefined';
      const payload = flip(body, places);
      const asked = { path, text: '', bytes: payload };
      const headers = headersOf(asked, till.enrolled.token, isSigned ? till.secretKey : undefined);
      const request = { method: 'POST', url: path, headers, payload } as const;
      const { reply, isHanging } = await askInTime(() => open.app.inject(request));
      expect(reply.statusCode).toBeLessThan(500);
      expect(isHanging).toBe(false);
      // Stopped for good: the next requests come from a till that lives.
      if (reply.body.includes('till_forked')) till = await busyTill();
    }),
    { numRuns: REQUESTS, seed: 11 },
  );
  const after = await verifyCentre(open.centre);
  expect([after.members >= before.members, after.problems]).toEqual([true, []]);
}, 180_000);

const places = fc.constantFrom(
  '/',
  '/setup',
  '/v1/health',
  '/v1/verify',
  '/v1/metrics',
  '/v1/openapi.json',
  '/v1/x',
);
const methods = fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD');

test('any method at any address with any header is answered, never with 500', async () => {
  const text = fc.string({ maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(fc.tuple(places, methods), text, async ([path, method], query) => {
      const url = `${path}?${encodeURIComponent(query)}`;
      const headers = {
        'content-type': 'application/json',
        authorization: `Bearer ${encodeURIComponent(query)}`,
      };
      const reply = await open.app.inject({ method: method as 'GET', url, headers, payload: query });
      expect(reply.statusCode).toBeLessThan(500);
    }),
    { numRuns: 500, seed: 5 },
  );
});

test('amounts as text, unknown fields and a poisoned prototype are refused, not mended (R-S4)', async () => {
  till = await busyTill();
  const request = till.request({ ops: [] });
  const send = async (text: string): Promise<number> => {
    const headers = headersOf({ path: '/v1/exchange', text }, till.enrolled.token, till.secretKey);
    return (await open.app.inject({ method: 'POST', url: '/v1/exchange', headers, payload: text }))
      .statusCode;
  };
  const plain = JSON.stringify(request);
  expect(await send(plain)).toBe(200);
  expect(await send(JSON.stringify({ ...request, cardStock: '5' }))).toBe(400);
  expect(await send(JSON.stringify({ ...request, role: 'manager' }))).toBe(400);
  expect(await send(plain.replace('{', '{"__proto__":{"isAdmin":true},'))).toBe(400);
  expect(await send(plain.replace('{', '{"constructor":{"prototype":{"isAdmin":true}},'))).toBe(400);
});

test('a list of a million items and a body of gigabytes are refused at the limit (R-S3)', async () => {
  const text = `[${'0,'.repeat(600_000)}0]`;
  const headers = headersOf({ path: '/v1/exchange', text }, till.enrolled.token, till.secretKey);
  const reply = await open.app.inject({ method: 'POST', url: '/v1/exchange', headers, payload: text });
  expect(reply.statusCode).toBe(413);
  const claimed = { ...headers, 'content-length': String(2 ** 30) };
  const huge = await open.app.inject({
    method: 'POST',
    url: '/v1/exchange',
    headers: claimed,
    payload: '{}',
  });
  expect(huge.statusCode).toBe(413);
});
