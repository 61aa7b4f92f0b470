import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveDocuments } from '../../../../crm/repos/documents.ts';
import { CardType } from '../../../../sync/model/chain.ts';
import { newId, type AccountId, type OpId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import type { SpendCover } from '../../../../sync/model/op.ts';
import { PROTOCOL_VERSION } from '../../../../sync/protocol/exchange.ts';
import { HoldsReply, type HoldsRequest } from '../../../../sync/protocol/holds.ts';
import { InboxReply } from '../../../../sync/protocol/inbox.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from '../test-centre.ts';
import { injected, readHeaders, TestTill, type CardRef, type Post } from '../test-till.ts';

let postgres: PostgresPart;
let open: TestCentre;
let post: Post;
let laterMs = 0;

beforeAll(async () => {
  postgres = await startPostgres();
  open = await openTestCentre({
    url: await postgres.createDatabase(),
    clock: { nowMs: () => Date.now() + laterMs },
  });
  post = injected(open.app);
  await open.centre.database.transaction((tx) =>
    saveDocuments(tx, [{ kind: 'card-type', id: 'stamp', body: STAMPS }]),
  );
}, 60_000);
afterAll(async () => {
  await open.close();
  await postgres.stop();
});

/** Stamps by purchase, and a reward at each price that is asked here. */
const STAMPS = CardType.parse({
  ...{ cardTypeId: 'stamp', kind: 'stamp', version: 1, name: 'Stamps', goal: 10 },
  ...{ earnPoints: 1, earnPerMinor: 1 },
  rewards: [1, 2, 3, 7, 15, 20].map((cost) => ({ rewardId: `r${cost}`, name: `${cost}`, cost })),
});

const askRaw = (till: TestTill, asked: Partial<HoldsRequest>) =>
  post(
    '/v1/holds',
    {
      ...{ protocol: PROTOCOL_VERSION, tillId: till.enrolled.tillId, incarnation: till.incarnation },
      ...{ lastTseq: till.ops.length, reserve: null, want: [], letGo: [], ...asked },
    },
    { token: till.enrolled.token, secretKey: till.secretKey },
  );
const ask = async (till: TestTill, asked: Partial<HoldsRequest>): Promise<HoldsReply> =>
  HoldsReply.parse((await askRaw(till, asked)).body);

/** A member with a balance that both tills know. */
async function memberWith(till: TestTill, stamps: number): Promise<CardRef> {
  const ref = till.makeMember();
  till.stamp(ref, stamps);
  await till.sync();
  return ref;
}

async function redeem(till: TestTill, ref: CardRef, { cost, cover }: { cost: number; cover: SpendCover }) {
  till.make({ kind: 'reward.redeemed', ...ref, cardTypeVersion: 1, rewardId: `r${cost}`, cost, cover });
  await till.sync();
}

const reserve = (accountId: AccountId, units: number) => ({ opId: newId<never>(), accountId, units });

test('what one till reserves or was granted, another can not', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const { accountId } = await memberWith(one, 10);
  const granted = await ask(one, { want: [accountId] });
  expect(granted.grants).toMatchObject([{ accountId, left: 5 }]);
  expect((await ask(one, { want: [accountId] })).grants).toEqual(granted.grants);
  const first = reserve(accountId, 4);
  expect((await ask(two, { reserve: first })).reserved).toEqual({ holdId: first.opId, units: 4 });
  expect((await ask(two, { reserve: first })).reserved).toEqual({ holdId: first.opId, units: 4 });
  expect(await ask(two, { reserve: reserve(accountId, 2) })).toMatchObject({ reserved: null, available: 1 });
});

test('a spend uses up its hold, and no more than its own', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const ref = await memberWith(one, 10);
  const [grant] = (await ask(one, { want: [ref.accountId] })).grants;
  const { holdId } = must(grant, 'half of ten is granted');
  await redeem(one, ref, { cost: 3, cover: { gain: 0, grant: 3, floor: 0, holdId } });
  expect((await ask(one, { want: [ref.accountId] })).grants).toMatchObject([{ holdId, left: 2 }]);
  // Another till names the first one's grant: its spend is the balance's to pay, the grant stays whole.
  await redeem(two, ref, { cost: 1, cover: { gain: 0, grant: 1, floor: 0, holdId } });
  expect((await ask(one, { want: [ref.accountId] })).grants).toMatchObject([{ holdId, left: 2 }]);
  expect(await ask(two, { reserve: reserve(ref.accountId, 99) })).toMatchObject({ available: 4 });
});

