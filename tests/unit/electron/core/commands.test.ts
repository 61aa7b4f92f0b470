import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CardTypeId } from '../../../../sync/base/ids.ts';
import type { CardView, MemberView } from '../../../../electron/contract/views.ts';
import { must } from '../../../../sync/base/must.ts';
import { endTestTill, startTestTill, type TestTill } from '../../../parts/till.ts';

let till: TestTill;
beforeEach(async () => {
  till = await startTestTill();
});
afterEach(() => endTestTill(till));

const type = (id: string) => id as CardTypeId;

async function enrol(cardTypeId: string | null, draft: Record<string, unknown> = {}): Promise<MemberView> {
  const reply = await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan', firstName: 'Wei Ling', mobile: '9111 0001', ...draft },
    cardTypeId: cardTypeId === null ? null : type(cardTypeId),
    cardNumber: null,
    hasMarketingConsent: true,
  });
  return reply.member;
}
const firstCard = (member: MemberView): CardView => must(member.cards[0], 'the member has a card');
const code = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (cause: { code: string }) => cause.code,
  );

test('enrolment makes member and card in one op, found by every key at once', async () => {
  const member = await enrol('coffee', { email: 'W@X.sg', lookupId: 'S-77' });
  const card = firstCard(member);
  expect(member).toMatchObject({
    name: 'Tan Wei Ling',
    state: 'active',
    hasMarketingConsent: true,
    isPending: true,
  });
  for (const text of [card.cardNumber, '91110001', '+65 9111 0001', '0001', 's-77', 'w@x.sg', 'wei ling']) {
    const { members } = await till.client['members.lookup']({ text });
    expect([text, members.map((hit) => hit.memberId)]).toEqual([text, [member.memberId]]);
  }
  expect((await till.client['till.verify']({})).ownOps).toBe(1);
});

test('a pre-printed card, which is in no block of this till, is given out like any other and once', async () => {
  const cardNumber = '6035559999999981';
  const give = (mobile: string) =>
    till.client['members.add']({
      opId: till.opId(),
      draft: { lastName: 'Ng', mobile },
      cardTypeId: type('coffee'),
      cardNumber,
      hasMarketingConsent: false,
    });
  const { member } = await give('9111 0077');
  expect(firstCard(member)).toMatchObject({ cardNumber, status: 'active' });
  expect(await code(give('9111 0078'))).toBe('card_number_taken');
});

test('a stamp sent twice under one id counts once; another act under that id is refused', async () => {
  const card = firstCard(await enrol('coffee'));
  const opId = till.opId();
  await till.client['stamps.add']({ opId, cardId: card.cardId, count: 2 });
  const again = await till.client['stamps.add']({ opId, cardId: card.cardId, count: 2 });
  expect(firstCard(again.member).balance).toMatchObject({ confirmed: 0, pending: 2, unit: 'stamps' });
  expect(await code(till.client['stamps.add']({ opId, cardId: card.cardId, count: 3 }))).toBe('op_id_reused');
  expect(again.member.history).toHaveLength(1);
});

test('points follow from the amount by the card type’s rule; by hand they are a manager’s', async () => {
  const { cardId } = firstCard(await enrol('points'));
  const credit = (amountMinor: number | null, points: number | null) =>
    till.client['points.credit']({
      opId: till.opId(),
      cardId,
      amountMinor,
      receiptNo: 'R1',
      points,
      reason: '',
    });
  expect(firstCard((await credit(1_290, null)).member).balance.pending).toBe(12);
  expect(await code(credit(199, null))).toBe('below_minimum');
  expect(await code(credit(null, 5))).toBe('not_allowed');
  expect(await code(credit(100, 5))).toBe('bad_request');
  await till.signIn('manager');
  expect(firstCard((await credit(null, 5)).member).balance.pending).toBe(17);
});

