import { afterEach, beforeEach, expect, test } from 'vitest';
import { addDays, addMonths } from '../../../../sync/base/business-day.ts';
import type { CardTypeId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { CardType, Tier, type CardRules } from '../../../../sync/model/chain.ts';
import { nextVersion, rulesIn } from '../../../../sync/programmes/card-rules.ts';
import type { CardView } from '../../../../electron/contract/views.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

let till: TestTill;
let today: string;
beforeEach(async () => {
  till = await startTestTill();
  today = (await till.client['till.get']({})).businessDay;
});
afterEach(() => endTestTill(till));

const code = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (cause: { code: string }) => cause.code,
  );

let enrolled = 0;
async function enrol(cardTypeId: string, draft: Record<string, unknown> = {}) {
  enrolled += 1;
  const { member } = await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan', mobile: `9111 ${String(enrolled).padStart(4, '0')}`, ...draft },
    cardTypeId: cardTypeId as CardTypeId,
    cardNumber: null,
    hasMarketingConsent: true,
  });
  return { member, card: must(member.cards[0], 'a card') };
}
const buy = (cardId: CardView['cardId'], amountMinor: number) =>
  till.client['points.credit']({
    opId: till.opId(),
    cardId,
    amountMinor,
    receiptNo: '',
    points: null,
    reason: '',
  });
const balanceOf = (card: CardView | undefined): number =>
  (card?.balance.confirmed ?? 0) + (card?.balance.pending ?? 0);

async function typeOf(id: string): Promise<CardType> {
  const all = await till.client['documents.list']({ kind: 'card-type' });
  return CardType.parse(must(all.find((each) => each.id === id)?.body, 'there is one'));
}
/** A manager's edit, as her page makes it. */
async function edit(id: string, change: Partial<CardRules>, validFrom = today) {
  await till.signIn('manager');
  const type = await typeOf(id);
  const body = nextVersion(type, { ...rulesIn(type), ...change, validFrom });
  return till.client['documents.save']({
    opId: till.opId(),
    kind: 'card-type',
    id,
    baseVersion: type.version,
    body,
  });
}

test('a version counts from its first day on, and each entry names the one that made it', async () => {
  await edit('points', { earnPoints: 5 }, addDays(today, 1));
  const { card } = await enrol('points');
  const before = await buy(card.cardId, 1_000);
  expect(balanceOf(before.member.cards[0])).toBe(10);
  await edit('points', { earnPoints: 3 });
  const after = await buy(card.cardId, 1_000);
  expect(balanceOf(after.member.cards[0])).toBe(40);
});

test('points are worth what the version of the day says, and a version that says nothing ends it', async () => {
  const worth = { points: 100, minor: 500 };
  const worthNow = async () => (await enrol('points')).card.worth;
  expect(await worthNow()).toBeNull();
  await edit('points', { worth }, addDays(today, 1));
  expect(await worthNow()).toBeNull();
  await edit('points', { worth });
  expect(await worthNow()).toEqual(worth);
  await till.signIn('manager');
  const type = await typeOf('points');
  const { worth: _gone, ...without } = rulesIn(type);
  const body = nextVersion(type, { ...without, validFrom: today });
  const saved = { kind: 'card-type', id: 'points', baseVersion: type.version, body } as const;
  await till.client['documents.save']({ opId: till.opId(), ...saved });
  expect(await worthNow()).toBeNull();
  await edit('coffee', { worth });
  expect((await enrol('coffee')).card.worth).toBeNull();
});

test('rules never change the past: no earlier first day, no version left out', async () => {
  expect(await code(edit('points', { earnPoints: 2 }, addDays(today, -1)))).toBe('bad_request');
  const type = await typeOf('points');
  const lost = { ...nextVersion(type, { ...rulesIn(type), validFrom: today }), earlier: [] };
  const save = till.client['documents.save']({
    opId: till.opId(),
    kind: 'card-type',
    id: 'points',
    baseVersion: type.version,
    body: lost,
  });
  expect(await code(save)).toBe('bad_request');
});

