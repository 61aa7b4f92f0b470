import { expect, test } from 'vitest';
import { newId, type CardId, type MemberId } from '../../../../sync/base/ids.ts';
import type { CardRow } from '../../../../sync/model/card.ts';
import type { CardRef, Pen, PenCentre } from '../../../parts/pen.ts';
import { answer, answerAs, openItems } from './desk.ts';
import { penForEach } from '../pen-for-each.ts';

let centre: PenCentre;
let one: Pen;
let two: Pen;

penForEach(async (made) => {
  centre = made;
  one = await made.till('till-a');
  two = await made.till('till-b');
});

const card = async (id: CardId): Promise<CardRow | undefined> =>
  (await centre.rows<{ row: CardRow }>('select "row" from cards where card_id = $1', [id]))[0]?.row;
const kinds = async (): Promise<string[]> => (await openItems(centre)).map(({ kind }) => kind);

test('a printed card activated on two tills: the earlier keeps it, the other goes on without it (I4, I5)', async () => {
  const number = one.number();
  const early = one.enrol({ mobile: '+6591110001', lookupId: 'L1' }, number);
  const late = two.enrol({ mobile: '+6591110002', lookupId: 'L2' }, number);
  two.stamp(late, 3);
  two.edit(late.memberId, { firstName: 'Bea' });
  await one.push();
  await two.push();
  expect((await two.fates()).map(({ held }) => held)).toEqual([null, null, null]);
  expect((await card(early.cardId))?.cardNumber).toBe(number);
  const other = await card(late.cardId);
  expect(other).toMatchObject({ status: 'active', statusReason: 'number_taken', accountId: late.accountId });
  expect(other?.cardNumber).toMatch(/^603555\d{10}$/);
  expect(await centre.balance(late.accountId)).toBe(3);
  const [item] = await openItems(centre);
  expect(item?.detail).toEqual({
    kind: 'card_bound_twice',
    cardNumber: number,
    keptBy: { memberId: early.memberId, cardId: early.cardId },
    other: { memberId: late.memberId, cardId: late.cardId, cardNumber: other?.cardNumber },
  });
  two.write({
    kind: 'card.replaced',
    memberId: late.memberId,
    accountId: late.accountId,
    oldCardId: late.cardId,
    cardId: newId<CardId>(),
    cardNumber: two.number(),
    reason: '',
  });
  await two.push();
  await answer(centre, item, { action: 'keep' });
  expect(await centre.balance(late.accountId)).toBe(3);
  expect(await kinds()).toEqual([]);
});

test('the same printed card twice in one push, also by a replacement, never breaks the group', async () => {
  const number = one.number();
  const [first, second] = [one.enrol({ lookupId: 'L1' }, number), one.enrol({ lookupId: 'L2' }, number)];
  const cardId = newId<CardId>();
  one.write({
    kind: 'card.replaced',
    memberId: second.memberId,
    accountId: second.accountId,
    oldCardId: second.cardId,
    cardId,
    cardNumber: number,
    reason: '',
  });
  await one.push();
  expect((await one.fates()).map(({ held }) => held)).toEqual([null, null, null]);
  const numbers = [first.cardId, second.cardId, cardId].map(async (id) => (await card(id))?.cardNumber);
  expect(new Set(await Promise.all(numbers)).size).toBe(3);
  expect(await kinds()).toEqual(['card_bound_twice', 'card_bound_twice']);
});

test('one phone enrolled twice: both live, one proposal, merged and split again without a trace (N5)', async () => {
  const mobile = '+6591234567';
  const a = one.enrol({ mobile, lookupId: 'L1' });
  const b = two.enrol({ mobile, lookupId: 'L2' });
  one.stamp(a, 2);
  two.stamp(b, 3);
  await one.push();
  await two.push();
  two.edit(b.memberId, { notes: 'again', mobile });
  await two.push();
  const [item, ...more] = await openItems(centre);
  expect([item?.kind, more]).toEqual(['shared_mobile', []]);
  const before = await centre.rows('select "row" - $1::text as r from members order by member_id', ['seq']);
  await answer(centre, item, { action: 'merge', intoId: a.memberId });
  expect((await centre.member(b.memberId)).mergedIntoId).toBe(a.memberId);
  two.stamp(b, 4);
  await two.push();
  expect(await centre.balance(b.accountId)).toBe(7);
  const third = two.enrol({ mobile, lookupId: 'L3' });
  await two.push();
  const pairs = (await openItems(centre)).map(({ detail }) =>
    'memberIds' in detail ? detail.memberIds : [],
  );
  expect(pairs).toEqual([[a.memberId, third.memberId].sort()]);
  await answer(centre, item, { action: 'unmerge' });
  const after = await centre.rows(
    'select "row" - $1::text as r from members where member_id <> $2 order by member_id',
    ['seq', third.memberId],
  );
  expect(after).toEqual(before);
});

