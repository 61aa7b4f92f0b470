import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, addMonths } from '../../../../sync/base/business-day.ts';
import { dueExpiry, lotsOf, unitsEnding } from '../../../../sync/programmes/lots.ts';
import type { ExpiryRules, LotEntry } from '../../../../sync/programmes/lots.ts';

const YEAR: ExpiryRules = { expiresAfterMonths: 12, expiresBy: 'earned' };
const always = (rules: ExpiryRules) => () => rules;

type Move = Partial<LotEntry> & { delta: number; businessDay: string };
const entries = (...moves: Move[]): LotEntry[] =>
  moves.map((move, at) => ({
    opId: `op-${at}`,
    kind: move.delta > 0 ? 'points.credited' : 'points.debited',
    wallMs: at,
    correctsOpId: null,
    cardTypeVersion: 1,
    ...move,
  })) as LotEntry[];

/** The day's expiry as entries, as the run books it. */
const booked = (all: LotEntry[], rules: ExpiryRules, day: string): LotEntry[] => [
  ...all,
  ...(dueExpiry(all, always(rules), day).map(({ lotOpId, units }, at) => ({
    opId: `x-${day}-${at}`,
    kind: 'points.expired' as LotEntry['kind'],
    delta: -units,
    businessDay: day,
    wallMs: 1_000_000 + at,
    correctsOpId: lotOpId as LotEntry['correctsOpId'],
    cardTypeVersion: 1,
  })) as LotEntry[]),
];

describe('lots', () => {
  test('spends take the oldest units', () => {
    const lots = lotsOf(
      entries(
        { delta: 100, businessDay: '2026-01-10' },
        { delta: 50, businessDay: '2026-02-10' },
        { delta: -120, businessDay: '2026-03-01' },
      ),
    );
    expect(lots.map(({ left }) => left)).toEqual([0, 30]);
  });

  test('a return takes back the same lots', () => {
    const lots = lotsOf(
      entries(
        { delta: 100, businessDay: '2026-01-10' },
        { delta: 50, businessDay: '2026-02-10' },
        { delta: -120, businessDay: '2026-03-01' },
        { delta: 120, businessDay: '2026-03-02', kind: 'entry.corrected', correctsOpId: 'op-2' as never },
        { delta: -50, businessDay: '2026-03-03', kind: 'entry.corrected', correctsOpId: 'op-1' as never },
      ),
    );
    expect(lots.map(({ left }) => left)).toEqual([100, 0]);
  });

  test('what was spent before it came is settled by the next units', () => {
    const lots = lotsOf(
      entries({ delta: -30, businessDay: '2026-01-01' }, { delta: 50, businessDay: '2026-01-02' }),
    );
    expect(lots.map(({ left }) => left)).toEqual([20]);
  });
});

describe('what will end', () => {
  test('what is left of each lot is said with its day, days joined, soonest first', () => {
    const all = entries(
      { delta: 100, businessDay: '2026-03-10' },
      { delta: 50, businessDay: '2026-02-10' },
      { delta: 7, businessDay: '2026-03-10' },
      { delta: -30, businessDay: '2026-03-11' },
      { delta: 5, businessDay: '2026-03-12', cardTypeVersion: 2 },
    );
    const rulesOf = (version: number): ExpiryRules => ({
      ...YEAR,
      expiresAfterMonths: version === 1 ? 12 : 0,
    });
    expect(unitsEnding(all, rulesOf)).toEqual([
      { endsOn: '2027-02-10', units: 20 },
      { endsOn: '2027-03-10', units: 107 },
    ]);
  });

  test('it is what a run on that day ends, and not on the day before', () => {
    const all = entries({ delta: 60, businessDay: '2026-01-31' }, { delta: -10, businessDay: '2026-06-01' });
    for (const rules of [YEAR, { ...YEAR, expiresBy: 'idle' as const }]) {
      const [ends, ...more] = unitsEnding(all, always(rules));
      expect([ends?.units, more]).toEqual([50, []]);
      const day = ends?.endsOn ?? '';
      expect(dueExpiry(all, always(rules), addDays(day, -1))).toEqual([]);
      expect(dueExpiry(all, always(rules), day).map(({ units }) => units)).toEqual([50]);
      expect(unitsEnding(booked(all, rules, day), always(rules))).toEqual([]);
    }
  });
});

