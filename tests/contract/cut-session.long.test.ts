import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
import { crc32, zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CentreFault, createCentreClient } from '../../electron/core/centre-client.ts';
import { BODY_SUM_HEADER } from '../../sync/protocol/body-sum.ts';
import { PROTOCOL_VERSION, type ExchangeRequest } from '../../sync/protocol/exchange.ts';
import { startPostgres, type PostgresPart } from '../parts/postgres.ts';
import { openSameCentre, SECRET_KEY, TOKEN } from '../parts/same-centre.ts';
import { readSession, type Step } from '../parts/sessions.ts';
import { contentOf } from '../unit/crm/refused/content.ts';

/** Connections that are cut side by side. */
const AT_ONCE = 32;

let postgres: PostgresPart;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

/** The bytes of a request as a till sends them: packed where that is less. */
function requestBytes({ path, headers, request }: Step): Buffer {
  const packed = zstdCompressSync(request);
  const isPacked = packed.length < request.length;
  const body = isPacked ? packed : Buffer.from(request);
  const lines = { ...headers, 'content-length': String(body.length), connection: 'close' };
  const all = { host: 'centre', ...lines, ...(isPacked && { 'content-encoding': 'zstd' }) };
  const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${head.join('')}\r\n`), body]);
}

/** Sends so much of it, then the line is cut. */
async function sendPart(port: number, bytes: Buffer): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  await new Promise((done) => socket.write(bytes, done));
  const closed = once(socket, 'close');
  socket.destroy();
  await closed;
}

/** Each number from 0, some of them side by side. */
async function forEach(count: number, act: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const run = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await act(next - 1);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
}

test('a recorded day whose every request is cut after each of its bytes changes nothing but by the whole ones (R-N3)', async () => {
  const { open } = await openSameCentre(postgres);
  await open.app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = open.app.server.address() as AddressInfo;
  const { sql } = open.centre.database;
  const sent = new Set<string>();
  for (const [at, step] of readSession(PROTOCOL_VERSION, 'day').entries()) {
    const bytes = requestBytes(step);
    const before = await contentOf(sql);
    if (!sent.has(step.request)) await forEach(bytes.length, (end) => sendPart(port, bytes.subarray(0, end)));
    sent.add(step.request);
    expect([at, await contentOf(sql)]).toEqual([at, before]);
    const { path, headers, request: payload, status } = step;
    const answer = await open.app.inject({ method: 'POST', url: path, headers, payload });
    expect([at, answer.statusCode]).toEqual([at, status]);
  }
  await open.close();
}, 120_000);

/** The bytes of an answer as the centre sends them. */
function answerBytes({ status, reply }: Step): Buffer {
  const body = zstdCompressSync(reply);
  const lines = {
    ...{ 'content-type': 'application/json', 'content-encoding': 'zstd' },
    ...{ 'content-length': String(body.length), [BODY_SUM_HEADER]: crc32(body).toString(16) },
  };
  const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Said\r\n${head.join('')}\r\n`), body]);
}

test('of answers that are cut after each of their bytes a till takes none, and says that the line broke (R-N3)', async () => {
  const day = readSession(PROTOCOL_VERSION, 'day').filter(({ path }) => path === '/v1/exchange');
  let answer: Uint8Array = Buffer.alloc(0);
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(answer, () => socket.destroySoon()));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const serverUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createCentreClient({ serverUrl, token: TOKEN, secretKey: SECRET_KEY });
  // The second is the longest; those after it say nothing in another form.
  for (const step of day.slice(0, 2)) {
    const bytes = answerBytes(step);
    // Cast: the recorded request has the shape of its own method.
    const request = JSON.parse(step.request) as ExchangeRequest;
    const kinds = new Set<string>();
    for (let end = 0; end < bytes.length; end += 1) {
      answer = bytes.subarray(0, end);
      const fault = await client.exchange(request).catch((cause: unknown) => cause);
      kinds.add(fault instanceof CentreFault ? fault.kind : 'taken');
    }
    expect([...kinds]).toEqual(['unreachable']);
    answer = bytes;
    expect((await client.exchange(request)).protocol).toBe(PROTOCOL_VERSION);
  }
  await new Promise((closed) => server.close(closed));
}, 120_000);
