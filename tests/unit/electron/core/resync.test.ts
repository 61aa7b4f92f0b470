import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { pino } from 'pino';
import { DbError } from '../../../../db/errors.ts';
import { openReplica } from '../../../../db/replica/open.ts';
import { openTill } from '../../../../db/till/open.ts';
import { createClockGuard } from '../../../../electron/core/clock-guard.ts';
import { SyncLoop } from '../../../../electron/core/sync-loop.ts';
import { systemClock } from '../../../../electron/core/system-clock.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import type { MemberId } from '../../../../sync/base/ids.ts';
import type { Staff } from '../../../../sync/model/chain.ts';
import type { ExchangeRequest } from '../../../../sync/protocol/exchange.ts';
import { KEY_HEX, openTestTill, type TestTill } from '../../../parts/till.ts';
import { shopDocuments } from '../../../parts/shop.ts';
import { startToldTill } from './told-till.ts';

type Answer = (request: ExchangeRequest, response: ServerResponse) => void | Promise<void>;
let answer: Answer;
let asked: ExchangeRequest[];
let told: Awaited<ReturnType<typeof startToldTill>>;
let till: TestTill;
let dir: string;

async function readBody(request: IncomingMessage): Promise<ExchangeRequest> {
  const bytes = await buffer(request);
  const plain = request.headers['content-encoding'] === 'zstd' ? zstdDecompressSync(bytes) : bytes;
  return JSON.parse(plain.toString()) as ExchangeRequest;
}

beforeEach(async () => {
  asked = [];
  const hear: RequestListener = (request, response) => {
    // After an exchange a till asks for grants as well; this centre knows nothing of them.
    if (request.url !== '/v1/exchange') return void response.writeHead(404).end();
    void readBody(request).then((body) => {
      asked.push(body);
      return answer(body, response);
    });
  };
  told = await startToldTill(hear, { centreTimeoutMs: 500 });
  ({ till, dir } = told);
});
afterEach(() => told.end(till));

const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};
/** Takes all ops, as numbers from `firstSeq`. */
const accept = (request: ExchangeRequest, { epoch = 'e', firstSeq = 101 } = {}) => {
  const count = request.batch?.count ?? 0;
  return {
    protocol: 1,
    epoch,
    hiTseq: request.ackedTseq + count,
    durableTseq: request.ackedTseq + count,
    fence: '',
    acks: count === 0 ? [] : [{ firstTseq: request.ackedTseq + 1, count, firstSeq }],
    held: [],
    rows: { documents: [], members: [], cards: [], accounts: [], entries: [] },
    cursor: Math.max(request.cursor, firstSeq + count - 1),
    headSeq: Math.max(request.cursor, firstSeq + count - 1),
    isFarBehind: false,
    hasMore: false,
    cardBlock: null,
    serverTimeMs: 0,
  };
};
const add = (lastName: string) =>
  till.client['members.add']({
    opId: till.opId(),
    draft: { lastName },
    cardTypeId: null,
    cardNumber: null,
    hasMarketingConsent: false,
  });

test.each(['epoch_changed', 'tseq_gap'])(
  'a centre that lost work (%s) is sent every own op again, and the copy is fetched anew (I5)',
  async (code) => {
    answer = (request, response) => send(response, 200, accept(request));
    await add('Tan');
    await add('Lim');
    await till.client['sync.run']({});
    await add('Goh');
    answer = (request, response) =>
      request.ackedTseq > 0
        ? send(response, 409, { code, message: 'The centre counts anew.' })
        : send(response, 200, accept(request, { epoch: 'f', firstSeq: 7 }));
    expect(await till.client['sync.run']({})).toMatchObject({ pushed: 3, cursor: 9, outstanding: 0 });
    expect(asked.at(-1)).toMatchObject({ ackedTseq: 0, epoch: '', cursor: 0 });
    expect(asked.at(-1)?.batch?.count).toBe(3);
    expect((await till.client['till.verify']({})).ok).toBe(true);
  },
);

test('numbers of another epoch are given up: the disk had lied about the moment when the till began anew (R-N9)', async () => {
  answer = (request, response) => send(response, 200, accept(request));
  await add('Tan');
  await till.client['sync.run']({});
  await till.close();
  // What a start anew leaves of the copy; `till.db` lost its part of it.
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(dir, `replica.db${suffix}`), { force: true });
  till = openTestTill(dir, { centreTimeoutMs: 500 });
  await till.signIn('cashier');
  answer = (request, response) => {
    const acks = request.ackedTseq > 0 ? {} : { acks: [{ firstTseq: 1, count: 1, firstSeq: 3 }] };
    send(response, 200, { ...accept(request, { epoch: 'f', firstSeq: 3 }), ...acks });
  };
  expect(await till.client['sync.run']({})).toMatchObject({ ackedSeq: 3, outstanding: 0 });
  const sent = asked.length;
  await till.client['sync.run']({});
  expect(asked.slice(sent).map(({ ackedTseq, epoch }) => [ackedTseq, epoch])).toEqual([[1, 'f']]);
});

