import { expect, test } from 'vitest';
import { parseBirthday, parseCount, parseMoney } from '../../../../renderer/lib/parse.ts';

test.each([
  ['12.50', 2, 1250],
  ['12,5', 2, 1250],
  ['12', 2, 1200],
  ['.5', 2, 50],
  ['1,250.00', 2, 125_000],
  ['1 250', 2, 125_000],
  ['1250', 0, 1250],
  ['0.29', 2, 29],
  ['12.505', 2, null],
  ['12.5', 0, null],
  ['1,25,0', 2, null],
  ['', 2, null],
  ['.', 2, null],
  ['-3', 2, null],
  ['9999999999', 2, null],
])('money %j with %i decimals is %j minor units', (text, decimals, minor) => {
  expect(parseMoney(text, decimals)).toBe(minor);
});

test.each([
  ['3', 50, 3],
  [' 50 ', 50, 50],
  ['51', 50, null],
  ['0', 50, null],
  ['1.5', 50, null],
  ['', 50, null],
])('a count %j up to %i is %j', (text, max, count) => {
  expect(parseCount(text, max)).toBe(count);
});

test.each([
  ['2/11/1990', '1990-11-02'],
  ['02.11.90', '1990-11-02'],
  ['1-2-05', '2005-02-01'],
  ['1990-11-02', '1990-11-02'],
  ['02111990', '1990-11-02'],
  ['29/2/2000', '2000-02-29'],
  ['30/2/2000', null],
  ['23/11/2026', null],
  ['2/13/1990', null],
  ['soon', null],
])('a birthday %j is %j', (text, day) => {
  expect(parseBirthday(text, '2026-11-22')).toBe(day);
});

test('a two-digit year never makes somebody who is born in the future', () => {
  expect(parseBirthday('22/11/26', '2026-11-22')).toBe('2026-11-22');
  expect(parseBirthday('23/11/26', '2026-11-22')).toBe('1926-11-23');
});
