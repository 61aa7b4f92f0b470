import { afterAll, beforeAll, expect, test } from 'vitest';
import { EventPage, type Event } from '../../../crm/integration/shapes.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { makeTestKey, shopClient, type ShopClient } from './shop-key.ts';
import { MANAGER_PIN } from './pins.ts';
import { addSecond, anonymisedBy } from '../../parts/second.ts';
import { openTestCentre, type TestCentre } from './test-centre.ts';
import { injected, TestTill } from './test-till.ts';

let postgres: PostgresPart;
let open: TestCentre;
let till: TestTill;
let all: ShopClient;
let ledger: ShopClient;
let people: ShopClient;
const lines: string[] = [];
/** Where the centre's clock stands still; null: it goes. */
let stoppedMs: number | null = null;

beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({
    url: await postgres.createDatabase(),
    clock: { nowMs: () => stoppedMs ?? Date.now() },
    onLog: (line) => lines.push(line),
  });
  till = await TestTill.enrol(injected(open.app));
  all = shopClient(open.app, (await makeTestKey(open.app)).secret);
  ledger = shopClient(open.app, (await makeTestKey(open.app, ['read:ledger'])).secret);
  people = shopClient(open.app, (await makeTestKey(open.app, ['read:people'])).secret);
}, 60_000);
afterAll(async () => {
  await open.close();
  await postgres.stop();
});

async function page(client: ShopClient, after?: string, limit = 200): Promise<EventPage> {
  const query = `limit=${limit}${after === undefined ? '' : `&after=${after}`}`;
  const { status, body } = await client('GET', `/v1/events?${query}`);
  expect(status).toBe(200);
  return EventPage.parse(body);
}

async function drain(client: ShopClient, limit: number, from?: string) {
  const pages = [await page(client, from, limit)];
  while (pages.at(-1)?.hasMore === true) pages.push(await page(client, pages.at(-1)?.cursor, limit));
  return { pages, events: pages.flatMap(({ events }) => events) };
}

const names = (events: readonly Event[]): string[] => events.map(({ kind }) => kind);

test('a new member with card and stamps comes as events in the order of the feed', async () => {
  const { cursor } = await page(all, 'now');
  const ref = till.makeMember({ mobile: '+6591110001', email: 'tan@example.com', notes: 'Likes tea' });
  till.stamp(ref, 3);
  await till.sync();
  const { events } = await page(all, cursor);
  expect(names(events)).toEqual(['member.changed', 'card.changed', 'ledger.entry']);
  expect(events[0]).toMatchObject({ person: { mobile: '+6591110001', lastName: 'Tan' } });
  expect(JSON.stringify(events)).not.toContain('Likes tea');
  const deltas = events.flatMap((event) => (event.kind === 'ledger.entry' ? [event.entry.delta] : []));
  expect(deltas).toEqual([3]);
});

test('pages of any size tell the same events, each whole number of the feed once', async () => {
  for (let count = 0; count < 7; count += 1) till.stamp(till.makeMember());
  await till.sync();
  const whole = await drain(all, 1_000);
  for (const limit of [1, 2, 3, 5]) {
    const cut = await drain(all, limit);
    expect(cut.events).toEqual(whole.events);
    const seqs = cut.pages.map(({ events }) => new Set(events.map(({ seq }) => seq)));
    expect(seqs.flatMap((set) => [...set])).toHaveLength(new Set(cut.events.map(({ seq }) => seq)).size);
  }
  expect(new Set(whole.events.map(({ id }) => id)).size).toBe(whole.events.length);
});

test('a key sees what its scopes name: no person without read:people, no ledger without read:ledger', async () => {
  const bare = await drain(ledger, 1_000);
  const text = JSON.stringify(bare.events);
  for (const word of ['Tan', 'Wei Ling', '91110001', 'tan@example.com', 'TEST-0001', '603555'])
    expect(text, word).not.toContain(word);
  expect(names(bare.events)).toContain('ledger.entry');
  const seen = await drain(people, 1_000);
  expect(new Set(names(seen.events))).toEqual(new Set(['member.changed']));
});

test('of an anonymised member nothing personal is told, and who is behind hears of it at once', async () => {
  const ref = till.makeMember({ lastName: 'Goner', mobile: '+6591119999' });
  till.make({
    kind: 'stamp.added',
    ...ref,
    cardTypeVersion: 1,
    amountMinor: 1,
    receiptNo: 'GONER-1',
    count: 1,
  });
  await till.sync();
  const { memberId } = ref;
  await addSecond(open.centre);
  till.make(anonymisedBy(memberId));
  till.stamp(till.makeMember());
  await till.sync();
  const { events, pages } = await drain(all, 2);
  expect(JSON.stringify(events)).not.toMatch(/Goner|91119999|GONER-1/);
  expect(pages[0]?.anonymised).toEqual([memberId]);
  expect(pages.at(-1)?.anonymised).toEqual([]);
  expect(events.filter((event) => event.memberId === memberId).map(({ kind }) => kind)).toContain(
    'member.anonymised',
  );
});

