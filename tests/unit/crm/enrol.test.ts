import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newSigningKey } from '../../../crm/node-crypto.ts';
import { saveDocuments } from '../../../crm/repos/documents.ts';
import type { StoreId } from '../../../sync/base/ids.ts';
import { isCardNumber } from '../../../sync/base/card-number.ts';
import { CARD_BLOCK_SIZE } from '../../../sync/model/feed.ts';
import { EnrolCodeReply, EnrolReply, ExchangeReply } from '../../../sync/protocol/exchange.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { CASHIER_PIN, MANAGER_PIN, openTestCentre, type TestCentre } from './test-centre.ts';
import { codeOf, injected, makeCode, TestTill, type Post } from './test-till.ts';

const MINUTE_MS = 60_000;
let postgres: PostgresPart;
let open: TestCentre;
let post: Post;
let nowMs = Date.UTC(2026, 10, 22);

beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({ url: await postgres.createDatabase(), clock: { nowMs: () => nowMs } });
  post = injected(open.app);
}, 60_000);

beforeEach(() => {
  nowMs += 60 * MINUTE_MS;
});

afterAll(async () => {
  await open.close();
  await postgres.stop();
});

const { publicKey: signKey } = newSigningKey();
const enrol = (code: string) =>
  post('/v1/enrol', { protocol: 1, code, tillName: 'Till 3', signKey, renews: null });
const askCode = (login: string, pin: string, storeId: string | null = null) =>
  post('/v1/enrol-codes', { login, pin, storeId });

test('a code lets one till in, however it is typed, and only once', async () => {
  const code = await makeCode(post, 'store-2');
  expect(code).toMatch(/^[2-9A-HJ-NP-Z]{5}-[2-9A-HJ-NP-Z]{5}$/);
  const reply = EnrolReply.parse((await enrol(` ${code.toLowerCase().replace('-', ' ')} `)).body);
  expect(reply).toMatchObject({ storeId: 'store-2', tillName: 'Till 3', chain: { name: 'Test chain' } });
  expect(reply.cardBlock.numbers).toHaveLength(CARD_BLOCK_SIZE);
  expect(reply.cardBlock.numbers.every(isCardNumber)).toBe(true);
  const second = await enrol(code);
  expect([second.status, codeOf(second)]).toEqual([404, 'code_unknown']);
});

test('of two tills that use one code at once, one gets in', async () => {
  const code = await makeCode(post);
  const statuses = (await Promise.all([enrol(code), enrol(code)])).map((reply) => reply.status);
  expect(statuses.toSorted((left, right) => left - right)).toEqual([200, 404]);
});

test('a code is good for ten minutes', async () => {
  const [early, late] = [await makeCode(post), await makeCode(post)];
  nowMs += 10 * MINUTE_MS;
  expect((await enrol(early)).status).toBe(200);
  nowMs += 1;
  expect(codeOf(await enrol(late))).toBe('code_unknown');
});

test('a wrong PIN, an unknown login and a cashier get no code', async () => {
  const replies = [
    await askCode('manager', '111222'),
    await askCode('nobody', MANAGER_PIN),
    await askCode('cashier', CASHIER_PIN),
  ];
  expect(replies.map((reply) => [reply.status, codeOf(reply)])).toEqual([
    [401, 'unauthorised'],
    [401, 'unauthorised'],
    [403, 'unauthorised'],
  ]);
});

test('an unknown store is named as such', async () => {
  expect(codeOf(await askCode('manager', MANAGER_PIN, 'store-9'))).toBe('bad_request');
});

