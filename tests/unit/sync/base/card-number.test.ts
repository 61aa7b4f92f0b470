import { expect, test } from 'vitest';
import { isCardNumber, isLuhnValid, luhnDigit, toCardNumber } from '../../../../sync/base/card-number.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';

test('a number with one digit changed or two neighbours swapped fails its check digit', () => {
  const number = '6035550000001230';
  expect(isCardNumber(number)).toBe(true);
  for (let at = 0; at < number.length; at += 1) {
    const digit = (Number(number.charAt(at)) + 1) % 10;
    expect(isLuhnValid(number.slice(0, at) + digit + number.slice(at + 1))).toBe(false);
  }
  expect(isCardNumber('6035550000012030')).toBe(false);
});

test('the published example of the Luhn digit', () => {
  expect(luhnDigit('7992739871')).toBe('3');
});

test('serials give different valid numbers, and neighbours are not near each other', () => {
  const numbers = Array.from({ length: 5_000 }, (_, serial) =>
    toCardNumber(testCrypto, { key: 'key', prefix: '603555' }, serial),
  );
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.every(isCardNumber)).toBe(true);
  const steps = numbers.slice(1).map((number, at) => Math.abs(Number(number) - Number(numbers[at])));
  expect(steps.filter((step) => step < 10_000).length).toBeLessThan(10);
});

test('another key permutes otherwise, and a serial outside the range is refused', () => {
  const withKey = (key: string, serial: number) =>
    toCardNumber(testCrypto, { key, prefix: '603555' }, serial);
  expect(withKey('a', 7)).not.toBe(withKey('b', 7));
  expect(() => withKey('a', 1_000_000_000)).toThrow('serial');
});