test('a grant that is given up is free again, and only its own till can give it up', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const { accountId } = await memberWith(one, 10);
  const [grant] = (await ask(one, { want: [accountId] })).grants;
  const holdId = must(grant, 'granted').holdId;
  await ask(two, { letGo: [holdId] });
  expect(await ask(two, { reserve: reserve(accountId, 6) })).toMatchObject({ reserved: null, available: 5 });
  await ask(one, { letGo: [holdId] });
  await ask(one, { letGo: [holdId] });
  expect((await ask(two, { reserve: reserve(accountId, 10) })).reserved).toMatchObject({ units: 10 });
});

test('a reservation is let go after its time only once all that the till made has arrived', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const { accountId } = await memberWith(one, 10);
  await ask(one, { reserve: reserve(accountId, 10) });
  laterMs += 16 * 60_000;
  await ask(one, { lastTseq: one.ops.length + 1 });
  expect((await ask(two, { reserve: reserve(accountId, 1) })).available).toBe(0);
  await ask(one, {});
  expect((await ask(two, { reserve: reserve(accountId, 1) })).reserved).not.toBeNull();
});

test('what a cut request earned is set aside for the spend that comes with the next one, and for nobody else', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const ref = one.makeMember();
  one.stamp(ref, 3);
  const cover = { gain: 2, grant: 0, floor: 0, holdId: null };
  const spend = {
    ...ref,
    kind: 'reward.redeemed' as const,
    cardTypeVersion: 1,
    rewardId: 'r2',
    cost: 2,
    cover,
  };
  const { opId } = one.make(spend);
  const { accountId } = ref;
  const first = { ops: one.ops.slice(0, 2), spendsAhead: [{ opId, accountId, gain: 2, grant: 0 }] };
  await one.exchange(first);
  expect(await ask(two, { reserve: reserve(accountId, 2) })).toMatchObject({ reserved: null, available: 1 });
  await one.sync();
  // Its arrival settles it: what is left of the balance is free.
  expect(await ask(two, { reserve: reserve(accountId, 2) })).toMatchObject({ reserved: null, available: 1 });
  expect((await ask(two, { reserve: reserve(accountId, 1) })).reserved).toMatchObject({ units: 1 });
});

test('what was reserved for a spend before stays beside what its own till earned for it', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const ref = await memberWith(two, 5);
  await one.sync();
  const { accountId } = ref;
  one.stamp(ref, 10);
  const opId = newId<OpId>();
  await ask(one, { reserve: { opId, accountId, units: 5 } });
  const cover = { gain: 10, grant: 5, floor: 0, holdId: opId };
  one.make(
    { kind: 'reward.redeemed', ...ref, cardTypeVersion: 1, rewardId: 'r15', cost: 15, cover },
    { opId },
  );
  const spendsAhead = [{ opId, accountId, gain: 10, grant: 5 }];
  await one.exchange({ ops: one.ops.slice(one.ackedTseq, one.ackedTseq + 1), spendsAhead });
  expect(await ask(two, { reserve: reserve(accountId, 1) })).toMatchObject({ reserved: null, available: 0 });
  await one.sync();
  expect(await ask(two, { reserve: reserve(accountId, 1) })).toMatchObject({ reserved: null, available: 0 });
});

test('what an edited purchase brings more is set aside too', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const ref = one.makeMember();
  const bought = one.stamp(ref, 10);
  await one.sync();
  const { accountId } = ref;
  const edit = { correctsOpId: bought.opId, delta: -10, newUnits: 30, entryId: newId<OpId>() };
  one.make({ kind: 'purchase.edited', ...ref, cardTypeVersion: 1, amountMinor: 900, reason: 'x', ...edit });
  const spend = { gain: 20, grant: 0, floor: 0, holdId: null };
  const opId = newId<OpId>();
  one.make(
    { kind: 'reward.redeemed', ...ref, cardTypeVersion: 1, rewardId: 'r20', cost: 20, cover: spend },
    { opId },
  );
  const spendsAhead = [{ opId, accountId, gain: 20, grant: 0 }];
  await one.exchange({ ops: one.ops.slice(one.ackedTseq, one.ackedTseq + 1), spendsAhead });
  expect(await ask(two, { reserve: reserve(accountId, 11) })).toMatchObject({
    reserved: null,
    available: 10,
  });
});

test('a till sets aside no more than its own ops earn, for no other account, and nothing for what has come', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const [ref, other] = [await memberWith(two, 5), await memberWith(two, 5)];
  await one.sync();
  const stamp = one.stamp(ref, 1);
  const asked = [
    { opId: newId<never>(), accountId: other.accountId, gain: 5, grant: 0 },
    { opId: stamp.opId, accountId: ref.accountId, gain: 1, grant: 0 },
    { opId: newId<never>(), accountId: ref.accountId, gain: 9, grant: 0 },
  ];
  await one.exchange({ spendsAhead: asked });
  expect(await ask(two, { reserve: reserve(other.accountId, 9) })).toMatchObject({ available: 5 });
  expect(await ask(two, { reserve: reserve(ref.accountId, 9) })).toMatchObject({ available: 5 });
  // The same request again sets nothing else aside.
  await one.exchange({ spendsAhead: asked });
  expect(await ask(two, { reserve: reserve(ref.accountId, 9) })).toMatchObject({ available: 5 });
});