test('of a removed member it is told that she was put away', async () => {
  const { memberId } = till.makeMember();
  await till.sync();
  const { cursor } = await page(all, 'now');
  till.make({ kind: 'member.removed', memberId, isRemoved: true, reason: '' });
  await till.sync();
  const { events } = await page(all, cursor);
  expect(events).toMatchObject([{ kind: 'member.changed', member: { isRemoved: true } }]);
  const edit = {
    body: { fields: { city: 'X' } },
    headers: { 'idempotency-key': 'of-a-removed', 'if-match': '*' },
  };
  expect((await all('PATCH', `/v1/members/${memberId}`, edit)).body).toMatchObject({ code: 'member_closed' });
});

test('a cursor of another numbering is refused, so that nobody reads on with holes', async () => {
  const { status, body } = await all('GET', '/v1/events?after=abcdef.3');
  expect([status, body]).toMatchObject([409, { code: 'epoch_changed' }]);
  expect((await all('GET', '/v1/events?after=../x')).status).toBe(400);
});

test('no key, a made-up key, a revoked key open nothing; a till’s secret is no key', async () => {
  const key = await makeTestKey(open.app);
  const mine = shopClient(open.app, key.secret);
  expect((await mine('GET', '/v1/events')).status).toBe(200);
  const url = `/v1/integration-keys/${key.keyId}/revoke`;
  const wrong = await open.app.inject({ method: 'POST', url, payload: { login: 'manager', pin: '000000' } });
  expect(wrong.statusCode).toBe(401);
  expect((await mine('GET', '/v1/events')).status).toBe(200);
  const done = await open.app.inject({
    method: 'POST',
    url,
    payload: { login: 'manager', pin: MANAGER_PIN },
  });
  expect(done.statusCode).toBe(200);
  const refused = [
    mine,
    shopClient(open.app, `cfk_${'0'.repeat(64)}`),
    shopClient(open.app, till.enrolled.token),
  ];
  for (const client of refused)
    expect(await client('GET', '/v1/events')).toMatchObject({ status: 401, body: { code: 'unauthorised' } });
  const { rows } = await open.centre.database.sql.query('select * from integration_keys');
  expect(JSON.stringify(rows)).not.toContain(key.secret.slice(4));
});

test('a cashier makes no key, and no name with a line break is taken', async () => {
  const payload = { login: 'cashier', pin: '480617', name: 'x', scopes: ['read:people'] };
  const post = (body: object) =>
    open.app.inject({ method: 'POST', url: '/v1/integration-keys', payload: body });
  expect((await post(payload)).statusCode).toBe(403);
  expect((await post({ ...payload, name: 'a\nb' })).statusCode).toBe(400);
});

test('a key that asks too often is told when to come again; the log holds no secret and no name', async () => {
  const { secret } = await makeTestKey(open.app, ['read:ledger']);
  const client = shopClient(open.app, secret);
  stoppedMs = Date.now();
  const statuses = new Set<number>();
  for (let count = 0; count < 130; count += 1)
    statuses.add((await client('GET', '/v1/events?limit=1')).status);
  expect(statuses).toEqual(new Set([200, 429]));
  expect(Number((await client('GET', '/v1/events')).headers['retry-after'])).toBeGreaterThan(0);
  stoppedMs = null;
  expect(lines.join('')).not.toMatch(/cfk_|Goner|Wei Ling/);
});

test('the page makes a key with a PIN, shows it once, and runs nothing that was typed', async () => {
  const headers = { 'content-type': 'application/x-www-form-urlencoded' };
  const post = async (fields: [string, string][]) => {
    const payload = new URLSearchParams(fields).toString();
    return open.app.inject({ method: 'POST', url: '/integrations', headers, payload });
  };
  const who: [string, string][] = [
    ['login', 'manager'],
    ['pin', MANAGER_PIN],
  ];
  const made = await post([...who, ['name', '<img src=x onerror=alert(1)>'], ['scopes', 'read:ledger']]);
  const secret = /cfk_[0-9a-f]{64}/.exec(made.body)?.[0] ?? '';
  expect((await shopClient(open.app, secret)('GET', '/v1/events')).status).toBe(200);
  const list = await post(who);
  expect([list.statusCode, list.body.includes(secret), list.body.includes('<img')]).toEqual([
    200,
    false,
    false,
  ]);
  expect(list.body).toContain('&#60;img src=x');
  const refused = await post([
    ['login', '"><script>'],
    ['pin', 'no'],
    ['name', 'x'],
    ['scopes', 'read:people'],
  ]);
  expect([refused.statusCode, refused.body.includes('<script>')]).toEqual([400, false]);
});
