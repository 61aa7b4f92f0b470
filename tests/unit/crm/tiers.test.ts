import { pino } from 'pino';
import { expect, test } from 'vitest';
import { nodeCrypto } from '../../../crm/node-crypto.ts';
import { saveDocuments } from '../../../crm/repos/documents.ts';
import { keepTiers } from '../../../crm/tier-keeper.ts';
import type { MemberId, OpId } from '../../../sync/base/ids.ts';
import { newId } from '../../../sync/base/ids.ts';
import { Store, Tier } from '../../../sync/model/chain.ts';
import { readExtras } from '../../../sync/model/extras.ts';
import type { WireOp } from '../../../sync/model/op.ts';
import type { CardRef, Pen, PenCentre } from '../../parts/pen.ts';
import { penForEach } from './pen-for-each.ts';

let centre: PenCentre;
let one: Pen;
let two: Pen;

const TIERS = [
  { ...{ tierId: 'silver', version: 1, name: 'Silver', rank: 1 }, thresholdMinor: 20_000 },
  { ...{ tierId: 'gold', version: 1, name: 'Gold', rank: 2 }, thresholdMinor: 50_000 },
].map((each) => Tier.parse({ ...each, withinMonths: 12, validMonths: 12, renewalMinor: 10_000 }));
const BRONZE = Tier.parse({
  ...{ tierId: 'bronze', version: 1, name: 'Bronze', rank: 0 },
  ...{ thresholdMinor: 9_000, withinMonths: 12, validMonths: 12, renewalMinor: 0 },
});
const STORE = Store.parse({ storeId: 'store-1', version: 1, name: 'Orchard', timeZone: 'Asia/Singapore' });
const TODAY_MS = Date.UTC(2026, 10, 22, 6);

penForEach(async (made) => {
  centre = made;
  centre.nowMs = TODAY_MS;
  await centre.database.transaction((tx) =>
    saveDocuments(tx, [
      { kind: 'store', id: STORE.storeId, body: STORE },
      ...TIERS.map((body) => ({ kind: 'tier' as const, id: body.tierId, body })),
    ]),
  );
  one = await centre.till('till-a');
  one.cardTypeId = 'points';
  two = await centre.till('till-b');
});

const keep = () =>
  keepTiers({
    database: centre.database,
    clock: { nowMs: () => centre.nowMs },
    crypto: nodeCrypto,
    log: pino({ level: 'silent' }),
  });

type Bought = number | readonly [amountMinor: number, businessDay: string];

function buy(pen: Pen, ref: CardRef, bought: Bought): WireOp {
  const [amountMinor, businessDay] = typeof bought === 'number' ? [bought, '2026-11-22'] : bought;
  const body = {
    ...{ kind: 'points.credited' as const, ...ref, cardTypeVersion: 1, amountMinor },
    ...{ receiptNo: 'r', points: Math.max(1, Math.floor(amountMinor / 100)), reason: '' },
  };
  return pen.write(body, { businessDay, atMs: Date.parse(`${businessDay}T05:00:00Z`) });
}
const undo = (pen: Pen, ref: CardRef, { opId, body }: WireOp): WireOp =>
  pen.write({
    ...{ kind: 'entry.corrected', ...ref, cardTypeVersion: 1, correctsOpId: opId },
    ...{ delta: -Number(body['points']), reason: '' },
  });
const tierOf = async (id: MemberId) => {
  const { tier, tierUntil, extras } = await centre.member(id);
  return { tier, tierUntil, reason: readExtras(extras).tier };
};
const ownOps = (): Promise<{ kind: string; actorId: string }[]> =>
  centre.rows(
    `select kind, header::json ->> 'actorId' as "actorId" from ops where till_id = 'centre' order by seq`,
  );

