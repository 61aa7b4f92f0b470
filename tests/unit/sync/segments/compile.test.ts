import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Segment, type Condition, type SegmentRules } from '../../../../sync/model/segment.ts';
import { dayTextNumber, NONE, shareOf } from '../../../../sync/segments/columns.ts';
import { compileCondition, compileRules, compileSegment } from '../../../../sync/segments/compile.ts';
import { columnsOfOne, type PersonFacts } from '../../../../sync/segments/facts.ts';

const TODAY = '2026-11-22';
const today = { atMs: Date.parse(`${TODAY}T09:00:00Z`) };
const DAY = dayTextNumber(TODAY);

const isIn = (condition: Condition, { words = {}, numbers = {} }: Partial<PersonFacts>): boolean =>
  compileCondition(condition, columnsOfOne({ words, numbers }), today)(0);

describe('a condition', () => {
  const on = { field: 'lastActive' };
  test.each<[string, Condition, number, boolean]>([
    ['in the last 30 days: today', { test: 'withinDays', ...on, days: 30 }, DAY, true],
    ['in the last 30 days: 30 days ago', { test: 'withinDays', ...on, days: 30 }, DAY - 30, true],
    ['in the last 30 days: 31 days ago', { test: 'withinDays', ...on, days: 30 }, DAY - 31, false],
    ['60 days ago or longer: 60', { test: 'olderThanDays', ...on, days: 60 }, DAY - 60, true],
    ['60 days ago or longer: 59', { test: 'olderThanDays', ...on, days: 60 }, DAY - 59, false],
    ['60 days ago or longer: never', { test: 'olderThanDays', ...on, days: 60 }, NONE, false],
    ['from a day: that day', { test: 'from', ...on, day: TODAY }, DAY, true],
    ['to a day: that day', { test: 'to', ...on, day: TODAY }, DAY, true],
    ['to a day: the day after', { test: 'to', ...on, day: TODAY }, DAY + 1, false],
    ['never known', { test: 'unknown', ...on }, NONE, true],
  ])('on a day, %s', (...[, condition, lastActive, expected]) => {
    expect(isIn(condition, { numbers: { lastActive } })).toBe(expected);
  });

  test.each([
    ['2008-11-22', 18, true],
    ['2008-11-23', 18, false],
    ['2007-11-23', 18, true],
    ['2007-11-22', 19, true],
  ])('born on %s counts as at least %i: %s', (born, number, expected) => {
    const birthday = Number(born.replaceAll('-', ''));
    expect(isIn({ test: 'atLeast', field: 'age', number }, { numbers: { birthday } })).toBe(expected);
    expect(isIn({ test: 'atMost', field: 'age', number: number - 1 }, { numbers: { birthday } })).toBe(
      !expected,
    );
  });

  test('a birthday of 29 February comes on the 28th in years without one', () => {
    const coming: Condition = { test: 'comingDays', field: 'birthday', days: 3 };
    const before = { atMs: Date.parse('2026-02-26T00:00:00Z') };
    const source = columnsOfOne({ words: {}, numbers: { birthday: 19_920_229 } });
    expect(compileCondition(coming, source, before)(0)).toBe(true);
    const leap = { atMs: Date.parse('2028-02-25T00:00:00Z') };
    expect(compileCondition({ ...coming, days: 3 }, source, leap)(0)).toBe(false);
    expect(compileCondition({ ...coming, days: 4 }, source, leap)(0)).toBe(true);
  });

  test('words are compared whatever their case', () => {
    const words = { tags: ['VIP', 'wine'] };
    expect(isIn({ test: 'oneOf', field: 'tags', values: ['vip'] }, { words })).toBe(true);
    expect(isIn({ test: 'allOf', field: 'tags', values: ['vip', 'beer'] }, { words })).toBe(false);
    expect(isIn({ test: 'noneOf', field: 'tags', values: ['beer'] }, { words })).toBe(true);
  });

  test('of a field that nobody knows, or a test that does not fit, is true for nobody: a rule never widens by mistake', () => {
    const facts = { words: { tags: ['a'] }, numbers: { spent: 5 } };
    expect(isIn({ test: 'noneOf', field: 'colour', values: ['red'] }, facts)).toBe(false);
    expect(isIn({ test: 'noneOf', field: 'constructor', values: ['red'] }, facts)).toBe(false);
    expect(isIn({ test: 'atLeast', field: 'tags', number: 0 }, facts)).toBe(false);
    expect(isIn({ test: 'oneOf', field: 'spent', values: ['5'] }, facts)).toBe(false);
  });

  test('of a custom attribute that nobody filled in: only "none of" and "unknown" hold', () => {
    expect(isIn({ test: 'unknown', field: 'custom.dog' }, {})).toBe(true);
    expect(isIn({ test: 'known', field: 'custom.dog' }, {})).toBe(false);
    expect(isIn({ test: 'noneOf', field: 'custom.dog', values: ['Rex'] }, {})).toBe(true);
  });
});

test.each<[string, Condition, string, boolean]>([
  ['at least 40: 40', { test: 'atLeast', field: 'custom.shoe', number: 40 }, '40', true],
  [
    'at least 40: 9, though "9" stands behind "40"',
    { test: 'atLeast', field: 'custom.shoe', number: 40 },
    '9',
    false,
  ],
  ['at most 40: 40.5', { test: 'atMost', field: 'custom.shoe', number: 40 }, '40.5', false],
  ['at most 40: no number', { test: 'atMost', field: 'custom.shoe', number: 40 }, 'small', false],
  ['from a day: that day', { test: 'from', field: 'custom.since', day: TODAY }, TODAY, true],
  ['to a day: the day after', { test: 'to', field: 'custom.since', day: '2026-11-21' }, TODAY, false],
  ['in the last 30 days', { test: 'withinDays', field: 'custom.since', days: 30 }, '2026-11-01', true],
  ['60 days ago or longer', { test: 'olderThanDays', field: 'custom.since', days: 60 }, '2026-11-01', false],
  [
    '60 days ago or longer: no day',
    { test: 'olderThanDays', field: 'custom.since', days: 60 },
    'once',
    false,
  ],
])('on a field of the chain’s own, %s', (...[, condition, value, expected]) => {
  expect(isIn(condition, { words: { [condition.field]: [value] } })).toBe(expected);
});

