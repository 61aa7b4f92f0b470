import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { askEnrolCode } from '../../../../electron/core/enrol-code.ts';
import type { CardView, MemberView } from '../../../../electron/contract/views.ts';
import type { CardId, CardTypeId, MemberId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { keepTiers } from '../../../../crm/tier-keeper.ts';
import { CardType, Tier, type CardRules } from '../../../../sync/model/chain.ts';
import { nextVersion, rulesIn } from '../../../../sync/programmes/card-rules.ts';
import { LiveShop } from '../../../parts/live-shop.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { openTestTill, type TestTill } from '../../../parts/till.ts';
import { MANAGER_PIN } from '../../crm/pins.ts';

const MANAGER = { login: 'manager', pin: MANAGER_PIN };
const DAY_MS = 86_400_000;
const EPOCH_MS = Date.UTC(2026, 0, 1);
const POINTS = 'points' as CardTypeId;

let postgres: PostgresPart;
let shop: LiveShop;
let left: TestTill;
let right: TestTill;
let card: CardView;
let memberId: MemberId;

/** One more till of the same shop, with the shop's time. */
async function addTill(name: string): Promise<TestTill> {
  const clock = { nowMs: () => shop.realMs, monotonicMs: () => shop.realMs - EPOCH_MS };
  const till = openTestTill(join(shop.folder, name), { clock, centreTimeoutMs: 5_000 });
  const { url } = shop.server;
  const { code } = await askEnrolCode(url, { ...MANAGER, storeId: null });
  await till.client['till.enrol']({ serverUrl: url, code, tillName: name });
  await till.client['session.signIn'](MANAGER);
  return till;
}

const sync = async (...tills: readonly TestTill[]): Promise<void> => {
  for (const till of tills) await till.client['sync.run']({});
};
async function setRules(change: Partial<CardRules>): Promise<void> {
  const documents = await left.client['documents.list']({ kind: 'card-type' });
  const type = CardType.parse(must(documents.find(({ id }) => id === POINTS)?.body, 'points are there'));
  const { businessDay } = await left.client['till.get']({});
  const body = nextVersion(type, { ...rulesIn(type), ...change, validFrom: businessDay });
  const opId = left.opId();
  await left.client['documents.save']({
    ...{ opId, kind: 'card-type' as const, id: POINTS },
    ...{ baseVersion: type.version, body },
  });
  await sync(left, right);
}
const buy = (till: TestTill, cardId: CardId, amountMinor: number) =>
  till.client['points.credit']({
    ...{ opId: till.opId(), cardId, amountMinor },
    ...{ receiptNo: '', points: null, reason: '' },
  });
const seen = (till: TestTill): Promise<MemberView> => till.client['members.get']({ memberId });
const pointsOn = async (till: TestTill): Promise<number> => {
  const { confirmed, pending } = must((await seen(till)).cards[0], 'a card').balance;
  return confirmed + pending;
};
const atCentre = async (): Promise<number> => {
  const text = `select balance from accounts where account_id = '${card.accountId}'`;
  return Number((await shop.sql<{ balance: string }>(text))[0]?.balance);
};
const expire = async (till: TestTill) => {
  const { businessDay: day } = await till.client['till.get']({});
  return till.client['expiry.run']({ day, isDryRun: false });
};

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

beforeEach(async () => {
  shop = new LiveShop(await postgres.createDatabase());
  await shop.open();
  [left, right] = [shop.till, await addTill('right')];
  const { member } = await left.client['members.add']({
    opId: left.opId(),
    draft: { lastName: 'Lim' },
    cardTypeId: POINTS,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  memberId = member.memberId;
  card = must(member.cards[0], 'a card');
}, 60_000);
afterEach(async () => {
  await right.close();
  await shop.end();
});

/** Both tills hold 30 points of a lot whose time is over. */
async function growOld(): Promise<void> {
  await setRules({ expiresAfterMonths: 1, earnPoints: 1, earnPerMinor: 100 });
  await buy(left, card.cardId, 3_000);
  await sync(left, right);
  expect([await pointsOn(left), await pointsOn(right)]).toEqual([30, 30]);
  shop.realMs += 40 * DAY_MS;
  for (const till of [left, right]) await till.client['session.signIn'](MANAGER);
}

test('two tills that end the same lot apart from each other end it once', async () => {
  await growOld();
  await shop.lineDown();
  expect((await expire(left)).units).toBe(30);
  expect((await expire(right)).units).toBe(30);
  expect([await pointsOn(left), await pointsOn(right)]).toEqual([0, 0]);
  await shop.lineUp();
  await sync(left, right, left);
  expect([await pointsOn(left), await pointsOn(right), await atCentre()]).toEqual([0, 0, 0]);
  const held = await shop.sql('select 1 from ops where held_reason is not null');
  expect(held).toEqual([]);
  expect(await expire(left)).toMatchObject({ units: 0, elsewhere: 0, waiting: 0 });
});

test('what comes late of a time before the end is counted, and the next run ends what is left of it', async () => {
  await growOld();
  shop.realMs -= 40 * DAY_MS;
  await shop.lineDown();
  // Made in time, and sent only after the lot has ended.
  await buy(right, card.cardId, 1_000);
  shop.realMs += 40 * DAY_MS;
  await shop.lineUp();
  await left.client['session.signIn'](MANAGER);
  expect((await expire(left)).units).toBe(30);
  await sync(left);
  expect(await atCentre()).toBe(0);
  await sync(right, left);
  expect([await pointsOn(left), await pointsOn(right), await atCentre()]).toEqual([10, 10, 10]);
  expect((await expire(right)).units).toBe(10);
  expect((await expire(left)).units).toBe(10);
  await sync(right, left, right);
  expect([await pointsOn(left), await pointsOn(right), await atCentre()]).toEqual([0, 0, 0]);
});

test('two tills bring a member to a tier; both show it with its reason, and no till writes it', async () => {
  const tier = Tier.parse({
    ...{ tierId: 'Gold', version: 1, name: 'Gold', rank: 1, thresholdMinor: 5_000 },
    ...{ validFrom: (await left.client['till.get']({})).businessDay },
  });
  const opId = left.opId();
  await left.client['documents.save']({ opId, kind: 'tier', id: 'Gold', baseVersion: 0, body: tier });
  await sync(left, right);
  await shop.lineDown();
  await buy(left, card.cardId, 3_000);
  await buy(right, card.cardId, 3_000);
  expect([(await seen(left)).tier.tierId, (await seen(right)).tier.tierId]).toEqual(['', '']);
  await shop.lineUp();
  await sync(left, right);
  // The server's own keeper may be at it just now, and then this one leaves it to that.
  const behind =
    'select 1 from tier_clock c, feed_head h where c.seq < h.seq union all select 1 from tier_due';
  while ((await shop.sql(behind)).length > 0) await keepTiers(shop.server.centre);
  await sync(left, right);
  for (const till of [left, right]) {
    const { tier: now, pendingOps } = await seen(till);
    expect(now).toMatchObject({ tierId: 'Gold', isReachedHere: false, next: null });
    expect(now.reached).toMatchObject({ spentMinor: 6_000, version: 1 });
    expect(pendingOps).toBe(0);
  }
  const ops = await shop.sql<{ till: string }>(`select till_id as till from ops where kind = 'tier.earned'`);
  expect(ops.map(({ till }) => till)).toEqual(['centre']);
});