test('two tills apart from each other bring a member to a tier that neither of them could see', async () => {
  const ref = one.enrol();
  await one.push();
  buy(one, ref, [12_000, '2026-11-20']);
  buy(two, ref, [9_000, '2026-11-21']);
  await one.push();
  await keep();
  expect((await tierOf(ref.memberId)).tier).toBe('');
  await two.push();
  await keep();
  expect(await tierOf(ref.memberId)).toEqual({
    ...{ tier: 'silver', tierUntil: '2027-11-21' },
    reason: {
      ...{ tierId: 'silver', version: 1, since: '2026-11-21', until: '2027-11-21', spentMinor: 21_000 },
    },
  });
  expect(await ownOps()).toHaveLength(1);
  const before = await centre.headSeq();
  await keep();
  // Nothing new, so nothing is written: no op goes back and forth.
  expect(await centre.headSeq()).toBe(before);
});

test('in whichever order the tills come back, every member ends with the same tier', async () => {
  const [left, right] = [one.enrol(), one.enrol()];
  await one.push();
  for (const ref of [left, right]) {
    buy(one, ref, [15_000, '2026-01-05']);
    buy(two, ref, [15_000, '2026-03-01']);
    buy(two, ref, [25_000, '2026-11-22']);
  }
  await one.push();
  await keep();
  await two.push();
  await keep();
  const three = await centre.till('till-c');
  const late = one.enrol();
  await one.push();
  buy(two, late, [15_000, '2026-03-01']);
  buy(two, late, [25_000, '2026-11-22']);
  await two.push();
  await keep();
  expect((await tierOf(late.memberId)).tier).toBe('silver');
  // Offline since January.
  buy(three, late, [15_000, '2026-01-05']);
  await three.push();
  await keep();
  const expected = await tierOf(left.memberId);
  expect(expected).toMatchObject({ tier: 'gold', reason: { since: '2026-11-22', spentMinor: 55_000 } });
  expect(await tierOf(right.memberId)).toEqual(expected);
  expect(await tierOf(late.memberId)).toEqual(expected);
});

test('an undone purchase takes its tier back, on whichever till it is undone', async () => {
  const ref = one.enrol();
  const bought = buy(one, ref, [60_000, '2026-11-01']);
  await one.push();
  await keep();
  expect((await tierOf(ref.memberId)).tier).toBe('gold');
  undo(two, ref, bought);
  await two.push();
  await keep();
  expect(await tierOf(ref.memberId)).toEqual({ tier: '', tierUntil: null, reason: null });
  expect((await ownOps()).map(({ kind, actorId }) => `${kind} ${actorId}`)).toEqual([
    'tier.earned rules',
    'tier.earned rules',
  ]);
  buy(two, ref, 20_000);
  await two.push();
  await keep();
  expect((await tierOf(ref.memberId)).tier).toBe('silver');
});

test("what a supervisor sets by hand stays, and is no till's to claim as reached", async () => {
  const ref = one.enrol();
  buy(one, ref, 30_000);
  await one.push();
  await keep();
  one.edit(ref.memberId, { tier: '', tierUntil: null }, TODAY_MS + 60_000);
  centre.nowMs += 60_000;
  await one.push();
  await centre.database.sql.query('insert into tier_due (member_id) values ($1)', [ref.memberId]);
  await keep();
  expect((await tierOf(ref.memberId)).tier).toBe('');
  const reached = { tierId: 'gold', version: 1, since: '2026-11-22', until: null, spentMinor: 1 };
  two.write({ kind: 'tier.earned', memberId: ref.memberId, reached });
  await two.push();
  expect((await two.fates())[0]?.held).toBe('not_allowed');
  expect((await tierOf(ref.memberId)).tier).toBe('');
});

