import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CentreFault, createCentreClient } from '../../../../electron/core/centre-client.ts';
import { EMPTY_ROWS } from '../../../../sync/model/feed.ts';
import { ExchangeReply } from '../../../../sync/protocol/exchange.ts';
import { startCountedLine } from '../../../bench/feed-line.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { openTestCentre, type TestCentre } from '../../crm/test-centre.ts';
import { injected, overHttp, TestTill } from '../../crm/test-till.ts';

let postgres: PostgresPart;
let open: TestCentre;
let url: string;

beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({ url: await postgres.createDatabase() });
  await open.app.listen({ host: '127.0.0.1', port: 0 });
  url = `http://127.0.0.1:${(open.app.server.address() as AddressInfo).port}`;
}, 60_000);
afterAll(async () => {
  await open.close();
  await postgres.stop();
});

/** A till that has sold, and of which nothing is waiting. */
async function idleTill(): Promise<TestTill> {
  const till = await TestTill.enrol(overHttp(url));
  till.stamp(till.makeMember());
  await till.sync();
  await till.exchange();
  return till;
}

const clientOf = (till: TestTill, serverUrl: string) =>
  createCentreClient({ serverUrl, token: till.enrolled.token, secretKey: till.secretKey, timeoutMs: 5_000 });

test('an exchange in which nobody has anything to say is less than a kilobyte, headers and both ways counted', async () => {
  const till = await idleTill();
  const line = await startCountedLine(url);
  const centre = clientOf(till, line.url);
  await centre.exchange(till.request());
  const before = line.bytes();
  const { batch: _none, ...request } = till.request();
  const reply = await centre.exchange(request);
  expect(line.bytes() - before).toBeLessThanOrEqual(1_024);
  expect(reply).toMatchObject({
    acks: [],
    held: [],
    releases: [],
    rows: EMPTY_ROWS,
    cardBlock: null,
    hasMore: false,
  });
  await line.close();
});

test('only a till that leaves out what is empty is answered so; both read the same', async () => {
  const till = await idleTill();
  till.post = injected(open.app);
  const { batch, ...lean } = till.request();
  expect(batch).toBeNull();
  const whole = (await till.send(till.request())).body as object;
  const short = (await till.send(lean)).body as object;
  expect(Object.keys(whole)).toEqual(expect.arrayContaining(['acks', 'rows', 'cardBlock', 'hasMore']));
  for (const key of ['acks', 'rows', 'cardBlock', 'hasMore', 'fence']) expect(short).not.toHaveProperty(key);
  // A till that shows no mark is of a program that wants the token each time.
  const { mark: _mark, ...early } = lean;
  expect((await till.send(early)).body).toHaveProperty('fence', till.fence);
  const [one, other] = [ExchangeReply.parse(whole), ExchangeReply.parse(short)];
  expect({ ...other, fence: till.fence, serverTimeMs: 0 }).toEqual({ ...one, serverTimeMs: 0 });
});

test('an answer that is large comes packed, and whole', async () => {
  const till = await TestTill.enrol(overHttp(url));
  for (let at = 0; at < 40; at += 1) till.makeMember();
  await till.sync();
  const line = await startCountedLine(url);
  const reply = await clientOf(till, line.url).exchange({ ...till.request(), cursor: 0 });
  expect(reply.rows.members.length).toBeGreaterThanOrEqual(40);
  expect(line.bytes()).toBeLessThan(JSON.stringify(reply).length / 2);
  await line.close();
});

async function answering(answer: Parameters<typeof createServer>[1]): Promise<Server> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

test('an answer that is packed badly, cut off, or sends elsewhere brings nothing', async () => {
  const till = await idleTill();
  const kinds: [string, string][] = [];
  for (const answer of ['badly', 'cut', 'elsewhere']) {
    const server = await answering((_request, response) => {
      if (answer === 'elsewhere') return void response.writeHead(302, { location: url }).end('{}');
      response.writeHead(200, {
        'content-encoding': answer === 'badly' ? 'zstd' : 'identity',
        'content-length': 99,
      });
      response.write('{"protocol":1');
      if (answer === 'badly') response.end('x'.repeat(86));
      else response.destroy();
      return undefined;
    });
    const centre = clientOf(till, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const fault = await centre.exchange(till.request()).catch((cause: unknown) => cause);
    expect(fault).toBeInstanceOf(CentreFault);
    kinds.push([answer, (fault as CentreFault).kind]);
    server.closeAllConnections();
    server.close();
  }
  expect(kinds).toEqual([
    ['badly', 'unreachable'],
    ['cut', 'unreachable'],
    ['elsewhere', 'nonsense'],
  ]);
});

test('an answer of which one bit was flipped on its way brings nothing, though it reads well', async () => {
  const till = await idleTill();
  const server = await answering((request, response) => {
    const asked = httpRequest(url + request.url, { method: 'POST', headers: request.headers }, (answer) => {
      void buffer(answer).then((body) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        response.end(Buffer.from(body.toString().replace(/"headSeq":\d/, '"headSeq":7')));
      });
    });
    request.pipe(asked);
  });
  const centre = clientOf(till, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  await expect(centre.exchange(till.request())).rejects.toMatchObject({ kind: 'unreachable' });
  server.closeAllConnections();
  server.close();
});