test('a tier earns more, and a card no more than its limit on one day', async () => {
  await edit('points', { earnMaxPerDay: 35, tierFactors: [{ tierId: 'Gold', percent: 200 }] });
  const { member, card } = await enrol('points');
  await till.client['members.edit']({
    opId: till.opId(),
    memberId: member.memberId,
    draft: { tier: 'Gold' },
  });
  expect(balanceOf((await buy(card.cardId, 1_000)).member.cards[0])).toBe(20);
  const full = await buy(card.cardId, 1_000);
  expect(balanceOf(full.member.cards[0])).toBe(35);
  expect(full.member.cards[0]?.earning).toEqual({ tierId: 'Gold', earnedToday: 35 });
  expect(await code(buy(card.cardId, 1_000))).toBe('day_limit');
});

test('a share of a purchase comes back as credit', async () => {
  await edit('prepaid', { cashbackBasisPoints: 250 });
  const { card } = await enrol('prepaid', { isCreditAllowed: true });
  expect(card.actions).toContain('earn');
  const earned = await till.client['credit.earn']({
    opId: till.opId(),
    cardId: card.cardId,
    amountMinor: 1_999,
    receiptNo: 'R7',
  });
  expect(balanceOf(earned.member.cards[0])).toBe(49);
  expect(earned.member.history[0]).toMatchObject({ kind: 'credit.earned', amountMinor: 1_999 });
});

test('an unlimited pass has only its last day', async () => {
  await edit('passes', { isUnlimited: true, packs: [], validMonths: 1 });
  const { card } = await enrol('passes');
  expect([card.isUnlimited, card.expiresOn !== null, card.actions.includes('add-visits')]).toEqual([
    true,
    true,
    false,
  ]);
  const visited = await till.client['visits.deduct']({ opId: till.opId(), cardId: card.cardId, count: 1 });
  expect(visited.member.cards[0]?.isUnlimited).toBe(true);
});

test('a coupon is redeemed within its dates only, so often as it has uses', async () => {
  const ahead = addDays(today, 1);
  await edit('welcome', { openingUnits: 2, usableFrom: today, usableUntil: ahead });
  const { card } = await enrol('welcome');
  expect(card.expiresOn).toBe(ahead);
  const redeem = () =>
    till.client['rewards.redeem']({ opId: till.opId(), cardId: card.cardId, rewardId: 'drink' });
  expect([await code(redeem()), await code(redeem()), await code(redeem())]).toEqual([
    'done',
    'done',
    'insufficient_balance',
  ]);
  await edit('welcome', { openingUnits: 1, usableFrom: ahead, usableUntil: null });
  const early = (await enrol('welcome')).card;
  const wait = till.client['rewards.redeem']({ opId: till.opId(), cardId: early.cardId, rewardId: 'drink' });
  expect(await code(wait)).toBe('coupon_dates');
});

test('rules are tried on a past day’s purchases and nothing changes', async () => {
  await till.signIn('manager');
  const { card } = await enrol('points');
  await buy(card.cardId, 1_050);
  await buy(card.cardId, 990);
  const rules = { ...rulesIn(await typeOf('points')), earnPoints: 2, earnRounding: 'nearest' as const };
  const before = await till.client['till.verify']({});
  const trial = await till.client['programmes.tryOn']({
    cardTypeId: 'points' as CardTypeId,
    rules,
    day: today,
  });
  expect(trial).toMatchObject({ purchases: 2, cards: 1, amountMinor: 2_040, oldUnits: 19, newUnits: 41 });
  expect(trial.rows).toMatchObject([{ cardId: card.cardId, oldUnits: 19, newUnits: 41 }]);
  expect((await till.client['till.verify']({})).ownOps).toBe(before.ownOps);
});

test('an own edit that is not sent yet counts in a trial, on the day of the purchase', async () => {
  await till.signIn('manager');
  const { member, card } = await enrol('points');
  const bought = await buy(card.cardId, 1_000);
  await till.client['purchases.edit']({
    opId: till.opId(),
    memberId: member.memberId,
    entryOpId: bought.opId,
    amountMinor: 3_000,
    reason: 'Typed wrong',
  });
  const other = (await enrol('points')).card;
  const undone = await buy(other.cardId, 500);
  await till.client['entries.undo']({ opId: till.opId(), undoesOpId: undone.opId, reason: '' });
  const rules = { ...rulesIn(await typeOf('points')), earnPoints: 2 };
  const trial = await till.client['programmes.tryOn']({
    cardTypeId: 'points' as CardTypeId,
    rules,
    day: today,
  });
  expect(trial).toMatchObject({ purchases: 1, amountMinor: 3_000, oldUnits: 30, newUnits: 60 });
});