test('a shop that is closed for good takes no new till; one that was there comes back and sends what it has', async () => {
  const storeId = 'store-shut' as StoreId;
  const body = { storeId, version: 1, name: 'Shut', timeZone: 'Asia/Singapore', cutOffHour: 4 };
  const keep = (isRetired: boolean): Promise<void> =>
    open.centre.database.transaction((tx) =>
      saveDocuments(tx, [{ kind: 'store', id: storeId, body: { ...body, isRetired } }]),
    );
  await keep(false);
  const till = await TestTill.enrol(post, storeId);
  await keep(true);
  expect(codeOf(await enrol(await makeCode(post, storeId)))).toBe('bad_request');
  const renews = { tillId: till.enrolled.tillId, incarnation: 1 };
  const code = await makeCode(post, storeId);
  const back = await till.sendTo('/v1/enrol', { protocol: 1, code, tillName: 'T', signKey, renews });
  expect(EnrolReply.parse(back.body)).toMatchObject({
    tillId: till.enrolled.tillId,
    storeId,
    incarnation: 2,
  });
});

test('after five wrong PINs even the right one waits a quarter of an hour', async () => {
  const replies = await Promise.all(Array.from({ length: 7 }, () => askCode('manager', '999111')));
  expect(replies.map((reply) => reply.status).toSorted((left, right) => left - right)).toEqual([
    401, 401, 401, 401, 401, 429, 429,
  ]);
  const right = await askCode('MANAGER', MANAGER_PIN);
  expect([right.status, codeOf(right)]).toEqual([429, 'busy']);
  nowMs += 15 * MINUTE_MS + 1;
  expect(EnrolCodeReply.parse((await askCode('manager', MANAGER_PIN)).body).storeId).toBe('store-1');
});

const enrolFrom = (address: string, code: string) =>
  open.app.inject({
    method: 'POST',
    url: '/v1/enrol',
    remoteAddress: address,
    payload: { protocol: 1, code, tillName: 'Till 3', signKey, renews: null },
  });

test('guessing codes is slowed down for whoever guesses, and for nobody else', async () => {
  const statuses: number[] = [];
  for (let at = 0; at < 11; at += 1)
    statuses.push((await enrolFrom('10.0.0.7', `AAAAA-AAA${at}`)).statusCode);
  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 404), 429]);
  const right = await makeCode(post);
  const locked = await enrolFrom('10.0.0.7', right);
  expect([locked.statusCode, locked.headers['retry-after']]).toEqual([429, '900']);
  expect((await enrolFrom('10.0.0.8', right)).statusCode).toBe(200);
});

test('card blocks never overlap, also when many tills ask at once', async () => {
  const tills: TestTill[] = [];
  for (let at = 0; at < 8; at += 1) tills.push(await TestTill.enrol(post));
  const replies = await Promise.all(tills.map((till) => till.exchange({ cardStock: 0 })));
  const blocks = replies.map((reply) => reply.cardBlock);
  expect(blocks.every((block) => block !== null)).toBe(true);
  const numbers = tills.flatMap((till) => till.cardNumbers);
  expect(new Set(numbers).size).toBe(8 * 2 * CARD_BLOCK_SIZE);
});

test('a block whose answer got lost is sent again, not another one', async () => {
  const till = await TestTill.enrol(post);
  const lost = ExchangeReply.parse((await till.send(till.request({ cardStock: 10 }))).body).cardBlock;
  const again = await till.exchange({ cardStock: 10 });
  expect(again.cardBlock).toEqual(lost);
  expect((await till.exchange({ cardStock: 10 })).cardBlock?.blockId).toBeGreaterThan(lost?.blockId ?? 0);
});

test('a till with enough numbers gets none', async () => {
  const till = await TestTill.enrol(post);
  expect((await till.exchange({ cardStock: 200 })).cardBlock).toBeNull();
});

test('neither codes nor tokens nor PINs are stored as they are', async () => {
  const code = await makeCode(post);
  const { token } = EnrolReply.parse((await enrol(code)).body);
  const { rows } = await open.centre.database.sql.query(
    `select (select json_agg(t)::text from tills t) || (select json_agg(c)::text from enrol_codes c)
      || (select json_agg(d)::text from documents d) as stored`,
  );
  const { stored } = rows[0] as { stored: string };
  for (const secret of [code, code.replace('-', ''), token, MANAGER_PIN])
    expect(stored).not.toContain(secret);
});