test('who takes a merge back second is told that it was answered, and her own repeat changes nothing', async () => {
  const mobile = '+6591234567';
  const [a, b] = [one.enrol({ mobile, lookupId: 'L1' }), two.enrol({ mobile, lookupId: 'L2' })];
  await one.push();
  await two.push();
  const [item] = await openItems(centre);
  const takeBack = (by: string) => answerAs(centre, by)(item, { action: 'unmerge' });
  await expect(takeBack('boss')).rejects.toThrow('Nobody has answered this yet.');
  await answer(centre, item, { action: 'merge', intoId: a.memberId });
  await takeBack('boss');
  expect((await centre.member(b.memberId)).mergedIntoId).toBe(null);
  await expect(takeBack('mei')).rejects.toThrow('This was answered already.');
  await takeBack('boss');
  await expect(answer(centre, item, { action: 'keep' })).rejects.toThrow('This was answered already.');
});

test('who would go with somebody who was removed is not merged, and hears which way it goes', async () => {
  const mobile = '+6591234567';
  const [a, b] = [one.enrol({ mobile, lookupId: 'L1' }), two.enrol({ mobile, lookupId: 'L2' })];
  await one.push();
  await two.push();
  const [item] = await openItems(centre);
  one.write({ kind: 'member.removed', memberId: a.memberId, isRemoved: true, reason: '' });
  await one.push();
  const merge = (intoId: MemberId) => answer(centre, item, { action: 'merge', intoId });
  await expect(merge(a.memberId)).rejects.toThrow(
    'was removed or anonymised, and the other would go with her',
  );
  await merge(b.memberId);
  expect((await centre.member(a.memberId)).mergedIntoId).toBe(b.memberId);
});

test('whoever took the number of somebody merged meanwhile is proposed once they are split again (I4)', async () => {
  const mobile = '+6591234567';
  const a = one.enrol({ mobile, lookupId: 'L1' });
  const b = two.enrol({ mobile, lookupId: 'L2' });
  await one.push();
  await two.push();
  const [item] = await openItems(centre);
  await answer(centre, item, { action: 'merge', intoId: a.memberId });
  one.edit(a.memberId, { mobile: '+6590000009' });
  await one.push();
  const third = two.enrol({ mobile, lookupId: 'L3' });
  await two.push();
  expect(await kinds()).toEqual([]);
  await answer(centre, item, { action: 'unmerge' });
  const pairs = (await openItems(centre)).map(({ detail }) =>
    'memberIds' in detail ? detail.memberIds : [],
  );
  expect(pairs).toEqual([[b.memberId, third.memberId].sort()]);
});

test('a shared look-up ID is proposed; an edit that lost proposes nothing', async () => {
  const a = one.enrol({ lookupId: 'VIP 1', mobile: '+6591110001' });
  const b = two.enrol({ lookupId: 'L2', mobile: '+6591110002' });
  await two.push();
  await one.push();
  await two.push();
  centre.nowMs += 10_000;
  one.edit(b.memberId, { lookupId: 'L3', mobile: '+6591110003' });
  await one.push();
  two.edit(b.memberId, { mobile: '+6591110001' }, centre.nowMs - 9_000);
  await two.push();
  expect(await kinds()).toEqual(['field_conflict']);
  two.edit(b.memberId, { lookupId: 'vip1' }, (centre.nowMs += 1_000));
  await two.push();
  const [, item] = await openItems(centre);
  expect(item?.detail).toEqual({ kind: 'shared_lookup_id', memberIds: [a.memberId, b.memberId].sort() });
  await answer(centre, item, { action: 'keep' });
  two.edit(b.memberId, { lookupId: 'VIP1' }, (centre.nowMs += 1_000));
  await two.push();
  expect(await kinds()).toEqual(['field_conflict']);
});

test('a merge is a manager’s; a ring and a second merge of one member are held in the order of the feed', async () => {
  const [a, b, c] = [
    one.enrol({ lookupId: '1' }),
    one.enrol({ lookupId: '2' }),
    one.enrol({ lookupId: '3' }),
  ];
  const merge = (from: typeof a, into: typeof a) =>
    one.write({ kind: 'member.merged', memberId: from.memberId, intoId: into.memberId, reason: '' });
  one.actorId = 'lead';
  merge(a, b);
  one.actorId = 'boss';
  merge(a, b);
  merge(b, c);
  merge(c, a);
  merge(a, c);
  merge(a, a);
  await one.push();
  const held = (await one.fates()).slice(3).map((fate) => fate.held);
  expect(held).toEqual(['not_allowed', null, null, 'already_merged', 'already_merged', 'already_merged']);
});

test('what was booked on a blocked member counts, is flagged and is shown once (provisional)', async () => {
  const ref = one.enrol();
  await one.push();
  one.write({ kind: 'member.state', memberId: ref.memberId, state: 'blocked', epoch: 1, reason: '' });
  await one.push();
  two.stamp(ref, 2);
  two.stamp(ref, 2);
  await two.push();
  expect(await centre.balance(ref.accountId)).toBe(4);
  expect(await kinds()).toEqual(['barred_member']);
  const flags = await centre.rows(`select flag from flags where flag = 'on_barred_member'`);
  expect(flags).toHaveLength(2);
});