test('nothing is spent below what the till itself can see', async () => {
  const { cardId } = firstCard(await enrol('points'));
  await till.signIn('manager');
  await till.client['points.credit']({
    opId: till.opId(),
    cardId,
    amountMinor: null,
    receiptNo: '',
    points: 60,
    reason: 'gift',
  });
  const debit = (points: number) =>
    till.client['points.debit']({ opId: till.opId(), cardId, points, reason: '' });
  expect(await code(debit(61))).toBe('insufficient_balance');
  expect(await code(till.client['rewards.redeem']({ opId: till.opId(), cardId, rewardId: 'cake' }))).toBe(
    'done',
  );
  expect(await code(debit(11))).toBe('insufficient_balance');
  expect(await code(debit(10))).toBe('done');
});

test('visits are sold as packs and deducted, credit only where the member may use it', async () => {
  const visits = firstCard(await enrol('passes'));
  expect(
    await code(till.client['visits.deduct']({ opId: till.opId(), cardId: visits.cardId, count: 1 })),
  ).toBe('insufficient_balance');
  await till.client['visits.add']({ opId: till.opId(), cardId: visits.cardId, count: 10, receiptNo: '' });
  const after = await till.client['visits.deduct']({ opId: till.opId(), cardId: visits.cardId, count: 2 });
  expect(firstCard(after.member).balance.pending).toBe(8);
  expect(await code(enrol('prepaid', { mobile: '9111 0002' }))).toBe('credit_not_allowed');
  const { cardId } = firstCard(await enrol('prepaid', { mobile: '9111 0002', isCreditAllowed: true }));
  await till.client['credit.topUp']({ opId: till.opId(), cardId, creditMinor: 5_000, receiptNo: 'R' });
  const spent = await till.client['credit.spend']({
    opId: till.opId(),
    cardId,
    creditMinor: 1_250,
    receiptNo: 'R',
  });
  expect(firstCard(spent.member).balance).toMatchObject({ pending: 3_750, unit: 'minor' });
});

test('a taken mobile or look-up ID is refused, in any notation, and a shared home phone is not', async () => {
  await enrol(null, { lookupId: 'A1', phone: '6222 3333' });
  expect(await code(enrol(null, { mobile: '+65 91110001' }))).toBe('mobile_taken');
  expect(await code(enrol(null, { mobile: '9111 0002', lookupId: 'a 1' }))).toBe('lookup_id_taken');
  expect(await code(enrol(null, { mobile: '9111 0002', phone: '6222 3333' }))).toBe('done');
});

test.each([
  [{ mobile: '12' }, 'bad_request'],
  [{ dateOfBirth: '31/02/1990' }, 'bad_request'],
  [{ dateOfBirth: '2999-01-01' }, 'bad_request'],
  [{ email: 'nobody' }, 'bad_request'],
  [{ lastName: ' ', firstName: '' }, 'bad_request'],
])('a form with %j is refused with %s and saves nothing', async (draft, expected) => {
  expect(await code(enrol(null, draft))).toBe(expected);
  expect((await till.client['till.verify']({})).ownOps).toBe(0);
});

test('a two-digit birth year is never in the future', async () => {
  const { memberId } = await enrol(null, { dateOfBirth: '05/12/68' });
  await till.signIn('manager');
  const member = await till.client['members.get']({ memberId });
  expect(member.fields.dateOfBirth).toBe('1968-12-05');
});

test('a locked member can be looked at only, a blocked one gets no service, and roles guard the way back', async () => {
  const member = await enrol('coffee');
  const { cardId } = firstCard(member);
  const set = (action: 'lock' | 'unlock' | 'block' | 'unblock') =>
    till.client['members.setState']({ opId: till.opId(), memberId: member.memberId, action, reason: 'test' });
  const stamp = () => till.client['stamps.add']({ opId: till.opId(), cardId, count: 1 });
  expect((await set('lock')).member.cards[0]?.actions).toEqual([]);
  expect(await code(stamp())).toBe('member_locked');
  expect(await code(set('unlock'))).toBe('not_allowed');
  expect(await code(set('block'))).toBe('not_allowed');
  await till.signIn('manager');
  await set('block');
  expect(await code(stamp())).toBe('member_blocked');
  await set('unblock');
  expect(await code(stamp())).toBe('done');
});