test('stamps of a purchase follow from the programme’s rule, and a press stays a press', async () => {
  await edit('coffee', { earnPoints: 1, earnPerMinor: 1_000, minSpendMinor: 500 });
  const { card } = await enrol('coffee');
  expect(card.actions).toContain('stamp-buy');
  const stamp = (
    asked: { amountMinor: number } | { count: number } | { count: number; amountMinor: number },
  ) => till.client['stamps.add']({ opId: till.opId(), cardId: card.cardId, ...asked });
  const added = await stamp({ amountMinor: 3_999 });
  expect(balanceOf(added.member.cards[0])).toBe(3);
  expect(added.member.history[0]).toMatchObject({ kind: 'stamp.added', delta: 3, amountMinor: 3_999 });
  expect(balanceOf((await stamp({ count: 1 })).member.cards[0])).toBe(4);
  expect(await code(stamp({ amountMinor: 400 }))).toBe('below_minimum');
  expect(await code(stamp({ count: 1, amountMinor: 1_000 }))).toBe('bad_request');
  await edit('coffee', { earnPoints: 0 });
  expect(await code(stamp({ amountMinor: 3_999 }))).toBe('below_minimum');
  expect((await enrol('coffee')).card.actions).not.toContain('stamp-buy');
});

test('a tier that a purchase of this till reaches counts at once, and says that it is on its way', async () => {
  await till.signIn('manager');
  const rules = { name: 'Gold', rank: 1, thresholdMinor: 2_000, validFrom: today };
  const tier = Tier.parse({ tierId: 'Gold', version: 1, ...rules });
  const save = (body: Tier, baseVersion: number) =>
    till.client['documents.save']({ opId: till.opId(), kind: 'tier', id: 'Gold', baseVersion, body });
  expect(await code(save({ ...tier, validFrom: addDays(today, -1) }, 0))).toBe('bad_request');
  await save(tier, 0);
  expect(await code(save({ ...tier, version: 2 }, 1))).toBe('bad_request');
  await edit('points', { tierFactors: [{ tierId: 'Gold', percent: 200 }] });
  const { card } = await enrol('points');
  const first = await buy(card.cardId, 1_500);
  expect(first.member.tier).toMatchObject({
    tierId: '',
    next: { name: 'Gold', neededMinor: 2_000, spentMinor: 1_500 },
  });
  const second = await buy(card.cardId, 500);
  expect(second.member.tier).toMatchObject({
    ...{ tierId: 'Gold', isReachedHere: true, next: null, until: addMonths(today, 12) },
    reached: { since: today, spentMinor: 2_000, version: 1 },
  });
  expect(second.member.fields.tier).toBe('');
  const third = await buy(card.cardId, 1_000);
  expect(balanceOf(third.member.cards[0])).toBe(15 + 5 + 20);
  await till.client['entries.undo']({ opId: till.opId(), undoesOpId: second.opId, reason: '' });
  await till.client['entries.undo']({ opId: till.opId(), undoesOpId: third.opId, reason: '' });
  const now = await till.client['members.get']({ memberId: second.member.memberId });
  expect(now.tier).toMatchObject({ tierId: '', next: { spentMinor: 1_500 } });
});

test('a card is closed for good by a supervisor, also one that was lost', async () => {
  const { card } = await enrol('coffee');
  const close = () =>
    till.client['cards.close']({ opId: till.opId(), cardId: card.cardId, reason: 'Found dead' });
  await till.signIn('cashier');
  expect(await code(close())).toBe('not_allowed');
  await till.client['cards.reportLost']({ opId: till.opId(), cardId: card.cardId, reason: '' });
  await till.signIn('supervisor');
  expect((await close()).member.cards[0]).toMatchObject({ status: 'closed', actions: [] });
  // A phone may show it still (F44): its number says what it is, and nothing works on it.
  const { members } = await till.client['members.lookup']({ text: card.cardNumber });
  expect(members[0]?.cards).toMatchObject([{ cardNumber: card.cardNumber, status: 'closed', actions: [] }]);
  const { cardId } = card;
  expect(await code(till.client['stamps.add']({ opId: till.opId(), cardId, count: 1 }))).toBe('card_closed');
  const replace = { opId: till.opId(), cardId, reason: '', cardNumber: null };
  expect(await code(till.client['cards.replace'](replace))).toBe('card_closed');
});