test('nobody claims the last epoch, and a cashier’s lock does not wash away a block', async () => {
  const ref = one.enrol();
  const { memberId } = ref;
  one.write({ kind: 'member.state', memberId, state: 'locked', epoch: 2 ** 53 - 1, reason: '' });
  one.write({ kind: 'member.state', memberId, state: 'blocked', epoch: 1, reason: '' });
  one.actorId = 'anna';
  one.write({ kind: 'member.state', memberId, state: 'locked', epoch: 2, reason: '' });
  one.write({ kind: 'member.state', memberId, state: 'active', epoch: 2, reason: '' });
  one.actorId = 'lead';
  one.write({ kind: 'member.state', memberId, state: 'active', epoch: 2, reason: '' });
  await one.push();
  expect((await one.fates()).slice(1).map((fate) => fate.held)).toEqual([
    'bad_body',
    null,
    'not_allowed',
    'not_allowed',
    'not_allowed',
  ]);
  expect(await centre.member(memberId)).toMatchObject({ state: 'blocked', stateEpoch: 1 });
});

test('every word about consent stays in the ledger with text, place, cashier and channel (N20)', async () => {
  const { memberId } = one.enrol();
  const word = (isGranted: boolean) => ({
    kind: 'consent.recorded' as const,
    memberId,
    purpose: 'marketing' as const,
    isGranted,
    policyVersion: '2026-02',
    channel: 'counter' as const,
  });
  await one.push();
  centre.nowMs += 1_000;
  two.write(word(false), { atMs: centre.nowMs });
  one.write(word(true), { atMs: centre.nowMs });
  await two.push();
  await one.push();
  const history = await centre.rows<{ row: object }>('select "row" from consents order by seq');
  expect(history.map(({ row }) => row)).toMatchObject([
    { isGranted: true, channel: 'enrolment', tillId: 'till-a', actorId: 'boss' },
    { isGranted: false, channel: 'counter', tillId: 'till-b', policyVersion: '2026-02', storeId: 'store-1' },
    { isGranted: true, tillId: 'till-a' },
  ]);
});

/** The word on marketing of each, as the centre has it. */
const agrees = async (...ids: CardRef['memberId'][]): Promise<boolean[]> =>
  (await Promise.all(ids.map((id) => centre.member(id)))).map(
    ({ hasMarketingConsent }) => hasMarketingConsent,
  );
const sayTo = async (memberId: CardRef['memberId'], isGranted: boolean): Promise<void> => {
  const word = { purpose: 'marketing' as const, policyVersion: '1', channel: 'counter' as const };
  centre.nowMs += 1_000;
  one.write({ kind: 'consent.recorded', memberId, ...word, isGranted });
  await one.push();
};
const join = async (memberId: CardRef['memberId'], intoId: CardRef['memberId'], isBack = false) => {
  const kind = isBack ? ('member.unmerged' as const) : ('member.merged' as const);
  centre.nowMs += 1_000;
  one.write({ kind, memberId, intoId, reason: '' });
  await one.push();
};

test('one fresh agreement on the surviving profile counts for the person; a merge gives none, an un-merge takes it back (N20)', async () => {
  const [a, b] = [one.enrol({ lookupId: 'L1' }).memberId, one.enrol({ lookupId: 'L2' }).memberId];
  await one.push();
  await sayTo(a, true);
  await sayTo(b, false);
  await join(b, a);
  expect(await agrees(a, b)).toEqual([true, false]);
  await sayTo(a, true);
  expect(await agrees(a, b)).toEqual([true, true]);
  const words = await centre.rows<{ id: string }>('select member_id as id from consents order by seq');
  expect(words.slice(-3).map(({ id }) => id)).toEqual([a, b, a]);
  await join(b, a, true);
  expect(await agrees(a, b)).toEqual([true, false]);
  await join(b, a);
  expect(await agrees(a, b)).toEqual([true, false]);
});

test('what counted with a word goes with it, and what a former self said by itself stays (N20)', async () => {
  const [a, b, c] = ['L1', 'L2', 'L3'].map((lookupId) => one.enrol({ lookupId }).memberId) as [
    CardRef['memberId'],
    CardRef['memberId'],
    CardRef['memberId'],
  ];
  await one.push();
  await sayTo(a, true);
  await sayTo(b, false);
  await sayTo(c, true);
  await join(c, b);
  await join(b, a);
  await sayTo(a, true);
  await sayTo(a, true);
  expect(await agrees(a, b, c)).toEqual([true, true, true]);
  await sayTo(a, false);
  expect(await agrees(a, b, c)).toEqual([false, false, true]);
  await sayTo(a, true);
  await sayTo(b, false);
  expect(await agrees(a, b, c)).toEqual([true, false, true]);
  await sayTo(a, true);
  await join(b, a, true);
  expect(await agrees(a, b, c)).toEqual([true, false, true]);
});
