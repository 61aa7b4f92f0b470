import { expect, test } from 'vitest';
import { createFormats } from '../../../../renderer/lib/format.ts';

const SGD = { currency: 'SGD', currencyDecimals: 2, country: 'SG' };
const en = createFormats('en', SGD);
const at = (text: string): number => new Date(text).getTime();
const now = at('2026-11-22T15:00:00');

test.each([
  [SGD, 1250, '$12.50'],
  [{ currency: 'EUR', currencyDecimals: 2, country: 'DE' }, 123_456, '€1,234.56'],
  [{ currency: 'JPY', currencyDecimals: 0, country: 'JP' }, 1250, '¥1,250'],
  [{ currency: 'KWD', currencyDecimals: 3, country: 'KW' }, 1250, 'KWD 1.250'],
])('money is shown in the chain’s currency: %o', (money, minor, text) => {
  expect(createFormats('en', money).money(minor).replaceAll('\u00a0', ' ')).toBe(text);
});

test('a rough figure of money has two digits that count, whatever its size', () => {
  const { roughMoney } = createFormats('en', { currency: 'SGD', currencyDecimals: 2, country: 'SG' });
  expect([23_674_319, 165_567, 1_234, 0].map(roughMoney)).toEqual(['$240,000', '$1,700', '$12', '$0']);
});

test('a balance of money is money, any other a number', () => {
  expect([en.units(1240, 'points'), en.units(4250, 'minor')]).toEqual(['1,240', '$42.50']);
});

test('things side by side are joined as each language joins them', () => {
  const three = ['20 points', '3 stamps', '$12.40'];
  expect([en.list(three.slice(2)), en.list(three.slice(1))]).toEqual(['$12.40', '3 stamps and $12.40']);
  expect(en.list(three)).toBe('20 points, 3 stamps and $12.40');
  expect(createFormats('zh', SGD).list(['20 积分', '3 个章'])).toBe('20 积分和3 个章');
});

test('moments are relative for a week, then dates', () => {
  expect(en.when(at('2026-11-22T14:02:00'), now)).toBe('today 14:02');
  expect(en.when(at('2026-11-21T23:59:00'), now)).toBe('yesterday 23:59');
  expect(en.when(at('2026-11-16T09:05:00'), now)).toBe('Mon 09:05');
  expect(en.when(at('2026-11-15T09:05:00'), now)).toBe('15 Nov 2026');
  expect(en.when(at('2026-11-23T09:05:00'), now)).toBe('23 Nov 2026');
});

test('up to when something is known has its day, unless that is today', () => {
  expect(en.asOf(at('2026-11-22T14:02:00'), now)).toBe('14:02');
  expect(en.asOf(at('2026-11-21T23:59:00'), now)).toBe('yesterday 23:59');
  expect(en.asOf(at('2026-11-15T09:05:00'), now)).toBe('15 Nov 2026');
});

test('a last visit is told in days for a month', () => {
  expect(en.ago(at('2026-11-10T09:00:00'), now)).toBe('12 days ago');
  expect(en.ago(at('2026-10-05T09:00:00'), now)).toBe('5 Oct 2026');
});

test('Chinese has its own dates', () => {
  expect(createFormats('zh', SGD).when(at('2026-11-22T14:02:00'), now)).toBe('今天 14:02');
  expect(createFormats('zh', SGD).day('2026-12-22')).toBe('2026年12月22日');
});

test('the day of a moment is that of the till’s own clock', () => {
  expect(en.date(at('2026-11-22T00:30:00'))).toBe('22 Nov 2026');
  expect(en.date(at('2026-11-22T23:30:00'))).toBe('22 Nov 2026');
});