test('an overdraft is accepted and put before a manager', async () => {
  const till = await TestTill.enrol(post);
  const ref = await memberWith(till, 1);
  await redeem(till, ref, { cost: 3, cover: { gain: 0, grant: 0, floor: 3, holdId: null } });
  const reply = await open.app.inject({
    method: 'GET',
    url: '/v1/inbox?actorId=staff-1&state=open',
    headers: readHeaders(till.enrolled.token),
  });
  const { items } = InboxReply.parse(JSON.parse(reply.body));
  const overdrawn = items.filter(({ detail }) => detail.kind === 'overdrawn');
  expect(overdrawn.map(({ detail }) => detail)).toContainEqual({
    ...{ kind: 'overdrawn', accountId: ref.accountId, balance: -2 },
  });
});

test('nothing is set aside for a till that does not sign, or for nonsense', async () => {
  const till = await TestTill.enrol(post);
  const { accountId } = await memberWith(till, 4);
  const bare = await post(
    '/v1/holds',
    { protocol: PROTOCOL_VERSION, reserve: reserve(accountId, 1) },
    till.enrolled.token,
  );
  expect(bare.status).toBe(401);
  for (const units of [0, -1, 1.5, 1e18, '5']) {
    const asked = { ...reserve(accountId, 1), units } as never;
    expect((await askRaw(till, { reserve: asked })).status).toBe(400);
  }
  expect((await ask(till, { reserve: reserve(accountId, 4) })).reserved).toMatchObject({ units: 4 });
});

test('one spend out of a grant and a reservation uses up both, each for its own part', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const ref = await memberWith(one, 10);
  const [grant] = (await ask(one, { want: [ref.accountId] })).grants;
  const { holdId } = must(grant, 'half of ten is granted');
  const rest = reserve(ref.accountId, 4);
  expect((await ask(one, { reserve: rest })).reserved).toMatchObject({ units: 4 });
  const cover = { gain: 0, grant: 7, floor: 0, holdId };
  const body = { kind: 'reward.redeemed', ...ref, cardTypeVersion: 1, rewardId: 'r7', cost: 7, cover };
  one.make(body, { opId: rest.opId });
  await one.sync();
  expect((await ask(one, { want: [ref.accountId] })).grants).toMatchObject([{ holdId, left: 2 }]);
  expect(await ask(two, { reserve: reserve(ref.accountId, 9) })).toMatchObject({ available: 1 });
});

test('a grant whose answer got lost is told again, wanted or not, so that its till can give it up', async () => {
  const [one, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const { accountId } = await memberWith(one, 10);
  await askRaw(one, { want: [accountId] });
  const { grants } = await ask(one, {});
  expect(grants).toMatchObject([{ accountId, left: 5 }]);
  await ask(one, { letGo: grants.map(({ holdId }) => holdId) });
  expect(await ask(two, { reserve: reserve(accountId, 99) })).toMatchObject({ available: 10 });
});

const declare = (till: TestTill, isLost: boolean, pin = MANAGER_PIN) =>
  post(`/v1/tills/${till.enrolled.tillId}/lost`, { login: 'manager', pin, isLost });

test('what a lost till was given is free on a manager’s word, and the till is stopped', async () => {
  const [lost, two] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  const { accountId } = await memberWith(lost, 10);
  await ask(lost, { want: [accountId] });
  await ask(lost, { reserve: reserve(accountId, 3) });
  expect((await declare(lost, true, '111111')).status).toBe(401);
  await declare(lost, false);
  expect(await ask(two, { reserve: reserve(accountId, 99) })).toMatchObject({ available: 2 });
  expect((await declare(lost, true)).status).toBe(200);
  expect((await declare(lost, true)).status).toBe(200);
  expect(await ask(two, { reserve: reserve(accountId, 99) })).toMatchObject({ available: 10 });
  expect((await askRaw(lost, { want: [accountId] })).body).toMatchObject({ code: 'till_lost' });
  expect((await lost.send()).body).toMatchObject({ code: 'till_lost' });
  expect(
    (await post('/v1/tills/centre/lost', { login: 'manager', pin: MANAGER_PIN, isLost: true })).status,
  ).toBe(404);
});
