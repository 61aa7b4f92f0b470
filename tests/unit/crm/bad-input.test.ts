import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';
import fc from 'fast-check';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { CentreError, ExchangeReply } from '../../../sync/protocol/exchange.ts';
import { centreForAll } from './centre-for-all.ts';
import { headersOf, TestTill } from './test-till.ts';

const open = centreForAll();
let till: TestTill;

beforeAll(async () => {
  till = await TestTill.enrol(open.post);
  till.makeMember();
  await till.sync();
});

interface Raw {
  method?: 'GET' | 'POST' | 'PUT';
  path?: string;
  payload?: string | Buffer;
  headers?: Record<string, string>;
}

/** What a signature of a packed body is over; '' where it is none. */
function unpacked(payload: string | Buffer): string {
  try {
    return zstdDecompressSync(payload, { maxOutputLength: 10_000_000 }).toString();
  } catch {
    return '';
  }
}

async function send({ method = 'POST', path = '/v1/exchange', payload = '', headers = {} }: Raw) {
  const text = headers['content-encoding'] === 'zstd' ? unpacked(payload) : payload.toString();
  const signed = headersOf({ method, path, text }, till.enrolled.token, till.secretKey);
  return open.app.inject({ method, url: path, headers: { ...signed, ...headers }, payload });
}

const nonsense: [string, Raw][] = [
  ['no body', {}],
  ['not JSON', { payload: '{"protocol":1' }],
  ['null', { payload: 'null' }],
  ['a list', { payload: '[1,2,3]' }],
  ['a bare number', { payload: '1e999' }],
  ['prototype pollution', { payload: '{"protocol":1,"__proto__":{"x":1}}' }],
  ['a body nested ten thousand deep', { payload: '['.repeat(10_000) + ']'.repeat(10_000) }],
  ['a broken zstd body', { payload: Buffer.from('nonsense'), headers: { 'content-encoding': 'zstd' } }],
];

test.each(nonsense)('%s is answered with 400 and words', async (_name, raw) => {
  const reply = await send(raw);
  expect(reply.statusCode).toBe(400);
  expect(CentreError.parse(reply.json()).code).toBe('bad_request');
});

test.each([
  ['another encoding', { payload: 'x', headers: { 'content-encoding': 'gzip' } }, 415],
  ['another type', { payload: '<a/>', headers: { 'content-type': 'text/xml' } }, 415],
  ['another method', { method: 'PUT' as const, payload: '{}' }, 404],
  ['another address', { path: '/v1/nothing', payload: '{}' }, 404],
  ['nine megabytes', { payload: JSON.stringify({ a: 'x'.repeat(9_000_000) }) }, 413],
])('%s is refused in words', async (_name, raw, status) => {
  const reply = await send(raw);
  expect([reply.statusCode, CentreError.parse(reply.json()).code]).toEqual([status, 'bad_request']);
});

test('a few kilobytes that unpack to two hundred megabytes are refused at the limit', async () => {
  const bomb = zstdCompressSync(Buffer.alloc(200_000_000));
  const before = process.memoryUsage().rss;
  const reply = await send({ payload: bomb, headers: { 'content-encoding': 'zstd' } });
  expect(reply.statusCode).toBe(413);
  expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
});

test('a packed request is read and a packed reply is sent', async () => {
  const payload = zstdCompressSync(JSON.stringify(till.request({ cursor: 0 })));
  const reply = await send({ payload, headers: { 'content-encoding': 'zstd', 'accept-encoding': 'zstd' } });
  expect(reply.headers['content-encoding']).toBe('zstd');
  const body: unknown = JSON.parse(zstdDecompressSync(reply.rawPayload).toString());
  expect(ExchangeReply.parse(body).rows.members.length).toBeGreaterThan(0);
});

test.each([
  ['amount of a half', 1.5],
  ['amount beyond safe integers', 2 ** 53],
])('an op with an %s can not come from a till: 400', async (_name, count) => {
  till.stamp(till.makeMember());
  const { batch, ...request } = till.request();
  till.ops.splice(till.ackedTseq);
  const shapes = batch?.shapes.map((shape) => ({
    ...shape,
    columns: shape.columns.map((column, at) => (shape.keys[at] === 'count' ? ['same', count] : column)),
  }));
  expect((await till.send({ ...request, batch: { ...batch, shapes } })).status).toBe(400);
});

const junk = fc.oneof(
  fc.anything({ maxDepth: 3 }),
  fc.constantFrom(-1, 0, 1e18, '5', 2 ** 53, '\0', '\ud800', '', null, []),
);

test('an exchange with any field made junk is answered, never with 500, and nothing applied', async () => {
  const before = await verifyCentre(open.centre);
  const valid = till.request({ ops: [] });
  const fields = Object.keys(valid);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...fields), junk, async (field, value) => {
      const payload = JSON.stringify({ ...valid, [field]: value });
      const reply = await send({ payload });
      expect([200, 400, 401, 409]).toContain(reply.statusCode);
    }),
    { numRuns: 300, seed: 7 },
  );
  expect((await verifyCentre(open.centre)).stateHash).toBe(before.stateHash);
});

test('junk on every other route is answered, never with 500', async () => {
  const paths = fc.constantFrom('/v1/enrol', '/v1/enrol-codes', '/setup', '/v1/health', '/v1/verify');
  const types = fc.constantFrom('application/json', 'application/x-www-form-urlencoded');
  await fc.assert(
    fc.asyncProperty(paths, types, junk, async (path, type, value) => {
      const body = fc.stringify(value).slice(0, 500);
      const payload = type === 'application/json' ? (JSON.stringify(value) ?? 'undefined') : body;
      const reply = await send({ path, payload, headers: { 'content-type': type } });
      expect(reply.statusCode).toBeLessThan(500);
    }),
    { numRuns: 200, seed: 7 },
  );
});
