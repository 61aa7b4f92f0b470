import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CardTypeId, MemberId, StoreId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import type { HandReceipt } from '../../../../sync/model/hand-receipt.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

const POINTS = 'points' as CardTypeId;
let till: TestTill;
let memberId: MemberId;
let receipt: HandReceipt;
beforeEach(async () => {
  till = await startTestTill();
  await till.signIn('manager');
  const { enrolment, businessDay } = await till.client['till.get']({});
  const storeId = must(enrolment, 'enrolled').storeId as StoreId;
  receipt = { receiptNo: '=17', storeId, day: businessDay, amountMinor: 1_250, note: 'crumpled' };
  const draft = { lastName: 'Tan', mobile: '9111 0001' };
  const { member } = await till.client['members.add']({
    ...{ opId: till.opId(), draft, cardTypeId: POINTS, cardNumber: null, hasMarketingConsent: true },
  });
  ({ memberId } = member);
});
afterEach(() => endTestTill(till));

const add = (change: Partial<HandReceipt> = {}, opId = till.opId()) =>
  till.client['receipts.add']({ opId, memberId, receipt: { ...receipt, ...change } });
const code = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (cause: { code: string }) => cause.code,
  );

test('a cashier adds a receipt by hand, a manager verifies it, and no card moves (F19)', async () => {
  const before = await till.client['members.get']({ memberId });
  const manager = must((await till.client['till.get']({})).session, 'signed in').person;
  await till.signIn('cashier');
  const cashier = must((await till.client['till.get']({})).session, 'signed in').person;
  const { member } = await add();
  const { storeId: _storeId, ...shown } = receipt;
  expect(member.handReceipts).toMatchObject([{ ...shown, actorName: cashier.name, isChecked: false }]);
  expect(member.cards).toEqual(before.cards);
  expect(member.history).toEqual(before.history);
  const { receiptId } = must(member.handReceipts[0], 'a receipt');
  const check = (isChecked: boolean) =>
    till.client['receipts.check']({ opId: till.opId(), memberId, receiptId, isChecked });
  expect(await code(check(true))).toBe('not_allowed');
  await till.signIn('supervisor');
  expect(await code(check(true))).toBe('not_allowed');
  await till.signIn('manager');
  const checked = await check(true);
  expect(checked.member.handReceipts).toMatchObject([{ isChecked: true, actorName: cashier.name }]);
  expect(cashier.name).not.toBe(manager.name);
  expect((await check(false)).member.handReceipts).toMatchObject([{ isChecked: false }]);
});

test('a receipt of no shop, of a day to come or one that she has already is refused; a repeat is the same one', async () => {
  const opId = till.opId();
  const { member } = await add({}, opId);
  expect((await add({}, opId)).member.handReceipts).toEqual(member.handReceipts);
  expect(await code(add())).toBe('bad_request');
  expect(await code(add({ storeId: 'nowhere' as StoreId, receiptNo: '2' }))).toBe('bad_request');
  expect(await code(add({ day: '2999-01-01', receiptNo: '2' }))).toBe('bad_request');
  expect(await code(add({ amountMinor: 0, receiptNo: '2' }))).toBe('bad_request');
  expect(await code(add({ receiptNo: ' ' }))).toBe('bad_request');
  expect((await till.client['members.get']({ memberId })).handReceipts).toHaveLength(1);
});

test('receipts by hand are in the export of the member, and once in that of a card type, with what was verified', async () => {
  const second = await till.client['cards.issue']({
    ...{ opId: till.opId(), memberId, cardTypeId: POINTS, cardNumber: null },
  });
  expect(second.member.cards).toHaveLength(2);
  const { member } = await add();
  const { receiptId } = must(member.handReceipts[0], 'a receipt');
  await till.client['receipts.check']({ opId: till.opId(), memberId, receiptId, isChecked: true });
  const linesOf = async (scope: Parameters<(typeof till.client)['history.export']>[0]['scope']) => {
    let text = '';
    for (let after: number | null = null; ;) {
      const piece = await till.client['history.export']({ scope, after, reason: 'for a test' });
      text += piece.text;
      if (piece.next === null) return text.split('\r\n').filter((line) => line.includes('receipt.added'));
      after = piece.next;
    }
  };
  for (const lines of [
    await linesOf({ kind: 'member', memberId }),
    await linesOf({ kind: 'cardType', cardTypeId: POINTS }),
  ]) {
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/,0,12\.50,"'=17",/);
    expect(lines[0]).toMatch(/,yes$/);
  }
});

const takeBack = (receiptId: string, more: object = {}) =>
  till.client['receipts.takeBack']({
    ...{ opId: till.opId(), memberId, receiptId, reason: 'typed wrongly', counters: [], ...more },
  });
const idOf = (member: { handReceipts: readonly { receiptId: string }[] }): string =>
  must(member.handReceipts[0], 'a receipt').receiptId;

