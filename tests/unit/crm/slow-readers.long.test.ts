import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId, type MemberId, type StoreId } from '../../../sync/base/ids.ts';
import { EMPTY_FIELDS } from '../../../sync/model/member.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from './test-centre.ts';
import { headersOf, injected, overHttp, TestTill } from './test-till.ts';

const LANE = { insideMax: 4, waitingMax: 20, readingMax: 400, perCallerMax: 10 };
/** Many times what the others need, so that they are not answered because the slow ones were cut off. */
const TAKING_MS = 6_000;
/** More than there are places. */
const READERS = 8;
/** Of each reader on one connection: more than the kernel takes for somebody who reads nothing. */
const ASKED = 3;
/** All in one answer, of megabytes. */
const MEMBERS = 4_500;

let postgres: PostgresPart;
let open: TestCentre;
let port: number;
const readers: TestTill[] = [];
const others: TestTill[] = [];
/** The centre's ends of all connections. */
const ends = new Set<Socket>();

beforeAll(async () => {
  postgres = await startPostgres();
  const lanes = { counter: LANE, till: LANE, files: LANE };
  const limits = { perSecond: 1e6, burst: 1e6, takingMs: TAKING_MS, lanes };
  open = await openTestCentre({ url: await postgres.createDatabase(), limits });
  const post = injected(open.app);
  const first = await TestTill.enrol(post);
  for (let at = 0; at < MEMBERS; at += 1) {
    first.make({
      ...{ kind: 'member.created', memberId: newId<MemberId>(), supportId: `S-${at}`, card: null },
      storeId: first.storeId as StoreId,
      fields: { ...EMPTY_FIELDS, lastName: `Tan ${at}`, notes: 'n'.repeat(900) },
      ...{ pdpaPolicy: '1', hasMarketingConsent: false },
    });
  }
  await first.sync();
  while (readers.length < READERS) readers.push(await TestTill.enrol(post));
  while (others.length < 4) others.push(await TestTill.enrol(post));
  open.app.server.on('connection', (socket: Socket) => ends.add(socket));
  await open.app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = open.app.server.address() as AddressInfo);
  for (const till of others) till.post = overHttp(`http://127.0.0.1:${port}`);
}, 120_000);
afterAll(async () => {
  await open.close();
  await postgres.stop();
});

const waitingBytes = (): number => [...ends].reduce((sum, { writableLength }) => sum + writableLength, 0);

/** Asks for all members several times over one connection, and reads a byte a second of it. @returns Ends it. */
async function dawdle(till: TestTill): Promise<() => void> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  await once(socket, 'connect');
  socket.pause();
  const path = '/v1/exchange';
  const body = JSON.stringify(till.request());
  const headers = Object.entries(headersOf({ path, text: body }, till.enrolled.token, till.secretKey));
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const asked = `POST ${path} HTTP/1.1\r\nhost: x\r\n${lines}content-length: ${body.length}\r\n\r\n${body}`;
  for (let count = 0; count < ASKED; count += 1) socket.write(asked);
  const drip = setInterval(() => socket.read(1), 1_000);
  return () => {
    clearInterval(drip);
    socket.destroy();
  };
}

test('who reads an answer byte by byte holds no place: the others are answered meanwhile, and he is cut off (R-N5)', async () => {
  const size = JSON.stringify((await (readers[0] as TestTill).send()).body).length;
  expect(size).toBeGreaterThan(4_000_000);
  const startedAt = performance.now();
  const closers = [];
  for (const till of readers) closers.push(await dawdle(till));
  await expect.poll(() => ends.size, { timeout: 20_000 }).toBeGreaterThanOrEqual(READERS);
  const slow = [...ends];
  await expect.poll(waitingBytes, { timeout: 20_000 }).toBeGreaterThan(size);
  // Bounded by what each may ask for at once.
  expect(waitingBytes()).toBeLessThanOrEqual(READERS * ASKED * (size + 2_000));
  for (const till of others) expect((await till.send(till.request({ cursor: MEMBERS }))).status).toBe(200);
  expect((await fetch(`http://127.0.0.1:${port}/v1/health`)).status).toBe(200);
  expect(slow.filter(({ destroyed }) => !destroyed).length).toBeGreaterThan(LANE.insideMax);
  // At the centre's end: theirs hears of it only when it has read all before.
  await expect.poll(() => slow.every(({ destroyed }) => destroyed), { timeout: 60_000 }).toBe(true);
  for (const close of closers) close();
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(TAKING_MS);
  await expect.poll(waitingBytes, { timeout: 20_000 }).toBe(0);
  // Nobody who was cut off is still counted as here.
  const [reader] = readers as [TestTill];
  for (let count = 0; count < 2 * LANE.perCallerMax; count += 1)
    expect((await reader.send()).status).toBe(200);
});

test('a slow line is none of them: whoever goes on taking gets all of it, however long it takes', async () => {
  const [reader] = readers as [TestTill];
  const path = '/v1/exchange';
  const body = JSON.stringify(reader.request());
  const headers = headersOf({ path, text: body }, reader.enrolled.token, reader.secretKey);
  const reply = await fetch(`http://127.0.0.1:${port}${path}`, { method: 'POST', headers, body });
  const stream = reply.body as ReadableStream<Uint8Array>;
  const startedAt = performance.now();
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    // Longer than the limit in all, and never without a sign for so long.
    const due = startedAt + 1.5 * TAKING_MS * (bytes / Number(reply.headers.get('content-length')));
    await new Promise((done) => setTimeout(done, Math.max(0, due - performance.now())));
  }
  expect(bytes).toBe(Number(reply.headers.get('content-length')));
}, 60_000);