const condition: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    test: fc.constantFrom('oneOf' as const, 'noneOf' as const, 'allOf' as const, 'startsWith' as const),
    field: fc.constantFrom('tags', 'tier', 'city'),
    values: fc.array(fc.constantFrom('a', 'b', 'ab'), { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    test: fc.constantFrom('known' as const, 'unknown' as const),
    field: fc.constantFrom('tags', 'created'),
  }),
  fc.record({
    test: fc.constantFrom('atLeast' as const, 'atMost' as const),
    field: fc.constantFrom('purchases', 'spent', 'balance.coffee'),
    number: fc.integer({ min: -5, max: 5 }),
  }),
  fc.record({
    test: fc.constantFrom('withinDays' as const, 'olderThanDays' as const),
    field: fc.constantFrom('created', 'lastActive'),
    days: fc.nat(6),
  }),
);
const facts: fc.Arbitrary<PersonFacts> = fc.record({
  words: fc.record({
    tags: fc.subarray(['a', 'b', 'ab', 'c']),
    tier: fc.subarray(['a', 'b'], { maxLength: 1 }),
    city: fc.subarray(['ab', 'ba'], { maxLength: 1 }),
  }),
  numbers: fc.record({
    purchases: fc.integer({ min: -5, max: 5 }),
    spent: fc.integer({ min: -5, max: 5 }),
    created: fc.integer({ min: DAY - 8, max: DAY + 1 }),
    lastActive: fc.option(fc.integer({ min: DAY - 8, max: DAY }), { nil: NONE }),
    'balance.coffee': fc.option(fc.integer({ min: -5, max: 5 }), { nil: NONE }),
  }),
});

/** The rules read one by one, as a person would. */
function holds(each: Condition, { words, numbers }: PersonFacts): boolean {
  const list = words[each.field];
  if (list !== undefined) {
    if (each.test === 'oneOf') return each.values.some((value) => list.includes(value));
    if (each.test === 'allOf') return each.values.every((value) => list.includes(value));
    if (each.test === 'noneOf') return each.values.every((value) => !list.includes(value));
    if (each.test === 'startsWith')
      return list.some((word) => each.values.some((value) => word.startsWith(value)));
    return each.test === 'known' ? list.length > 0 : each.test === 'unknown' && list.length === 0;
  }
  const value = numbers[each.field] ?? NONE;
  if (each.test === 'unknown') return value === NONE;
  if (value === NONE) return false;
  if (each.test === 'known') return true;
  if (each.test === 'atLeast') return value >= each.number;
  if (each.test === 'atMost') return value <= each.number;
  if (each.test === 'withinDays') return DAY - value <= each.days;
  return each.test === 'olderThanDays' && DAY - value >= each.days;
}

test('rules over columns mean whom they mean read one by one', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('all' as const, 'any' as const),
      fc.array(condition, { minLength: 1, maxLength: 5 }),
      fc.array(facts, { minLength: 1, maxLength: 10 }),
      (match, conditions, people) => {
        const rules: SegmentRules = { match, conditions };
        for (const person of people) {
          const each = conditions.map((one) => holds(one, person));
          const expected = match === 'all' ? each.every(Boolean) : each.some(Boolean);
          expect(compileRules(rules, columnsOfOne(person), today)(0)).toBe(expected);
        }
      },
    ),
    { numRuns: 400 },
  );
});

describe('a segment', () => {
  const segment = Segment.parse({
    segmentId: 's1',
    version: 1,
    name: 'Regulars',
    match: 'all',
    conditions: [{ test: 'atLeast', field: 'purchases', number: 3 }],
  });
  const belongs = (over: Partial<Segment>, words: PersonFacts['words'], numbers: PersonFacts['numbers']) =>
    compileSegment({ ...segment, ...over }, columnsOfOne({ words, numbers }), today)(0);

  test('whom a person put in is in, whom a person keeps out is out, and out wins', () => {
    expect(belongs({}, { tags: ['in:s1'] }, { purchases: 0 })).toBe(true);
    expect(belongs({}, { tags: ['out:s1'] }, { purchases: 9 })).toBe(false);
    expect(belongs({}, { tags: ['in:s1', 'out:s1'] }, { purchases: 9 })).toBe(false);
    expect(belongs({}, { tags: ['in:s2'] }, { purchases: 0 })).toBe(false);
  });

  test('A and B of a trial share everybody between them, nobody in both', () => {
    for (let at = 0; at < 200; at += 1) {
      const memberId = `0190a000-0000-7000-8000-0000${(at * 7919).toString(16).padStart(8, '0')}`;
      const numbers = { purchases: 5, share: shareOf(memberId) };
      expect(numbers.share).toBeGreaterThanOrEqual(0);
      expect(numbers.share).toBeLessThan(100);
      const a = belongs({ shareFrom: 0, shareTo: 50 }, {}, numbers);
      const b = belongs({ shareFrom: 50, shareTo: 100 }, {}, numbers);
      expect(a).toBe(!b);
    }
  });
});
