import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { backOffMs } from '../../../../crm/integration/deliver.ts';
import { createReach, postOnce } from '../../../../crm/integration/reach.ts';
import { WebhookSecret, WebhookView } from '../../../../crm/integration/shapes.ts';
import { answerItem } from '../../../../crm/inbox/answers.ts';
import { listStaffByIds, saveDocuments } from '../../../../crm/repos/documents.ts';
import { listInbox } from '../../../../crm/repos/inbox.ts';
import { sqlUnit } from '../../../../crm/sql-store.ts';
import type { StaffId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { createCopy, startReceiver, type Receiver } from '../../../parts/shop-system.ts';
import { MANAGER_PIN } from '../pins.ts';
import { makeTestKey, shopClient, type ShopClient } from '../shop-key.ts';
import { openTestCentre, type TestCentre } from '../test-centre.ts';
import { injected, TestTill } from '../test-till.ts';

const DAY_MS = 86_400_000;

let postgres: PostgresPart;
let open: TestCentre;
let till: TestTill;
let shop: ShopClient;
let keyId: string;
let receiver: Receiver;
let hook: WebhookSecret;
let nowMs = Date.now();
const lines: string[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

beforeEach(async () => {
  nowMs = Date.now();
  const url = await postgres.createDatabase();
  const onLog = (line: string): void => void lines.push(line);
  open = await openTestCentre({ url, clock: { nowMs: () => nowMs }, innerReach: '127.0.0.1', onLog });
  till = await TestTill.enrol(injected(open.app));
  const key = await makeTestKey(open.app);
  ({ keyId } = key);
  shop = shopClient(open.app, key.secret);
  receiver = await startReceiver(createCopy());
  receiver.nowMs = () => nowMs;
  hook = WebhookSecret.parse((await make(receiver.url)).body);
  receiver.secret = hook.secret;
});
afterEach(async () => {
  await receiver.close();
  await open.close();
});

const make = (url: string) => shop('POST', '/v1/webhooks', { body: { url, kinds: ['ledger.entry'] } });
const deliver = (): Promise<void> => open.centre.deliverer.deliverDue();
const look = async (): Promise<WebhookView> => {
  const { body } = await shop('GET', '/v1/webhooks');
  return WebhookView.parse((body as { webhooks: unknown[] }).webhooks[0]);
};
const act = (verb: string) => shop('POST', `/v1/webhooks/${hook.webhookId}/${verb}`);
async function sell(): Promise<void> {
  till.stamp(till.makeMember({ lastName: 'Secretive' }));
  await till.sync();
}

test('a page that failed is told again after a while, and the cursor stands until then', async () => {
  receiver.mood = 'take-and-fail';
  await sell();
  await deliver();
  const failed = await look();
  expect(failed).toMatchObject({
    failures: 1,
    lastProblem: 'status_500',
    state: 'live',
    cursor: hook.cursor,
  });
  await deliver();
  expect(receiver.taken).toBe(1);
  receiver.mood = 'take';
  nowMs += 4_000;
  await deliver();
  expect([receiver.taken, (await look()).failures]).toEqual([2, 0]);
  expect((await look()).cursor).not.toBe(hook.cursor);
});

test('only the kinds that were asked for are told, and what is left out moves the cursor on', async () => {
  till.makeMember();
  await till.sync();
  await deliver();
  expect([receiver.taken, (await look()).failures]).toEqual([0, 0]);
  expect((await look()).cursor).not.toBe(hook.cursor);
});

test('waits grow to an hour at most, half of them by chance', () => {
  expect([0, 1, 2, 30].map((failures) => backOffMs(failures, 1))).toEqual([2_000, 4_000, 8_000, 3_600_000]);
  expect(backOffMs(3, 0)).toBe(backOffMs(3, 1) / 2);
});

test('who fails for five days is told nothing more, the figures say so, and a start goes on where it was', async () => {
  receiver.mood = 'refuse';
  await sell();
  await deliver();
  nowMs += 5 * DAY_MS;
  await deliver();
  expect(await look()).toMatchObject({ state: 'dead', failures: 2, lastProblem: 'status_503' });
  const metrics = await open.app.inject({ method: 'GET', url: '/v1/metrics' });
  expect(metrics.body).toContain('counterfoil_webhooks{state="dead"} 1');
  receiver.mood = 'take';
  nowMs += DAY_MS;
  await deliver();
  expect(receiver.taken).toBe(0);
  expect((await act('start')).body).toMatchObject({ state: 'live', cursor: hook.cursor });
  await deliver();
  expect(receiver.taken).toBe(1);
});

/** What managers see, and one of them answers. */
const inboxOf = async (state: 'open' | 'answered') =>
  (await listInbox(open.centre.database.sql, { state, after: '', limit: 10 })).items;
async function say(action: 'resume' | 'switch_off'): Promise<void> {
  const id = must((await inboxOf('open'))[0], 'an item').id;
  const { database, crypto } = open.centre;
  const answering = { id, managerId: 'staff-1' as StaffId, reason: '', answer: { action } };
  await sqlUnit(database, crypto)((store) => answerItem(store, answering, { crypto, nowMs }));
}
async function giveUp(): Promise<void> {
  receiver.mood = 'refuse';
  await sell();
  await deliver();
  nowMs += 5 * DAY_MS;
  await deliver();
}

test('one that was given up waits for a manager, without the secrets of its address; she has it told again', async () => {
  await giveUp();
  const [item, ...more] = await inboxOf('open');
  expect(more).toEqual([]);
  expect(item?.detail).toEqual({
    ...{ kind: 'webhook_dead', webhookId: hook.webhookId, keyName: 'Web shop', problem: 'status_503' },
    ...{ host: new URL(receiver.url).host, failingSinceMs: nowMs - 5 * DAY_MS },
  });
  receiver.mood = 'take';
  await say('resume');
  await deliver();
  expect([receiver.taken, (await look()).state, await inboxOf('open')]).toEqual([1, 'live', []]);
});

test('switched off it is told nothing; given up a second time it comes again', async () => {
  await giveUp();
  await say('resume');
  await deliver();
  nowMs += 5 * DAY_MS;
  await deliver();
  expect(await inboxOf('open')).toHaveLength(1);
  await say('switch_off');
  receiver.mood = 'take';
  nowMs += DAY_MS;
  await deliver();
  expect([receiver.taken, (await look()).state]).toEqual([0, 'stopped']);
});

test('the other system starting it by itself answers the item', async () => {
  await giveUp();
  await act('start');
  expect(await inboxOf('open')).toEqual([]);
  expect(await inboxOf('answered')).toMatchObject([{ answer: 'resume', answeredBy: '' }]);
});

test('a renewed secret and the one before it both sign for a day, then only the new one', async () => {
  const renewed = WebhookSecret.parse((await act('renew')).body);
  await sell();
  await deliver();
  expect(receiver.taken).toBe(1);
  nowMs += DAY_MS + 1_000;
  await sell();
  await deliver();
  expect([receiver.taken, receiver.unsigned]).toEqual([1, 1]);
  receiver.secret = renewed.secret;
  nowMs += 10_000;
  await deliver();
  expect(receiver.taken).toBe(2);
  const { rows } = await open.centre.database.sql.query('select * from webhooks');
  expect(JSON.stringify(rows)).not.toMatch(new RegExp(`${hook.secret}|${renewed.secret}`));
});

test('a stopped webhook and one of a revoked key are told nothing', async () => {
  await act('stop');
  await sell();
  await deliver();
  expect(receiver.taken).toBe(0);
  await act('start');
  const payload = { login: 'manager', pin: MANAGER_PIN };
  await open.app.inject({ method: 'POST', url: `/v1/integration-keys/${keyId}/revoke`, payload });
  await deliver();
  expect(receiver.taken).toBe(0);
});

test('once its maker is no manager any more a key opens nothing, and its webhooks stop with a note', async () => {
  await sell();
  const { sql } = open.centre.database;
  const [staff] = await listStaffByIds(sql, ['staff-1']);
  const body = { ...must(staff, 'the setup made her'), role: 'cashier' as const };
  await open.centre.database.transaction((tx) =>
    saveDocuments(tx, [{ kind: 'staff', id: body.staffId, body: { ...body, version: body.version + 1 } }]),
  );
  await deliver();
  expect(receiver.taken).toBe(0);
  const refused = await shop('GET', '/v1/webhooks');
  expect([refused.status, JSON.stringify(refused.body)]).toEqual([403, expect.stringContaining('manager')]);
  const { rows } = await sql.query('select state, last_problem from webhooks');
  expect(rows).toEqual([{ state: 'dead', last_problem: 'maker_gone' }]);
});

test('another key neither sees nor stops it', async () => {
  const stranger = shopClient(open.app, (await makeTestKey(open.app)).secret);
  expect((await stranger('GET', '/v1/webhooks')).body).toEqual({ webhooks: [] });
  const { status } = await stranger('POST', `/v1/webhooks/${hook.webhookId}/stop`);
  expect([status, (await look()).state]).toEqual([404, 'live']);
});

test('a receiver that died keeps its place for no longer than the lease; a late answer changes nothing', async () => {
  await sell();
  await open.centre.database.sql.query(`update webhooks set lease_by = 'dead process', lease_until_ms = $1`, [
    nowMs + 30_000,
  ]);
  await deliver();
  expect(receiver.taken).toBe(0);
  nowMs += 30_001;
  await deliver();
  expect(receiver.taken).toBe(1);
});

test('addresses inside the house are refused when they are given, and again when a name leads there', async () => {
  for (const url of [
    'https://10.0.0.1/',
    'http://169.254.169.254/latest',
    'https://[::1]/',
    'ftp://x.example/',
  ])
    expect((await make(url)).status, url).toBe(400);
  const call = { headers: {}, body: '', timeoutMs: 2_000 };
  const { port } = new URL(receiver.url);
  const named = postOnce(createReach(''), { ...call, url: `https://localhost:${port}/` });
  await expect(named).rejects.toMatchObject({ reason: 'address_refused' });
  const plain = postOnce(createReach('10.0.0.0/8'), { ...call, url: `http://localhost:${port}/` });
  await expect(plain).rejects.toMatchObject({ reason: 'address_refused' });
});

test('a redirect is not followed, and who never answers is left', async () => {
  const heard: string[] = [];
  const server = createServer((request, reply) => {
    heard.push(request.url ?? '');
    if (request.url === '/silent') return;
    reply.writeHead(307, { location: receiver.url }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call = { headers: {}, body: '{}', timeoutMs: 300 };
  const reach = createReach('127.0.0.1');
  expect(await postOnce(reach, { ...call, timeoutMs: 5_000, url: `${base}/away` })).toBe(307);
  await expect(postOnce(reach, { ...call, url: `${base}/silent` })).rejects.toMatchObject({
    reason: 'no_answer',
  });
  expect([heard, receiver.taken + receiver.unsigned]).toEqual([['/away', '/silent'], 0]);
  server.closeAllConnections();
  server.close();
});

test('a receiver that does not answer keeps no till waiting', async () => {
  receiver.mood = 'hang-up';
  await sell();
  const [, replies] = await Promise.all([deliver(), sell().then(() => till.sync())]);
  expect(replies.length).toBeGreaterThan(0);
});

test('the log names no person, no secret and no address', async () => {
  receiver.mood = 'refuse';
  await sell();
  await deliver();
  const text = lines.join('');
  expect(text).toContain('a webhook was not taken');
  expect(text).not.toMatch(/Secretive|127\.0\.0\.1|cfk_/);
  expect(text).not.toContain(hook.secret);
});
