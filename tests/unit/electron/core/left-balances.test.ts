import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTill } from '../../../../db/till/open.ts';
import type { Input } from '../../../../electron/contract/index.ts';
import type { Session } from '../../../../electron/contract/till.ts';
import { createOpWriter } from '../../../../electron/core/op-writer.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import {
  newId,
  type AccountId,
  type CardId,
  type CardTypeId,
  type MemberId,
  type OpId,
  type StaffId,
} from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { UNLIMITED_UNITS } from '../../../../sync/programmes/unlimited.ts';
import type { Chain } from '../../../../sync/model/chain.ts';
import type { Op } from '../../../../sync/model/op.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { CARD_TYPES, CHAIN, PINS } from '../../../parts/shop.ts';
import { endTestTill, KEY_HEX, openTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

const LEAD = { login: 'supervisor', pin: PINS.supervisor };
let till: TestTill;
let memberId: MemberId;
let cards: Record<string, CardId>;

async function giveCard(cardTypeId: string): Promise<CardId> {
  const opId = till.opId();
  const { cardId } = await till.client['cards.issue']({
    ...{ opId, memberId, cardTypeId: cardTypeId as CardTypeId, cardNumber: null },
  });
  return must(cardId, 'it was issued');
}

/** Somebody with a card of each kind, all of them empty but the coupon. */
beforeEach(async () => {
  till = await startTestTill();
  await till.signIn('manager');
  const { member } = await till.client['members.add']({
    ...{ opId: till.opId(), draft: { lastName: 'Tan', isCreditAllowed: true } },
    ...{ cardTypeId: null, cardNumber: null, hasMarketingConsent: false },
  });
  ({ memberId } = member);
  cards = {};
  for (const type of ['coffee', 'points', 'passes', 'prepaid']) cards[type] = await giveCard(type);
});
afterEach(() => endTestTill(till));

const on = (type: string) => ({ opId: till.opId(), cardId: must(cards[type], type) });
const money = { receiptNo: '' };

/** 3 stamps, 20 points, 9 visits and 12.40. */
async function fills(): Promise<void> {
  await till.client['stamps.add']({ ...on('coffee'), count: 3 });
  await till.client['points.credit']({
    ...on('points'),
    ...money,
    amountMinor: 2_000,
    points: null,
    reason: '',
  });
  await till.client['visits.add']({ ...on('passes'), ...money, count: 10 });
  await till.client['visits.deduct']({ ...on('passes'), count: 1 });
  await till.client['credit.topUp']({ ...on('prepaid'), ...money, creditMinor: 1_500 });
  await till.client['credit.spend']({ ...on('prepaid'), ...money, creditMinor: 260 });
}

async function choose(leftBalance: Chain['leftBalance']): Promise<void> {
  const body = { ...CHAIN, version: CHAIN.version + 1, ...(leftBalance && { leftBalance }) };
  await till.client['documents.save']({
    ...{ opId: till.opId(), kind: 'chain', id: 'chain', baseVersion: CHAIN.version, body },
  });
}

type Asked = Input<'members.anonymise'>;
const anonymise = (changes: Partial<Asked> = {}) =>
  till.client['members.anonymise']({
    opId: till.opId(),
    memberId,
    reason: 'asked',
    second: LEAD,
    ...changes,
  });
const said = async () => (await till.client['members.previewRemoval']({ memberId })).left;
const balances = async () =>
  (await till.client['members.get']({ memberId })).cards.map(
    ({ cardTypeId, balance }) => `${cardTypeId} ${balance.confirmed + balance.pending}`,
  );
const bookedToday = async () => (await till.client['day.getFigures']({})).total;

/** The ops of this till, as its file keeps them. */
async function ops(): Promise<Op[]> {
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const all = file.ops.listAfter(0, 200).map(({ op }) => op);
  file.close();
  till = openTestTill(till.dir);
  return all;
}
const kindsAfter = async (before: number) => (await ops()).slice(before).map(({ kind }) => kind);

const STAMPS = { how: 'forfeited', unit: 'stamps', units: 3 };
const POINTS = { how: 'forfeited', unit: 'points', units: 20 };
const VISITS = { how: 'forfeited', unit: 'visits', units: 9 };

test('a chain that never chose books nothing: what is left stays in the ledger', async () => {
  await fills();
  const before = (await ops()).length;
  await till.signIn('manager');
  const stood = await balances();
  expect(await said()).toEqual([]);
  await anonymise();
  expect(await balances()).toEqual(stood);
  expect(await kindsAfter(before)).toEqual(['member.state']);
});

test('forfeited: each balance goes to zero before she does, in her name and of both who stand by it', async () => {
  await fills();
  await choose('forfeited');
  const before = (await ops()).length;
  await till.signIn('manager');
  const left = await said();
  expect(left).toEqual([{ how: 'forfeited', unit: 'minor', units: 1_240 }, POINTS, STAMPS, VISITS]);
  await anonymise({ left });
  expect((await balances()).sort()).toEqual(['coffee 0', 'passes 0', 'points 0', 'prepaid 0']);
  expect(await said()).toEqual([]);
  const booked = (await ops()).slice(before);
  expect(booked.map(({ kind }) => kind)).toEqual([
    ...['balance.forfeited', 'balance.forfeited', 'balance.forfeited', 'balance.forfeited', 'member.state'],
  ]);
  for (const { actorId, body } of booked)
    expect([actorId, body]).toMatchObject(['staff-manager', { memberId, secondId: 'staff-supervisor' }]);
  await till.client['session.signIn']({ login: 'manager', pin: PINS.manager });
  expect((await till.client['till.verify']({})).ok).toBe(true);
});

test('paid out: credit is handed over, what never was money is forfeited; both are in the day’s figures', async () => {
  await fills();
  await choose('paid_out');
  const before = await bookedToday();
  const left = await said();
  expect(left).toEqual([{ how: 'paid_out', unit: 'minor', units: 1_240 }, POINTS, STAMPS, VISITS]);
  await anonymise({ left });
  expect(await bookedToday()).toBe(before + 5);
  const { lines } = await till.client['day.close']({ businessDay: null });
  const lineOf = (kind: string) => lines.find((line) => line.kind === kind);
  expect(lineOf('credit.paidOut')).toMatchObject({ count: 1, units: 1_240 });
  expect(lineOf('balance.forfeited')).toMatchObject({ count: 3, units: 32 });
  // Nobody bought anything by it.
  expect(lineOf('credit.spent')).toMatchObject({ count: 1, units: 260 });
  const shop = await till.client['day.getShop']({ businessDay: null, storeId: null });
  expect(shop.totals).toMatchObject({ count: 10, purchases: 4, spentMinor: 2_260 });
});

test('nothing is booked where she is not anonymised: a wrong PIN, one alone, no manager, another sum than was shown', async () => {
  await fills();
  await choose('paid_out');
  const before = (await ops()).length;
  await till.signIn('manager');
  const left = await said();
  const refusals: [Partial<Asked>, string][] = [
    [{ second: { ...LEAD, pin: '111111' } }, 'pin_wrong'],
    [{ second: { login: 'manager', pin: PINS.manager } }, 'second_person'],
    [{ second: { login: 'cashier', pin: PINS.cashier } }, 'second_person'],
    [{ left: [] }, 'action_not_offered'],
    [{ left: left.map((each) => ({ ...each, how: 'forfeited' as const })) }, 'action_not_offered'],
  ];
  for (const [changes, code] of refusals)
    await expect(anonymise({ left, ...changes })).rejects.toMatchObject({ code });
  await till.signIn('supervisor');
  await expect(anonymise({ left })).rejects.toMatchObject({ code: 'not_allowed' });
  expect(await kindsAfter(before)).toEqual([]);
});

test('the press that comes again books nothing twice, and neither does another one after it', async () => {
  await fills();
  await choose('forfeited');
  const opId = till.opId();
  await anonymise({ opId });
  const before = (await ops()).length;
  await till.signIn('manager');
  await anonymise({ opId });
  await expect(anonymise()).rejects.toMatchObject({ code: 'action_not_offered' });
  expect(await kindsAfter(before)).toEqual([]);
});

test('a balance of zero books nothing, and neither do visits that never run out', async () => {
  await till.client['visits.add']({ ...on('passes'), ...money, count: 10 });
  await till.client['visits.deduct']({ ...on('passes'), count: 10 });
  const { businessDay: today } = await till.client['day.getFigures']({});
  const endless = {
    ...must(
      CARD_TYPES.find(({ cardTypeId }) => cardTypeId === 'passes'),
      'in the shop',
    ),
  };
  await till.client['documents.save']({
    ...{ opId: till.opId(), kind: 'card-type', id: 'endless', baseVersion: 0 },
    body: { ...endless, cardTypeId: 'endless', isUnlimited: true, validMonths: 1, validFrom: today },
  });
  await giveCard('endless');
  await choose('forfeited');
  const before = (await ops()).length;
  await till.signIn('manager');
  expect(await said()).toEqual([]);
  await anonymise();
  expect(await balances()).toContain(`endless ${UNLIMITED_UNITS}`);
  expect(await kindsAfter(before)).toEqual(['member.state']);
});

test('with the line down, who was merged just now is not erased: whose balances go is not known here', async () => {
  await fills();
  await choose('forfeited');
  const { member } = await till.client['members.add']({
    ...{ opId: till.opId(), draft: { lastName: 'Tan', mobile: '91110009' } },
    ...{ cardTypeId: 'coffee' as CardTypeId, cardNumber: null, hasMarketingConsent: false },
  });
  await till.client['members.merge']({
    ...{ opId: till.opId(), memberId: member.memberId, intoId: memberId, reason: 'same', keeps: null },
  });
  const before = (await ops()).length;
  await till.signIn('manager');
  await expect(anonymise()).rejects.toMatchObject({ code: 'centre_unreachable' });
  await expect(anonymise({ memberId: member.memberId })).rejects.toMatchObject({
    code: 'centre_unreachable',
  });
  expect(await kindsAfter(before)).toEqual([]);
});

test('what is left of somebody who is blocked goes as well', async () => {
  await fills();
  await choose('forfeited');
  await till.client['members.setState']({ opId: till.opId(), memberId, action: 'block', reason: 'fraud' });
  await anonymise();
  expect((await balances()).every((text) => text.endsWith(' 0'))).toBe(true);
});

test('what goes before an op is saved with it or not at all', async () => {
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  const parts = {
    ...{ till: file, crypto: testCrypto, isUpdateNeeded: () => false, onSaved: () => undefined },
    directory: {
      staff: (id: string) => ({ role: id.slice('staff-'.length) }),
      ...{ isGuarded: () => false, businessDay: (_nowMs: number, lastDay: string) => lastDay },
    },
    settings: createTillSettings(file.settings),
    clock: { nowMs: () => Date.now(), wallMs: () => Date.now(), isProvenAhead: () => false },
  };
  // Cast: what such an op is saved with, and no more.
  const writer = createOpWriter(parts as unknown as Parameters<typeof createOpWriter>[0]);
  const on = { memberId, cardId: must(cards['coffee'], 'hers'), accountId: newId<AccountId>() };
  const forfeited = (secondId: string) =>
    ({
      kind: 'balance.forfeited',
      ...on,
      cardTypeVersion: 1,
      count: 3,
      secondId: secondId as StaffId,
    }) as const;
  const save = (secondId: string, epoch: number) =>
    writer.commit({
      // Cast: of the session only the person is asked.
      session: { person: { staffId: 'staff-manager', role: 'manager' } } as unknown as Session,
      ...{ opId: newId<OpId>(), kind: 'member.state', asked: {} },
      make: () => ({
        body: {
          ...{ kind: 'member.state', memberId, state: 'anonymised', epoch, reason: '' },
          secondId: 'staff-supervisor' as StaffId,
        },
        memberState: 'active',
        before: [{ opId: newId<OpId>(), body: forfeited(secondId) }],
      }),
    });
  const before = file.ops.last()?.tseq ?? 0;
  // The one that comes behind can not be read; the one that goes before is of nobody who may stand by it.
  expect(() => save('staff-supervisor', -1)).toThrow('epoch');
  expect(() => save('staff-cashier', 1)).toThrow(expect.objectContaining({ code: 'second_person' }));
  expect(file.ops.last()?.tseq).toBe(before);
  save('staff-supervisor', 1);
  expect(file.ops.last()?.tseq).toBe(before + 2);
  file.close();
  till = openTestTill(till.dir);
});
