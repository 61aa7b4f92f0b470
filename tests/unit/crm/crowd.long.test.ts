import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { TILL_CONNECTIONS } from '../../../crm/database.ts';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { newId } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from './test-centre.ts';
import { codeOf, injected, overHttp, readHeaders, TestTill, type CardRef } from './test-till.ts';

const LANE = { insideMax: 5, waitingMax: 20, readingMax: 400, perCallerMax: 10 };
const CROWD = 30;

interface WithCard {
  till: TestTill;
  ref: CardRef;
}
let postgres: PostgresPart;
let open: TestCentre;
/** One at whose counter somebody stands, and the others. */
let first: WithCard;
const crowd: WithCard[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  const lanes = { counter: LANE, till: LANE, files: LANE };
  const limits = { perSecond: 1e6, burst: 1e6, requestMs: 5_000, lanes };
  open = await openTestCentre({ url: await postgres.createDatabase(), limits });
  const post = injected(open.app);
  while (crowd.length <= CROWD) {
    const till = await TestTill.enrol(post);
    crowd.push({ till, ref: till.makeMember() });
    await till.sync();
  }
  first = must(crowd.pop(), 'one more than a crowd');
}, 60_000);
afterAll(async () => {
  await open.close();
  await postgres.stop();
});

const seqNow = async (): Promise<number> => (await verifyCentre(open.centre)).seq;

/** Holds every connection that tills use, until the caller lets go. */
async function holdConnections(): Promise<() => Promise<void>> {
  const [gate, held] = [Promise.withResolvers<void>(), [] as Promise<void>[]];
  for (let count = 0; count < TILL_CONNECTIONS; count += 1) {
    const taken = Promise.withResolvers<void>();
    const work = async (): Promise<void> => {
      taken.resolve();
      await gate.promise;
    };
    held.push(open.centre.database.transaction(work));
    await taken.promise;
  }
  return async () => {
    gate.resolve();
    await Promise.all(held);
  };
}

const statusesOf = async (replies: Promise<{ status: number }>[]): Promise<number[]> =>
  (await Promise.all(replies)).map(({ status }) => status).toSorted((left, right) => left - right);

test('a crowd of exchanges that hold every place and connection keeps nobody at a counter waiting', async () => {
  const { till, ref } = first;
  const letGo = await holdConnections();
  let answered = 0;
  const exchanges = crowd.map(async (each) => {
    const reply = await each.till.send();
    answered += 1;
    return reply;
  });
  const [{ tillId }, own] = [till.enrolled, { protocol: 1, incarnation: 1 }];
  const keys = { cardNumber: null, phone: '+6591234567', email: null, lookupId: null };
  const asked = { ...own, tillId, cursor: 0, keys };
  expect((await till.sendTo('/v1/members/find', asked)).status).toBe(200);
  const reserve = { opId: newId(), accountId: ref.accountId, units: 1 };
  const holds = { ...own, tillId, lastTseq: till.ops.length, reserve, want: [], letGo: [] };
  expect((await till.sendTo('/v1/holds', holds)).status).toBe(200);
  const headers = readHeaders(till.enrolled.token);
  for (const url of ['/v1/health', '/v1/metrics', '/v1/inbox?actorId=staff-1', '/'])
    expect([url, (await open.app.inject({ url, headers })).statusCode]).toEqual([url, 200]);
  // Five wait for a connection and twenty for a place; the other five are sent away at once.
  expect(answered).toBe(5);
  await letGo();
  const [done, away] = [Array<number>(25).fill(200), Array<number>(5).fill(503)];
  expect(await statusesOf(exchanges)).toEqual([...done, ...away]);
});

test('a till that sends a hundred at once is throttled; of the others each is answered (R-S7)', async () => {
  const [{ till: loud, ref }, others] = [first, crowd.slice(0, 10)];
  loud.stamp(ref);
  const letGo = await holdConnections();
  const noise = Array.from({ length: 100 }, () => loud.send());
  const work = others.map((other) => other.till.send());
  await letGo();
  const throttled = [...Array<number>(10).fill(200), ...Array<number>(90).fill(429)];
  expect(await statusesOf(noise)).toEqual(throttled);
  expect(await statusesOf(work)).toEqual(Array<number>(10).fill(200));
});

test('more at once than the centre takes are sent away with 503 and a time; nothing of them is done', async () => {
  const before = await seqNow();
  const letGo = await holdConnections();
  const sent = crowd.map(async ({ till, ref }) => {
    till.stamp(ref);
    return till.send();
  });
  await letGo();
  const refused = (await Promise.all(sent)).filter(({ status }) => status !== 200);
  expect(refused.map((reply) => [reply.status, codeOf(reply)])).toEqual(Array(5).fill([503, 'busy']));
  expect(await seqNow()).toBe(before + 25);
  for (const { till } of crowd) expect((await till.exchange()).hiTseq).toBe(2);
});

/** So many requests of which a part never comes, on one side of the head's end or the other. */
async function drip(port: number, count: number): Promise<{ answers: Promise<string[]> }> {
  const { token } = first.till.enrolled;
  const head =
    'POST /v1/exchange HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n';
  const answers: Promise<string>[] = [];
  for (let at = 0; at < count; at += 1) {
    const socket = connect(port, '127.0.0.1');
    // Each as another till, as far as can be told before it is all here.
    const secret = `authorization: Bearer ${token.slice(8)}${String(at).padStart(8, '0')}\r\n`;
    socket.write(at % 2 === 0 ? head : `${head}${secret}\r\n{"pro`);
    answers.push(text(socket));
    await once(socket, 'connect');
  }
  return { answers: Promise.all(answers) };
}

test('200 requests that come in drops hold nobody up, and are closed with 408 (R-N5)', async () => {
  await open.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = open.app.server.address() as AddressInfo;
  const { answers } = await drip(port, 200);
  const byHttp = overHttp(`http://127.0.0.1:${port}`);
  for (const { till } of crowd.slice(0, 20)) {
    till.post = byHttp;
    expect((await till.send()).status).toBe(200);
  }
  expect((await fetch(`http://127.0.0.1:${port}/v1/health`)).status).toBe(200);
  const statuses = (await answers).map((answer) => answer.slice(0, 12));
  expect(statuses).toEqual(Array<string>(200).fill('HTTP/1.1 408'));
});