describe('what has ended', () => {
  test('units end on the day of the month they were earned, not before', () => {
    const all = entries({ delta: 100, businessDay: '2026-01-31' }, { delta: -40, businessDay: '2026-06-01' });
    expect(dueExpiry(all, always({ ...YEAR, expiresAfterMonths: 1 }), '2026-02-27')).toEqual([]);
    expect(dueExpiry(all, always(YEAR), '2027-01-31')).toEqual([{ lotOpId: 'op-0', units: 60 }]);
  });

  test('by the rules of the version that made them', () => {
    const all = entries(
      { delta: 10, businessDay: '2026-01-01', cardTypeVersion: 1 },
      { delta: 20, businessDay: '2026-01-01', cardTypeVersion: 2 },
    );
    const rulesOf = (version: number): ExpiryRules => ({
      ...YEAR,
      expiresAfterMonths: version === 1 ? 24 : 6,
    });
    expect(dueExpiry(all, rulesOf, '2026-07-01')).toEqual([{ lotOpId: 'op-1', units: 20 }]);
  });

  test('by idle time everything ends, after the last movement', () => {
    const idle: ExpiryRules = { expiresAfterMonths: 3, expiresBy: 'idle' };
    const all = entries({ delta: 100, businessDay: '2026-01-01' }, { delta: -10, businessDay: '2026-02-01' });
    expect(dueExpiry(all, always(idle), '2026-04-30')).toEqual([]);
    expect(dueExpiry(all, always(idle), '2026-05-01')).toEqual([{ lotOpId: 'op-1', units: 90 }]);
  });

  test('a movement that was taken back keeps no account awake, and no expiry names it', () => {
    const idle: ExpiryRules = { expiresAfterMonths: 3, expiresBy: 'idle' };
    const all = entries(
      { delta: 100, businessDay: '2026-01-01' },
      { delta: -10, businessDay: '2026-02-01' },
      { delta: 10, businessDay: '2026-02-01', kind: 'entry.corrected', correctsOpId: 'op-1' as never },
    );
    expect(dueExpiry(all, always(idle), '2026-04-01')).toEqual([{ lotOpId: 'op-0', units: 100 }]);
  });

  test('units that come back to a lot that has ended end by themselves', () => {
    const all = entries({ delta: 100, businessDay: '2026-01-01' }, { delta: -40, businessDay: '2026-02-01' });
    const run = booked(all, YEAR, '2027-01-01');
    const back = [
      ...run,
      ...entries({
        delta: 40,
        businessDay: '2027-01-05',
        kind: 'entry.corrected',
        correctsOpId: 'op-1' as never,
      }).map((entry) => ({ ...entry, opId: 'back' as LotEntry['opId'] })),
    ];
    expect(dueExpiry(back, always(YEAR), '2027-01-05')).toEqual([{ lotOpId: 'back', units: 40 }]);
  });
});

/** One unit at a time: each has its birthday and dies on its day, if nobody spent it. */
function naiveDue(all: readonly LotEntry[], months: number, day: string): number {
  const units: string[] = [];
  let debt = 0;
  for (const { delta, businessDay } of all.filter((entry) => entry.businessDay <= day)) {
    for (let left = delta; left > 0; left -= 1) {
      if (debt > 0) debt -= 1;
      else units.push(businessDay);
    }
    for (let left = delta; left < 0; left += 1) if (units.shift() === undefined) debt += 1;
  }
  return units.filter((earned) => addMonths(earned, months) <= day).length;
}

const history = fc
  .array(fc.tuple(fc.integer({ min: -12, max: 15 }), fc.integer({ min: 0, max: 40 })), { maxLength: 25 })
  .map((moves) => {
    let day = '2026-01-01';
    return entries(
      ...moves
        .filter(([delta]) => delta !== 0)
        .map(([delta, later]) => {
          day = addDays(day, later);
          return { delta, businessDay: day };
        }),
    );
  });
const months = fc.integer({ min: 1, max: 12 });
const dayOf = fc.integer({ min: 0, max: 900 }).map((days) => addDays('2026-01-01', days));

test('agrees with counting unit by unit', () => {
  fc.assert(
    fc.property(history, months, dayOf, (all, expiresAfterMonths, day) => {
      const due = dueExpiry(all, always({ ...YEAR, expiresAfterMonths }), day);
      expect(due.reduce((sum, { units }) => sum + units, 0)).toBe(naiveDue(all, expiresAfterMonths, day));
    }),
  );
});

test('a run ends nothing twice, and never more than there is', () => {
  fc.assert(
    fc.property(history, months, dayOf, (all, expiresAfterMonths, day) => {
      const rules: ExpiryRules = { ...YEAR, expiresAfterMonths };
      const after = booked(all, rules, day);
      expect(dueExpiry(after, always(rules), day)).toEqual([]);
      const until = (some: LotEntry[]) => some.filter((entry) => entry.businessDay <= day);
      const balance = until(after).reduce((sum, { delta }) => sum + delta, 0);
      const before = until(all).reduce((sum, { delta }) => sum + delta, 0);
      expect(balance).toBeGreaterThanOrEqual(Math.min(0, before));
    }),
  );
});

test('any past day comes out the same, whatever happened since and in whatever order it is read', () => {
  fc.assert(
    fc.property(history, history, fc.tuple(months, dayOf), (all, later, [expiresAfterMonths, day]) => {
      const rules = always({ ...YEAR, expiresAfterMonths });
      const since = later.map((entry, at) => ({
        ...entry,
        opId: `late-${at}` as LotEntry['opId'],
        businessDay: addDays(day, 1 + at),
      }));
      const mixed = [...since, ...all].reverse();
      expect(dueExpiry(mixed, rules, day)).toEqual(dueExpiry(all, rules, day));
    }),
  );
});

test('every day that a run is done ends the same units in all as one run at the end', () => {
  fc.assert(
    fc.property(history, months, (all, expiresAfterMonths) => {
      const rules: ExpiryRules = { ...YEAR, expiresAfterMonths };
      const end = addMonths(all.at(-1)?.businessDay ?? '2026-01-01', expiresAfterMonths);
      const done = booked(all, rules, end);
      expect(lotsOf(done).filter(({ left }) => left > 0)).toEqual([]);
    }),
  );
});
