import { expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  dayAt,
  daySpan,
  isRealDay,
  nextBusinessDay,
} from '../../../../sync/base/business-day.ts';

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

test.each([
  ['2026-11-23', 'Asia/Singapore', 4, '2026-11-22T20:00:00Z', '2026-11-23T20:00:00Z'],
  ['2026-11-23', 'America/Los_Angeles', 4, '2026-11-23T12:00:00Z', '2026-11-24T12:00:00Z'],
  ['2026-11-23', 'Pacific/Kiritimati', 0, '2026-11-22T10:00:00Z', '2026-11-23T10:00:00Z'],
  ['2026-11-23', 'Pacific/Pago_Pago', 23, '2026-11-24T10:00:00Z', '2026-11-25T10:00:00Z'],
  ['2026-03-28', 'Europe/Berlin', 4, '2026-03-28T03:00:00Z', '2026-03-29T02:00:00Z'],
  ['2026-10-24', 'Europe/Berlin', 4, '2026-10-24T02:00:00Z', '2026-10-25T03:00:00Z'],
])('business day %s in %s with a cut-off at %i begins and ends', (...given) => {
  const [day, timeZone, cutOffHour, from, until] = given;
  expect(daySpan(day, { timeZone, cutOffHour })).toEqual({ fromMs: at(from), untilMs: at(until) });
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

test('a day is real when the calendar has it, in any year', () => {
  const two = (value: number): string => String(value).padStart(2, '0');
  for (const year of ['0000', '0004', '1900', '2000', '2023', '2024', '2100', '9999']) {
    for (let at = 0; at < 14 * 33; at += 1) {
      const text = `${year}-${two(Math.floor(at / 33))}-${two(at % 33)}`;
      const time = Date.parse(`${text}T00:00:00Z`);
      const isInCalendar = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
      expect(`${text} ${isRealDay(text)}`).toBe(`${text} ${isInCalendar}`);
    }
  }
});

test('days are counted over the ends of months and years', () => {
  expect([addDays('2026-12-31', 1), addDays('2024-03-01', -1), addDays('2026-11-22', 0)]).toEqual([
    '2027-01-01',
    '2024-02-29',
    '2026-11-22',
  ]);
});

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** Where a zone's distance to UTC changes, and its hours before and after; known from the zones' own laws. */
test.each([
  { zone: 'Europe/Berlin', changesAt: '2026-03-29T01:00Z', before: 1, after: 2 },
  { zone: 'Europe/Berlin', changesAt: '2026-10-25T01:00Z', before: 2, after: 1 },
  { zone: 'America/New_York', changesAt: '2026-03-08T07:00Z', before: -5, after: -4 },
  { zone: 'America/New_York', changesAt: '2026-11-01T06:00Z', before: -4, after: -5 },
  { zone: 'Australia/Lord_Howe', changesAt: '2026-04-04T15:00Z', before: 11, after: 10.5 },
  { zone: 'Australia/Lord_Howe', changesAt: '2026-10-03T15:30Z', before: 10.5, after: 11 },
  { zone: 'Asia/Kathmandu', changesAt: '2026-03-01T00:00Z', before: 5.75, after: 5.75 },
  { zone: 'Asia/Singapore', changesAt: '2026-12-31T16:00Z', before: 8, after: 8 },
])('every minute of 48 hours around $changesAt in $zone is in its business day (R-C2)', (known) => {
  const { zone, changesAt, before, after } = known;
  const changeMs = at(changesAt);
  for (const cutOffHour of [0, 2, 4]) {
    const wrong: string[] = [];
    for (let ms = changeMs - DAY_MS; ms <= changeMs + DAY_MS; ms += MINUTE_MS) {
      const onTheWall = new Date(ms + (ms < changeMs ? before : after) * 3_600_000);
      const date = onTheWall.toISOString().slice(0, 10);
      const expected = onTheWall.getUTCHours() < cutOffHour ? addDays(date, -1) : date;
      if (dayAt(ms, zone, cutOffHour) !== expected) wrong.push(`${onTheWall.toISOString()} ${expected}`);
    }
    expect(wrong).toEqual([]);
  }
});