test('a replaced card hands its balance on, and the old number says so', async () => {
  const card = firstCard(await enrol('coffee'));
  await till.client['stamps.add']({ opId: till.opId(), cardId: card.cardId, count: 4 });
  await till.client['cards.reportLost']({ opId: till.opId(), cardId: card.cardId, reason: 'lost' });
  expect(await code(till.client['stamps.add']({ opId: till.opId(), cardId: card.cardId, count: 1 }))).toBe(
    'card_lost',
  );
  const reply = await till.client['cards.replace']({
    opId: till.opId(),
    cardId: card.cardId,
    reason: 'lost',
    cardNumber: null,
  });
  const [fresh, old] = reply.member.cards;
  expect(fresh).toMatchObject({ cardId: reply.cardId, status: 'active', balance: { pending: 4 } });
  expect(old).toMatchObject({ cardNumber: card.cardNumber, status: 'replaced' });
  expect(await code(till.client['stamps.add']({ opId: till.opId(), cardId: card.cardId, count: 1 }))).toBe(
    'card_replaced',
  );
});

test('an undo counters the entry to the unit, once, and stays in the history', async () => {
  const { cardId } = firstCard(await enrol('coffee'));
  const stamp = await till.client['stamps.add']({ opId: till.opId(), cardId, count: 3 });
  const undo = () => till.client['entries.undo']({ opId: till.opId(), undoesOpId: stamp.opId, reason: '' });
  const { member } = await undo();
  expect(firstCard(member).balance.pending).toBe(0);
  expect(member.history.map((entry) => [entry.kind, entry.delta, entry.isCorrected])).toEqual([
    ['entry.corrected', -3, false],
    ['stamp.added', 3, true],
  ]);
  expect(await code(undo())).toBe('already_undone');
});

test('an undo never takes a balance below zero', async () => {
  const { cardId } = firstCard(await enrol('passes'));
  const pack = await till.client['visits.add']({ opId: till.opId(), cardId, count: 10, receiptNo: '' });
  await till.client['visits.deduct']({ opId: till.opId(), cardId, count: 1 });
  expect(
    await code(till.client['entries.undo']({ opId: till.opId(), undoesOpId: pack.opId, reason: '' })),
  ).toBe('insufficient_balance');
});

test('a coupon is used once', async () => {
  const { cardId, balance, expiresOn } = firstCard(await enrol('welcome'));
  expect([balance.pending, expiresOn !== null]).toEqual([1, true]);
  const redeem = () => till.client['rewards.redeem']({ opId: till.opId(), cardId, rewardId: 'drink' });
  expect(await code(redeem())).toBe('done');
  expect(await code(redeem())).toBe('insufficient_balance');
});

test('an edit counts at once in every search, and an old key no longer finds', async () => {
  const { memberId } = await enrol(null);
  await till.client['members.edit']({
    opId: till.opId(),
    memberId,
    draft: { mobile: '9222 0002', lastName: 'Lim' },
  });
  const ids = async (text: string) =>
    (await till.client['members.lookup']({ text })).members.map((hit) => hit.memberId);
  expect(await ids('92220002')).toEqual([memberId]);
  expect(await ids('lim')).toEqual([memberId]);
  expect(await ids('91110001')).toEqual([]);
  expect(
    await code(till.client['members.edit']({ opId: till.opId(), memberId, draft: { lastName: 'Lim' } })),
  ).toBe('bad_request');
});

test('nobody signed in: nothing of a member is read or written', async () => {
  const { memberId } = await enrol('coffee');
  await till.client['session.signOut']({});
  expect(await code(till.client['members.get']({ memberId }))).toBe('signin_required');
  expect(await code(enrol(null, { mobile: '9111 0009' }))).toBe('signin_required');
});