test('a supervisor takes a receipt back: it stays with who, when and why, and the number is free again (F19)', async () => {
  const receiptId = idOf((await add()).member);
  await till.signIn('cashier');
  expect(await code(takeBack(receiptId))).toBe('not_allowed');
  expect(await code(till.client['receipts.previewTakeBack']({ memberId, receiptId }))).toBe('not_allowed');
  await till.signIn('supervisor');
  const { name } = must((await till.client['till.get']({})).session, 'signed in').person;
  const opId = till.opId();
  const { member } = await takeBack(receiptId, { opId });
  expect(member.handReceipts).toMatchObject([
    { receiptId, takenBack: { reason: 'typed wrongly', actorName: name } },
  ]);
  expect((await takeBack(receiptId, { opId })).member.handReceipts).toEqual(member.handReceipts);
  expect(await code(takeBack(receiptId))).toBe('already_undone');
  expect(await code(add())).toBe('done');
  await till.signIn('manager');
  expect(
    await code(till.client['receipts.check']({ opId: till.opId(), memberId, receiptId, isChecked: true })),
  ).toBe('already_undone');
});

test('a receipt that a manager verified is not taken back before that mark is off', async () => {
  const receiptId = idOf((await add()).member);
  const check = (isChecked: boolean) =>
    till.client['receipts.check']({ opId: till.opId(), memberId, receiptId, isChecked });
  await check(true);
  expect(await code(takeBack(receiptId))).toBe('action_not_offered');
  await check(false);
  expect(await code(takeBack(receiptId))).toBe('done');
});

test('what was booked under its number is shown old and new, and countered to the unit with it (F59, D11)', async () => {
  const { cards } = await till.client['members.get']({ memberId });
  const { cardId } = must(cards[0], 'a card');
  const buy = (receiptNo: string) =>
    till.client['points.credit']({
      ...{ opId: till.opId(), cardId, amountMinor: 1_250, receiptNo, points: null, reason: '' },
    });
  const other = await buy('other');
  const had = must(other.member.cards[0], 'a card').balance.pending;
  const bought = await buy(receipt.receiptNo);
  const receiptId = idOf((await add()).member);
  const { booked } = await till.client['receipts.previewTakeBack']({ memberId, receiptId });
  expect(booked).toMatchObject([
    { entryOpId: bought.opId, delta: had, balance: 2 * had, balanceAfter: had, problem: null },
  ]);
  const strange = [{ entryOpId: other.opId, opId: till.opId() }];
  expect(await code(takeBack(receiptId, { counters: strange }))).toBe('action_not_offered');
  const again = { opId: till.opId(), counters: [{ entryOpId: bought.opId, opId: till.opId() }] };
  const { member } = await takeBack(receiptId, again);
  expect(must(member.cards[0], 'a card').balance.pending).toBe(had);
  expect(member.history.find(({ opId }) => opId === bought.opId)).toMatchObject({ isCorrected: true });
  expect(member.handReceipts).toMatchObject([{ takenBack: { reason: 'typed wrongly' } }]);
  expect((await takeBack(receiptId, again)).member.cards).toEqual(member.cards);
});

test('a press whose answer was lost between counter and mark goes on where it stopped, and counters once', async () => {
  const { cards } = await till.client['members.get']({ memberId });
  const { cardId } = must(cards[0], 'a card');
  const bought = await till.client['points.credit']({
    ...{
      opId: till.opId(),
      cardId,
      amountMinor: 1_250,
      receiptNo: receipt.receiptNo,
      points: null,
      reason: '',
    },
  });
  const receiptId = idOf((await add()).member);
  const counter = { entryOpId: bought.opId, opId: till.opId() };
  await till.client['entries.undo']({ opId: counter.opId, undoesOpId: bought.opId, reason: '' });
  const { member } = await takeBack(receiptId, { counters: [counter] });
  expect(must(member.cards[0], 'a card').balance).toMatchObject({ confirmed: 0, pending: 0 });
  expect(member.handReceipts[0]?.takenBack).not.toBeNull();
});

test('taken back, it has a second line in the export that names the first, with the amount taken off', async () => {
  const receiptId = idOf((await add()).member);
  await takeBack(receiptId);
  const { text } = await till.client['history.export']({
    ...{ scope: { kind: 'member', memberId }, after: null, reason: 'for a test' },
  });
  const lines = text.split('\r\n').filter((line) => line.includes('receipt.'));
  expect(lines).toHaveLength(2);
  expect(lines[0]).toContain(',receipt.added,0,12.50,');
  expect(lines[0]).toMatch(/,no$/);
  expect(lines[1]).toMatch(/,receipt\.takenBack,0,"'-12\.50",/);
  expect(lines[1]).toContain(`typed wrongly`);
  expect(lines[1]).toContain(`,,${receiptId},`);
});

test('her favourite shop is that of most days, not of most entries, and what was countered is no visit (F22)', async () => {
  const favourite = () => till.client['members.favouriteStore']({ memberId });
  expect(await favourite()).toEqual({ store: null });
  const { cards } = await till.client['members.get']({ memberId });
  const { cardId } = must(cards[0], 'a card');
  const credit = () =>
    till.client['points.credit']({
      ...{ opId: till.opId(), cardId, amountMinor: 500, receiptNo: '1', points: null, reason: '' },
    });
  const { opId } = await credit();
  expect(await favourite()).toMatchObject({ store: { visits: 1 } });
  await credit();
  expect(await favourite()).toMatchObject({ store: { visits: 1 } });
  const other = await credit();
  for (const undoesOpId of [opId, other.opId])
    await till.client['entries.undo']({ opId: till.opId(), undoesOpId, reason: '' });
  expect(await favourite()).toMatchObject({ store: { visits: 1 } });
});
