import { expect, test } from 'vitest';
import { careOf, deedsOf } from '../../../../../renderer/features/members/card-keys.ts';
import { makeCard, makePoints } from '../../made.ts';

const keys = (card: Parameters<typeof deedsOf>[0], mayByHand = false) =>
  deedsOf(card, mayByHand).map(({ key, deed }) => `${key} ${deed}`);

test('a stamp card gives one, two or more stamps, and its reward', () => {
  expect(keys(makeCard())).toEqual(['F2 stamp-1', 'F3 stamp-2', 'F4 stamp-n', 'F8 redeem']);
});

test('points by hand are offered to whoever may give them', () => {
  expect(keys(makePoints())).toEqual(['F2 credit', 'F4 debit', 'F8 redeem']);
  expect(keys(makePoints(), true)).toEqual(['F2 credit', 'F3 by-hand', 'F4 debit', 'F8 redeem']);
});

test('what the core does not offer has no button: a lost card can only be replaced', () => {
  const lost = makeCard({ status: 'lost', actions: ['replace'] });
  expect(keys(lost)).toEqual([]);
  expect(careOf(lost).map(({ deed }) => deed)).toEqual(['replace']);
});

test('each key does one thing on a card', () => {
  for (const kind of ['stamp', 'points', 'visits', 'credit', 'discount', 'coupon'] as const) {
    const card = makeCard({
      kind,
      actions: ['stamp', 'credit', 'debit', 'visit', 'add-visits', 'top-up', 'spend', 'redeem'],
    });
    const used = deedsOf(card, true).map(({ key }) => key);
    expect(new Set(used).size, kind).toBe(used.length);
  }
});
