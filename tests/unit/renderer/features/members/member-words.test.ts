import { expect, test } from 'vitest';
import { tillWord } from '../../../../../renderer/features/members/history-row.tsx';
import { frontCard } from '../../../../../renderer/features/members/member-state.ts';
import { roundWord } from '../../../../../renderer/parts/stamp-grid.tsx';
import { makeCard, makeMember, makePoints } from '../../made.ts';

test('a till in the history is a word, never an id', () => {
  expect([
    tillWord({ isOwnTill: true, tillId: 'till-1' }),
    tillWord({ isOwnTill: false, tillId: 'till-2' }),
    tillWord({ isOwnTill: false, tillId: 'centre' }),
  ]).toEqual(['history.thisTill', 'history.otherTill', 'history.headOffice']);
});

test('a full round says that a reward is ready, not that nothing is to go', () => {
  const reward = { rewardId: 'r', name: 'Coffee', nameZh: '', cost: 10 };
  const withReward = (isAffordable: boolean) =>
    ({ rewards: [{ ...reward, isAffordable }] }) as unknown as Parameters<typeof roundWord>[1];
  expect([
    roundWord({ toGo: 4 }, withReward(true)),
    roundWord({ toGo: 0 }, withReward(true)),
    roundWord({ toGo: 0 }, withReward(false)),
  ]).toEqual(['ticket.round', 'ticket.roundReady', 'ticket.roundFull']);
});

test('without a card of its own the first card that a key can do something with comes forward', () => {
  const discount = makeCard({ kind: 'discount', actions: ['replace', 'report-lost'] });
  const lost = makeCard({ status: 'lost', actions: ['replace'] });
  const idle = makeCard({ actions: ['replace', 'report-lost'] });
  const points = makePoints();
  const member = makeMember({ cards: [discount, lost, idle, points] });
  expect(frontCard(member, null)).toBe(points.cardId);
  expect(frontCard(member, discount.cardId)).toBe(discount.cardId);
  expect(frontCard(makeMember({ cards: [discount, idle] }), null)).toBe(idle.cardId);
});

test('a coupon that can be redeemed comes before a discount', () => {
  const discount = makeCard({ kind: 'discount', actions: [] });
  const coupon = makeCard({ kind: 'coupon', actions: ['redeem'] });
  expect(frontCard(makeMember({ cards: [discount, coupon] }), null)).toBe(coupon.cardId);
});
