import { expect, test } from 'vitest';
import {
  askedOf,
  changeOf,
  isWrong,
  NO_CARD_DATA,
  shownOf,
} from '../../../../renderer/parts/card-data-draft.ts';
import { Attribute } from '../../../../sync/model/attributes.ts';

const card = { custom: { safe: '••••7891', drink: 'tea' }, isInstalled: true };
const drink = Attribute.parse({
  ...{ attributeId: 'drink', version: 1, name: 'Drink', type: 'choice', choices: ['tea'], of: 'card' },
});

test('only what was typed over is saved: a masked value, or one that another changed meanwhile, stays', () => {
  const typed = { drink: ' coffee ' };
  expect(changeOf({ typed, isInstalled: null }, card)).toEqual({
    custom: { drink: 'coffee' },
    isInstalled: null,
  });
  expect(changeOf({ typed, isInstalled: true }, card)?.isInstalled).toBeNull();
  const later = { ...card, custom: { ...card.custom, engraving: 'For Ann' } };
  expect(changeOf({ typed, isInstalled: null }, later)?.custom).toEqual({ drink: 'coffee' });
});

test('nothing typed, or typed as it is, is nothing to save; off the phone is', () => {
  expect(changeOf(NO_CARD_DATA, card)).toBeNull();
  expect(changeOf({ typed: { drink: 'tea ' }, isInstalled: true }, card)).toBeNull();
  expect(changeOf({ typed: {}, isInstalled: false }, card)).toEqual({ custom: {}, isInstalled: false });
});

test('a value that its attribute does not take is wrong; taken away it never is', () => {
  const of = (value: string) => changeOf({ typed: { drink: value }, isInstalled: null }, card);
  expect([of('beer'), of(''), of('tea')].map((change) => isWrong([drink], change))).toEqual([
    ...[true, false, false],
  ]);
});

test('a retired attribute shows no more, and is asked for only where there is a value to take away', () => {
  const old = { ...drink, isRetired: true };
  const size = { ...drink, attributeId: 'size', isRetired: true };
  expect([shownOf(card, [drink]), shownOf(card, [old])]).toEqual([[drink], []]);
  expect(askedOf(card, [old, size, { ...size, isRetired: false }])).toEqual([
    ...[old, { ...size, isRetired: false }],
  ]);
});
