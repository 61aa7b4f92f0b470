import { afterAll, beforeAll, expect, test } from 'vitest';
import { newSigningKey } from '../../../crm/node-crypto.ts';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { newId } from '../../../sync/base/ids.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from './test-centre.ts';
import { codeOf, headersOf, injected, TestTill, type CardRef, type Post } from './test-till.ts';

let postgres: PostgresPart;
let open: TestCentre;
let post: Post;
let till: TestTill;
let other: TestTill;
let ref: CardRef;
const lines: string[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({ url: await postgres.createDatabase(), onLog: (line) => lines.push(line) });
  post = injected(open.app);
  [till, other] = [await TestTill.enrol(post, 'store-1'), await TestTill.enrol(post, 'store-2')];
  ref = till.makeMember();
  await till.sync();
  till.stamp(ref);
}, 60_000);

afterAll(async () => {
  await open.close();
  await postgres.stop();
});

const bodies = (): Record<string, unknown> => {
  const { tillId } = till.enrolled;
  const from = { incarnation: 1, tseq: till.ackedTseq, hash: till.hashAt(till.ackedTseq) };
  const batch = till.pack(till.ops.slice(till.ackedTseq));
  return {
    '/v1/exchange': till.request(),
    '/v1/incarnations': { protocol: 1, tillId, incarnation: 1, lastTseq: 0, requestId: 'd'.repeat(32) },
    '/v1/strays': { protocol: 1, tillId, incarnation: 1, from, batch },
  };
};

interface Forgery {
  token?: string | undefined;
  headers?: Record<string, string>;
  change?: (text: string) => string;
}

/** Sends what the till signed, changed on the way. */
async function forge(path: string, { token, headers, change = (text) => text }: Forgery) {
  const text = JSON.stringify(bodies()[path]);
  const signed = headersOf({ path, text }, till.enrolled.token, till.secretKey);
  if (token !== undefined) signed['authorization'] = `Bearer ${token}`;
  const sent = { ...signed, ...headers };
  const reply = await open.app.inject({ method: 'POST', url: path, headers: sent, payload: change(text) });
  return { status: reply.statusCode, body: reply.json<unknown>() };
}

const forgeries: Record<string, () => Forgery> = {
  'no secret': () => ({ headers: { authorization: '' } }),
  'an unknown secret': () => ({ token: 'f'.repeat(64) }),
  'another till’s secret': () => ({ token: other.enrolled.token }),
  'no signature': () => ({ headers: { 'counterfoil-signature': '' } }),
  'half a signature': () => ({ headers: { 'counterfoil-signature': 'ab'.repeat(32) } }),
  'another key': () => {
    const signed = headersOf({ path: '/v1/exchange', text: 'x' }, '', newSigningKey().secretKey);
    return { headers: { 'counterfoil-signature': String(signed['counterfoil-signature']) } };
  },
  'a byte more': () => ({ change: (text) => `${text} ` }),
  'another incarnation': () => ({ change: (text) => text.replace('"incarnation":1', '"incarnation":2') }),
};

const cells = ['/v1/exchange', '/v1/incarnations', '/v1/strays'].flatMap((path) =>
  Object.keys(forgeries).map((name): [string, string] => [path, name]),
);

test.each(cells)('%s with %s is refused with 401, no effect, and a line', async (path, name) => {
  const before = await verifyCentre(open.centre);
  lines.length = 0;
  const reply = await forge(path, forgeries[name]?.() ?? {});
  expect(reply.status).toBe(401);
  expect(['unauthorised', 'bad_signature']).toContain(codeOf(reply));
  expect(lines.filter((line) => line.includes('"audit"'))).toHaveLength(1);
  expect(lines.join()).not.toContain(till.enrolled.token);
  expect(await verifyCentre(open.centre)).toEqual(before);
});

test('a body signed for one address is not taken at another', async () => {
  const request = till.request();
  const text = JSON.stringify(request);
  const headers = headersOf({ path: '/v1/strays', text }, till.enrolled.token, till.secretKey);
  const reply = await open.app.inject({ method: 'POST', url: '/v1/exchange', headers, payload: text });
  expect(reply.statusCode).toBe(401);
});

test('a till’s own signature over another till’s name is refused', async () => {
  const foreign = await other.send(till.request());
  expect([foreign.status, codeOf(foreign)]).toEqual([401, 'unauthorised']);
});

test('ops for another store are numbered and held, not believed', async () => {
  other.storeId = 'store-1';
  other.stamp(ref);
  expect((await other.exchange()).held.map(({ reason }) => reason)).toEqual(['not_allowed']);
});

test('what a till leaves out is filled in; a card that the centre knows otherwise asks for everything', async () => {
  const { memberId, accountId } = ref;
  const fresh = till.ops.slice(till.ackedTseq);
  const left = till.pack(fresh, () => ({ memberId, accountId }));
  expect(left?.shapes[0]?.isHeld).toBe(true);
  const unknown = { ...ref, cardId: newId() as CardRef['cardId'] };
  const wrong = till.clone();
  wrong.stamp(unknown);
  const asked = await wrong.send(wrong.request({ batch: wrong.pack(wrong.ops.slice(-1), () => ref) }));
  expect([asked.status, codeOf(asked)]).toEqual([409, 'send_in_full']);
  expect((await till.exchange({ batch: left })).hiTseq).toBe(till.ops.length);
});