test('the day after its last one, a lower tier that is still reached comes in its place', async () => {
  const ref = one.enrol();
  buy(one, ref, [41_000, '2025-11-20']);
  buy(one, ref, [9_000, '2025-12-01']);
  buy(one, ref, [9_999, '2026-03-01']);
  buy(one, ref, [11_000, '2025-11-30']);
  await one.push();
  centre.nowMs = Date.UTC(2026, 10, 30, 6);
  await keep();
  // Reached on 30 November; the 18,999 after that renewed it.
  expect(await tierOf(ref.memberId)).toMatchObject({ tier: 'gold', tierUntil: '2027-11-30' });
  const other = one.enrol();
  buy(one, other, [50_000, '2025-11-29']);
  buy(one, other, [9_999, '2025-12-05']);
  await one.push();
  await keep();
  // Gold was over yesterday, and of its money only 9,999 is of the last twelve months.
  expect((await tierOf(other.memberId)).tier).toBe('');
  const falling = one.enrol();
  buy(one, falling, [45_000, '2025-12-01']);
  buy(one, falling, [5_000, '2025-12-02']);
  buy(one, falling, [9_000, '2026-10-10']);
  await one.push();
  await keep();
  expect(await tierOf(falling.memberId)).toMatchObject({ tier: 'gold', tierUntil: '2026-12-02' });
  await centre.database.transaction((tx) =>
    saveDocuments(tx, [{ kind: 'tier', id: 'bronze', body: { ...BRONZE } }]),
  );
  await keep();
  expect((await tierOf(falling.memberId)).tier).toBe('gold');
  centre.nowMs = Date.UTC(2026, 11, 3, 6);
  await keep();
  expect(await tierOf(falling.memberId)).toMatchObject({ tier: 'bronze', tierUntil: '2027-12-03' });
});

test('stamps and points by hand note nothing for tiers; who merges is looked at with all purchases', async () => {
  const [ref, twin] = [one.enrol({ mobile: '+6591110001' }), one.enrol({ mobile: '+6591110002' })];
  one.stamp(ref, 5);
  await one.push();
  const count = async (table: string): Promise<number> =>
    (await centre.rows<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n ?? -1;
  await keep();
  expect([await count('spent_days'), await count('tier_due')]).toEqual([0, 0]);
  buy(one, ref, 12_000);
  buy(one, twin, 12_000);
  await one.push();
  // A push itself writes none of it, with an amount or without.
  expect([await count('spent_days'), await count('tier_due')]).toEqual([0, 0]);
  await keep();
  expect([await count('spent_days'), await count('tier_due')]).toEqual([2, 0]);
  expect((await tierOf(ref.memberId)).tier).toBe('');
  one.write({ kind: 'member.merged', memberId: twin.memberId, intoId: ref.memberId, reason: '' });
  await one.push();
  await keep();
  expect(await tierOf(ref.memberId)).toMatchObject({ tier: 'silver', reason: { spentMinor: 24_000 } });
  one.write({ kind: 'member.unmerged', memberId: twin.memberId, intoId: ref.memberId, reason: '' });
  await one.push();
  await keep();
  expect((await tierOf(ref.memberId)).tier).toBe('');
});

test('several processes at once follow the feed once, and begin with the first entry when there is a tier', async () => {
  const saveAll = (thresholdMinor: number) =>
    centre.database.transaction((tx) =>
      saveDocuments(
        tx,
        TIERS.map((body) => ({ kind: 'tier', id: body.tierId, body: { ...body, thresholdMinor } })),
      ),
    );
  await saveAll(0);
  const ref = one.enrol();
  for (let at = 0; at < 40; at += 1) buy(one, ref, [100, '2026-11-01']);
  await one.push();
  await keep();
  const clock = await centre.rows('select seq from tier_clock');
  expect(clock).toEqual([{ seq: 0 }]);
  await saveAll(4_000);
  await Promise.all([keep(), keep(), keep(), keep()]);
  await keep();
  expect(await centre.rows('select spent_minor as spent from spent_days')).toEqual([{ spent: 4_000 }]);
  expect((await tierOf(ref.memberId)).tier).toBe('gold');
  expect(await ownOps()).toHaveLength(1);
});

test('an edited amount counts on the day of the purchase', async () => {
  const ref = one.enrol();
  const bought = buy(one, ref, [1_000, '2026-11-01']);
  await one.push();
  one.write({
    ...{ kind: 'purchase.edited', ...ref, cardTypeVersion: 1, correctsOpId: bought.opId },
    ...{ entryId: newId<OpId>(), delta: -10, newUnits: 250, amountMinor: 25_000, reason: '' },
  });
  await one.push();
  await keep();
  expect(await tierOf(ref.memberId)).toMatchObject({ tier: 'silver', reason: { since: '2026-11-01' } });
});
