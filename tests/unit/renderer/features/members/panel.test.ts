import { expect, test } from 'vitest';
import {
  openPanel,
  earnedFor,
  readPanel,
  type Panel,
} from '../../../../../renderer/features/members/panel.ts';
import { Attribute } from '../../../../../sync/model/attributes.ts';
import { makeCard, makeCardType, makeEntry, makeMember, makePoints } from '../../made.ts';

const member = makeMember();
const CHAIN = {
  version: 1,
  name: 'Chain',
  currency: 'SGD',
  currencyDecimals: 2,
  country: 'SG',
  consentMode: 'pdpa',
  policyVersion: 'p1',
  cardPrefix: '603555',
} as const;
const SIZE = Attribute.parse({ attributeId: 'size', version: 1, name: 'Size', type: 'number', of: 'card' });
const points = makePoints({
  rewards: [
    { rewardId: 'cake', name: 'Cake', nameZh: '', cost: 120, isAffordable: true },
    { rewardId: 'tumbler', name: 'Tumbler', nameZh: '', cost: 9000, isAffordable: false },
  ],
});
const read = (kind: Panel['kind'], changes: Partial<Panel> = {}, card = points) =>
  readPanel({ ...openPanel(kind, card), ...changes }, { member, card, chain: CHAIN, cardAttributes: [SIZE] });
const typed = (value: string): Partial<Panel> => ({ data: { typed: { size: value }, isInstalled: null } });

test('a purchase is an amount in minor units with its receipt', () => {
  expect(read('credit', { amount: '23.50', receiptNo: '8812' })).toEqual({
    call: {
      method: 'points.credit',
      input: { cardId: points.cardId, amountMinor: 2350, receiptNo: '8812', points: null, reason: '' },
    },
  });
});

test('points by hand want a number and a reason', () => {
  expect(read('by-hand', { amount: '', reason: 'x' })).toEqual({ problem: 'amount' });
  expect(read('by-hand', { amount: '5', reason: ' ' })).toEqual({ problem: 'reason' });
  expect(read('by-hand', { amount: '5', reason: 'Birthday' })).toMatchObject({
    call: { method: 'points.credit', input: { amountMinor: null, points: 5, reason: 'Birthday' } },
  });
});

test.each(['', '0', 'x', '1.234', '-1'])('%j is no amount of money', (amount) => {
  expect(read('spend', { amount })).toEqual({ problem: 'amount' });
});

test('at most fifty stamps go in one press', () => {
  expect(read('stamp-n', { amount: '51' }, makeCard())).toEqual({ problem: 'amount' });
  expect(read('stamp-n', { amount: '50' }, makeCard())).toMatchObject({ call: { method: 'stamps.add' } });
});

test('a reward form begins with what the balance covers and takes nothing else', () => {
  expect(openPanel('redeem', points).rewardId).toBe('cake');
  expect(read('redeem')).toMatchObject({ call: { method: 'rewards.redeem', input: { rewardId: 'cake' } } });
  expect(read('redeem', { rewardId: 'tumbler' })).toEqual({ problem: 'reward' });
});

test('a card number is sixteen digits, in any grouping, or left to the till', () => {
  expect(read('replace', { cardNumber: '6035 5538 8247 1315' })).toMatchObject({
    call: { input: { cardNumber: '6035553882471315' } },
  });
  expect(read('replace')).toMatchObject({ call: { method: 'cards.replace', input: { cardNumber: null } } });
  expect(read('replace', { cardNumber: '123' })).toEqual({ problem: 'cardNumber' });
});

test('issuing wants a kind of card', () => {
  expect(read('issue')).toEqual({ problem: 'cardType' });
  expect(read('issue', { cardTypeId: 'coffee' })).toMatchObject({
    call: {
      method: 'cards.issue',
      input: { memberId: member.memberId, cardTypeId: 'coffee', cardNumber: null },
    },
  });
});

test('a state and a counter-entry want a reason', () => {
  expect(read('lock')).toEqual({ problem: 'reason' });
  expect(read('lock', { reason: ' Lost phone ' })).toEqual({
    call: {
      method: 'members.setState',
      input: { memberId: member.memberId, action: 'lock', reason: 'Lost phone' },
    },
  });
  const entry = makeEntry();
  expect(read('counter', { entry })).toEqual({ problem: 'reason' });
  expect(read('counter', { entry, reason: 'Wrong card' })).toMatchObject({
    call: { method: 'entries.undo', input: { undoesOpId: entry.opId } },
  });
});

test('the preview counts points as the core does, by the rules of the card type', () => {
  const type = makeCardType({ earnPoints: 2, earnPerMinor: 500, minSpendMinor: 400 });
  const card = makePoints();
  const units = [399, 499, 1499, null].map((minor) => earnedFor(card, type, minor)?.units ?? null);
  expect(units).toEqual([0, 0, 4, null]);
  expect(earnedFor(card, undefined, 1499)).toBeNull();
});

test('card data are what was typed over; a value that does not fit, and nothing at all, is no call', () => {
  const card = makeCard({ custom: { size: '41' } });
  expect(read('card-data', typed(' 42 '), card)).toEqual({
    call: {
      method: 'cards.setData',
      input: { cardId: card.cardId, custom: { size: '42' }, isInstalled: null },
    },
  });
  expect(read('card-data', typed('big'), card)).toEqual({ problem: 'data' });
  expect(read('card-data', typed('41'), card)).toEqual({ problem: 'data' });
  expect(read('card-data', {}, card)).toEqual({ problem: 'data' });
});

test('nobody is anonymised without a second person and her PIN; one alone by hand may name her once the core refused', () => {
  const [reason, secondLogin, secondPin] = ['asked', ' lead ', '123456'];
  for (const second of [{}, { secondLogin }, { secondPin }])
    expect(read('anonymise', { reason, ...second })).toEqual({ problem: 'second' });
  expect(read('anonymise', { secondLogin, secondPin })).toEqual({ problem: 'reason' });
  expect(read('anonymise', { reason, secondLogin, secondPin })).toMatchObject({
    call: { method: 'members.anonymise', input: { reason, second: { login: 'lead', pin: secondPin } } },
  });
  const byHand = { amount: '5', reason, secondLogin, secondPin };
  const inputOf = (changes: Partial<Panel>) => {
    const said = read('by-hand', { ...byHand, ...changes });
    return 'call' in said ? said.call.input : said.problem;
  };
  expect(inputOf({})).not.toHaveProperty('second');
  expect(inputOf({ maySecond: true })).toMatchObject({ second: { login: 'lead', pin: secondPin } });
  expect(inputOf({ maySecond: true, secondLogin: '', secondPin: '' })).not.toHaveProperty('second');
  expect(inputOf({ maySecond: true, secondPin: '' })).toBe('second');
});

test('what her form says of balances goes with the press; nobody is anonymised before it says anything', () => {
  const panel = {
    ...openPanel('anonymise', points),
    reason: 'asked',
    secondLogin: 'lead',
    secondPin: '123456',
  };
  const scene = { member, card: points, chain: CHAIN, cardAttributes: [] };
  expect(readPanel(panel, { ...scene, left: null })).toEqual({ problem: 'left' });
  const left = [{ how: 'paid_out' as const, unit: 'minor' as const, units: 1_240 }];
  for (const shown of [left, []])
    expect(readPanel(panel, { ...scene, left: shown })).toMatchObject({ call: { input: { left: shown } } });
});