test('a later centre may add to what it answers, and hold an op for a reason that this till does not know', async () => {
  answer = (request, response) => {
    const plain = accept(request);
    const held = request.batch == null ? [] : [{ tseq: 1, reason: 'of_tomorrow', since: 3 }];
    const acks = plain.acks.map((range) => ({ ...range, lane: 'fast' }));
    send(response, 200, { ...plain, acks, held, moods: ['calm'] });
  };
  await add('Tan');
  await add('Lim');
  expect(await till.client['sync.run']({})).toMatchObject({ pushed: 2, outstanding: 0 });
  await till.close();
  const file = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  expect(file.ops.listHeld(9).map(({ op, heldReason }) => [op.tseq, heldReason])).toEqual([
    [1, 'of_tomorrow'],
  ]);
  file.close();
  till = openTestTill(dir, { centreTimeoutMs: 500 });
  await till.signIn('manager');
  const { own } = await till.client['inbox.list']({ state: 'open', after: '', id: '' });
  expect(own.ops).toMatchObject([{ tseq: 1, reason: 'bad_body' }]);
});

test('a centre that says so again and again is not hammered: the till stops and keeps its work', async () => {
  answer = (_request, response) =>
    send(response, 409, { code: 'epoch_changed', message: 'The centre counts anew.' });
  await add('Tan');
  await expect(till.client['sync.run']({})).rejects.toMatchObject({ code: 'centre_refused' });
  expect(asked).toHaveLength(2);
  expect(await till.client['sync.getStatus']({})).toMatchObject({ state: 'stopped', outstanding: 1 });
});

test('an answer that stops in the middle is a bad line, not nonsense', async () => {
  answer = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
    response.write('{"protocol":1,');
  };
  await expect(till.client['sync.run']({})).rejects.toMatchObject({ code: 'centre_unreachable' });
  expect((await till.client['sync.getStatus']({})).problem).toMatchObject({ code: 'unreachable' });
});

test('damage that only a sync meets is told to whoever mends files', async () => {
  await till.close();
  const files = {
    till: openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX }),
    replica: openReplica({ path: join(dir, 'replica.db'), keyHex: KEY_HEX }),
  };
  const damage = new DbError('damaged', 'replica');
  const apply = (): never => {
    throw damage;
  };
  const told: DbError[] = [];
  const settings = createTillSettings(files.till.settings);
  const log = pino({ level: 'silent' });
  const loop = new SyncLoop({
    till: files.till,
    replica: () => ({ ...files.replica, apply }),
    settings,
    clock: createClockGuard({ clock: systemClock, settings, log }),
    log,
    timeoutMs: 500,
    openAside: () => files.till,
    onRenewed: () => undefined,
    onDbError: (error) => told.push(error),
    onStatus: () => undefined,
    onDocuments: () => undefined,
    onChanged: () => undefined,
  });
  answer = (request, response) => send(response, 200, accept(request));
  await expect(loop.run()).rejects.toBe(damage);
  expect(told).toEqual([damage]);
  await loop.close();
  files.till.close();
  files.replica.close();
  till = openTestTill(dir);
});

test('who has left, or lost a role, since signing in acts no more on the old one (I7)', async () => {
  const change = (seq: number, body: Partial<Staff>) => {
    answer = async (request, response) => {
      const documents = (await shopDocuments())
        .filter((document) => document.kind === 'staff')
        .map((document) => ({ ...document, seq, body: { ...document.body, ...body } }));
      const accepted = accept(request, { firstSeq: seq });
      send(response, 200, { ...accepted, cursor: seq, rows: { ...accepted.rows, documents } });
    };
    return till.client['sync.run']({});
  };
  await till.signIn('manager');
  const block = (memberId: MemberId) =>
    till.client['members.setState']({
      opId: till.opId(),
      memberId,
      action: 'block',
      reason: 'x',
    });
  await change(200, { role: 'cashier' });
  const { member } = await add('Tan');
  await expect(block(member.memberId)).rejects.toMatchObject({ code: 'not_allowed' });
  await change(300, { isGone: true });
  await expect(add('Lim')).rejects.toMatchObject({ code: 'not_allowed' });
});
