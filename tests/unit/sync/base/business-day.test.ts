import { expect, test } from 'vitest';
import { addMonths, dayAt, isRealDay, nextBusinessDay } from '../../../../sync/base/business-day.ts';

const UTC = { timeZone: 'UTC', cutOffHour: 4 };
const at = (text: string): number => Date.parse(text);

test.each([
  ['2026-03-01T19:59:00Z', 'Asia/Singapore', '2026-03-01'],
  ['2026-03-01T20:01:00Z', 'Asia/Singapore', '2026-03-02'],
  ['2026-03-29T00:30:00Z', 'Europe/Berlin', '2026-03-28'],
  ['2026-03-01T22:16:00Z', 'Asia/Kathmandu', '2026-03-02'],
])('%s in %s is business day %s with a cut-off at four', (time, zone, day) => {
  expect(dayAt(at(time), zone, 4)).toBe(day);
});

test('a business day never goes back on a till', () => {
  expect(nextBusinessDay('2026-03-05', at('2026-03-01T10:00:00Z'), UTC)).toBe('2026-03-05');
  expect(nextBusinessDay('2026-03-05', at('2026-03-06T10:00:00Z'), UTC)).toBe('2026-03-06');
});

test('months are added within the month', () => {
  expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
  expect(addMonths('2023-12-31', 2)).toBe('2024-02-29');
});

test('only days of the calendar are days', () => {
  expect(['2024-02-29', '2025-02-29', '2025-02-30', '2025-13-01', '25-1-1'].map(isRealDay)).toEqual([
    true,
    false,
    false,
    false,
    false,
  ]);
});
