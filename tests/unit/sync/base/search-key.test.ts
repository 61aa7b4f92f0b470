import { expect, test } from 'vitest';
import { fold, nameKeys, phoneKeys, searchKeys, toSearchPlan } from '../../../../sync/base/search-key.ts';

const member = {
  lastName: 'Tan',
  firstName: 'Wei Ling',
  mobile: '+6591110001',
  phone: null,
  email: 'Wei.Ling@Example.com',
  lookupId: 'S 123',
  supportId: 'ABCD-2345',
};

/** True when a text typed into the one box reaches the member by the keys alone. */
const finds = (text: string, who = member): boolean =>
  toSearchPlan(text, 'SG').seeks.some(({ key, isPrefix }) =>
    searchKeys(who).some((each) => (isPrefix ? each.startsWith(key) : each === key)),
  );

test.each([
  'tan',
  'Tan Wei',
  'wei ling',
  'Wei Ling Tan',
  'LING',
  '9111 0001',
  '+65 9111 0001',
  '006591110001',
  '0001',
  '1110',
  '9111',
  'wei.ling@example.com',
  's123',
  'S 123',
  'abcd-2345',
])('"%s" finds the member', (text) => {
  expect(finds(text)).toBe(true);
});

test.each(['tam', 'eiling', '92', 'wei.li@', '+65 9111 0002', 'other@example.com', ''])(
  '"%s" does not',
  (text) => {
    expect(finds(text)).toBe(false);
  },
);

test('a two-character Chinese name is found whole, and from each of its characters', () => {
  const chen = { ...member, lastName: '陈', firstName: '伟' };
  expect(['陈伟', '陈', '伟'].map((text) => finds(text, chen))).toEqual([true, true, true]);
});

test('accents, case and full-width signs do not matter', () => {
  expect(fold('Müller-Ångström  ＡＢＣ')).toBe('muller angstrom abc');
  expect(finds('jose', { ...member, lastName: 'Muñoz', firstName: 'José' })).toBe(true);
});

test('a phone is found by any part of four digits or more, and keys stay few', () => {
  expect(phoneKeys('+6591110001')).toEqual(['91110001', '1110001', '110001', '10001', '0001']);
  expect(nameKeys('a b c d e f g h', 'i').length).toBeLessThanOrEqual(12);
});

test('a whole card number is a card, with spaces or without', () => {
  expect(toSearchPlan('6035 5500 0000 1230', 'SG').cardNumber).toBe('6035550000001230');
  expect(toSearchPlan('6035550000001231', 'SG').cardNumber).toBeNull();
});

test('a name of plain letters is folded as any other', () => {
  const signs = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));
  const anyway = (text: string): string => fold(`${text} é`).replace(/ ?e$/, '');
  for (const one of signs)
    for (const two of signs) expect(fold(`A${one}b${two}`)).toBe(anyway(`A${one}b${two}`));
});
