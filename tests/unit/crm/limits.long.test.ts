import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { createTokenBucket } from '../../../crm/token-bucket.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from './test-centre.ts';
import { codeOf, headersOf, injected, TestTill, type CardRef, type Post } from './test-till.ts';

let postgres: PostgresPart;
let open: TestCentre;
let post: Post;

beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({ url: await postgres.createDatabase(), limits: { perSecond: 1, burst: 400 } });
  post = injected(open.app);
}, 60_000);

afterAll(async () => {
  await open.close();
  await postgres.stop();
});

const seqNow = async (): Promise<number> => (await verifyCentre(open.centre)).seq;

async function tillWithCard(): Promise<{ till: TestTill; ref: CardRef }> {
  const till = await TestTill.enrol(post);
  const ref = till.makeMember();
  await till.sync();
  return { till, ref };
}

test('a bucket empties, says how long to wait, and fills again', () => {
  const bucket = createTokenBucket({ perSecond: 2, burst: 3 });
  expect([0, 0, 0, 0].map(() => bucket.take('a', 0))).toEqual([0, 0, 0, 1]);
  expect(bucket.take('b', 0)).toBe(0);
  expect([bucket.take('a', 499), bucket.take('a', 500), bucket.take('a', 500)]).toEqual([1, 0, 1]);
});

test('a till that asks a hundred times too often gets 429 and a time; others notice nothing (R-S7)', async () => {
  const [{ till }, { till: other, ref }] = [await tillWithCard(), await tillWithCard()];
  const replies = [];
  for (let count = 0; count < 420; count += 1) {
    const text = '{}';
    const headers = headersOf({ path: '/v1/exchange', text }, till.enrolled.token);
    replies.push(await open.app.inject({ method: 'POST', url: '/v1/exchange', headers, payload: text }));
  }
  const late = replies.at(-1);
  expect([late?.statusCode, codeOf({ body: late?.json<unknown>() })]).toEqual([429, 'busy']);
  expect(Number(late?.headers['retry-after'])).toBeGreaterThan(0);
  other.stamp(ref);
  expect((await other.exchange()).hiTseq).toBe(2);
});

test('amounts can not be bent: refused whole, or held; the balance stays (R-S2)', async () => {
  const { till, ref } = await tillWithCard();
  const before = await verifyCentre(open.centre);
  const bad = [-1, 0, 1e18, '5', 1.5, 2 ** 53, null, true, [1], { value: 1 }];
  for (const count of bad) {
    till.stamp(ref);
    const { batch, ...request } = till.request();
    till.ops.splice(till.ackedTseq);
    const shapes = batch?.shapes.map((shape) => ({
      ...shape,
      columns: shape.columns.map((column, at) => (shape.keys[at] === 'count' ? ['same', count] : column)),
    }));
    // Another amount is another hash: a till that means it has hashed it so.
    expect((await till.send({ ...request, batch: { ...batch, shapes } })).status).toBe(400);
  }
  for (const count of [-1, 0, 1e15, '5', null, true])
    till.make({ kind: 'stamp.added', ...ref, count } as { kind: string });
  const reply = await till.exchange();
  expect(reply.held).toHaveLength(6);
  const after = await verifyCentre(open.centre);
  expect([after.stateHash, after.problems]).toEqual([before.stateHash, []]);
});

test.each([0, 500, 999])('one bad op of a thousand, at %i, stops none of the others (R-N8)', async (bad) => {
  const { till, ref } = await tillWithCard();
  for (let at = 0; at < 1_000; at += 1) {
    if (at === bad) till.make({ kind: 'stamp.added', nonsense: true } as { kind: string });
    else till.stamp(ref);
  }
  const replies = await till.sync();
  expect(replies.flatMap((reply) => reply.held)).toEqual([{ tseq: bad + 2, reason: 'bad_body' }]);
  const accounts = replies.flatMap((reply) => reply.rows.accounts);
  expect(accounts.findLast((row) => row.accountId === ref.accountId)?.balance).toBe(999);
});

test('answers that get lost after the commit apply once (R-N2)', async () => {
  const { till, ref } = await tillWithCard();
  const before = await seqNow();
  for (let round = 0; round < 100; round += 1) {
    till.stamp(ref);
    await till.send();
    if (round % 10 === 9) await till.exchange();
  }
  expect(await seqNow()).toBe(before + 100);
});

const unpack = (packed: Buffer): string | null => {
  try {
    return zstdDecompressSync(packed).toString();
  } catch {
    return null;
  }
};

test('a body that is cut or bent anywhere on its way applies nothing (R-N3)', async () => {
  const { till, ref } = await tillWithCard();
  till.stamp(ref);
  const text = JSON.stringify(till.request());
  const packed = zstdCompressSync(text);
  const before = await seqNow();
  const signed = headersOf({ path: '/v1/exchange', text }, till.enrolled.token, till.secretKey);
  const send = async (payload: Buffer | string, headers: Record<string, string>): Promise<number> =>
    (await open.app.inject({ method: 'POST', url: '/v1/exchange', headers, payload })).statusCode;
  const zstd = { ...signed, 'content-encoding': 'zstd' };
  const statuses = new Set<number>();
  for (let at = 0; at < packed.length; at += Math.ceil(packed.length / 90)) {
    const bent = Buffer.from(packed);
    bent.writeUInt8(bent.readUInt8(at) ^ (1 << (at % 8)), at);
    // Some bits of a frame's header mean nothing to what it holds: such a body is whole.
    if (unpack(bent) !== text) statuses.add(await send(bent, zstd));
    statuses.add(await send(packed.subarray(0, at), zstd));
  }
  expect([...statuses].filter((status) => ![400, 401, 413, 429].includes(status))).toEqual([]);
  expect(await seqNow()).toBe(before);
});

test('what a till cut short by itself and signed so applies nothing either (R-N3)', async () => {
  const { till, ref } = await tillWithCard();
  till.stamp(ref);
  const text = JSON.stringify(till.request());
  const before = await seqNow();
  const step = Math.ceil(text.length / 150);
  for (let end = 0; end < text.length; end += step) {
    const part = text.slice(0, end);
    const headers = headersOf({ path: '/v1/exchange', text: part }, till.enrolled.token, till.secretKey);
    const reply = await open.app.inject({ method: 'POST', url: '/v1/exchange', headers, payload: part });
    expect(reply.statusCode).toBe(400);
  }
  expect(await seqNow()).toBe(before);
});

test('figures for a monitor name no person, till or secret', async () => {
  const { till } = await tillWithCard();
  const reply = await open.app.inject({ method: 'GET', url: '/v1/metrics' });
  expect(reply.headers['content-type']).toContain('text/plain');
  expect(reply.body).toMatch(/^counterfoil_ops_total [1-9]\d*$/m);
  expect(reply.body).toMatch(/^counterfoil_refusals_total\{code="busy"\} [1-9]\d*$/m);
  expect(reply.body).toMatch(/^counterfoil_tills\{state="live"\} [1-9]\d*$/m);
  expect(reply.body).toMatch(/^counterfoil_feed_head [1-9]\d*$/m);
  for (const secret of [till.enrolled.token, till.enrolled.tillId, 'Tan', '127.0.0.1'])
    expect(reply.body).not.toContain(secret);
});

test('who sends another made-up secret each time is counted by address', async () => {
  const statuses = new Set<number>();
  for (let count = 0; count < 420; count += 1) {
    const headers = { authorization: `Bearer ${count}` };
    statuses.add((await open.app.inject({ method: 'GET', url: '/v1/inbox', headers })).statusCode);
  }
  expect(statuses).toContain(429);
});
