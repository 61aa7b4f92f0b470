import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../../sync/base/canonical.ts';
import { CardType, documentSum } from '../../../../sync/model/chain.ts';
import { nextVersion, rulesIn, rulesOfVersion, rulesOn } from '../../../../sync/programmes/card-rules.ts';
import { earnFor } from '../../../../sync/programmes/earn.ts';
import { addDays } from '../../../../sync/base/business-day.ts';

const first = CardType.parse({
  cardTypeId: 'points',
  kind: 'points',
  version: 1,
  name: 'Points',
  validFrom: '2026-01-01',
  earnPoints: 1,
});
const edited = (type: CardType, validFrom: string, earnPoints: number) =>
  nextVersion(type, { ...rulesIn(type), validFrom, earnPoints });

test('a version counts from its first day on, the one before until then', () => {
  const type = edited(first, '2026-06-01', 2);
  expect(rulesOn(type, '2026-05-31').earnPoints).toBe(1);
  expect(rulesOn(type, '2026-06-01').earnPoints).toBe(2);
});

test('a version saved later replaces one that is planned, from its own first day on', () => {
  const type = edited(edited(first, '2026-12-01', 2), '2026-11-25', 3);
  expect(['2026-11-24', '2026-11-25', '2026-12-01'].map((day) => rulesOn(type, day).version)).toEqual([
    1, 3, 3,
  ]);
});

test('before every version the first one counts: a till whose clock is behind still sells', () => {
  expect(rulesOn(edited(first, '2026-06-01', 2), '2025-01-01').version).toBe(1);
});

test('each entry is worked out again by the version that made it, whatever was saved since', () => {
  const edits = fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 1, max: 9 })), {
    minLength: 1,
    maxLength: 12,
  });
  fc.assert(
    fc.property(edits, fc.integer({ min: 100, max: 99_999 }), (steps, amountMinor) => {
      const purchase = { amountMinor, tierId: '', earnedToday: 0 };
      let today = '2026-01-01';
      let type = first;
      const made: { version: number; units: number; day: string }[] = [];
      for (const [days, earnPoints] of steps) {
        type = edited(type, addDays(today, days), earnPoints);
        today = addDays(today, 3);
        const now = rulesOn(type, today);
        made.push({ version: now.version, units: earnFor(now, purchase).units, day: today });
      }
      for (const { version, units } of made) {
        const rules = rulesOfVersion(type, version);
        expect(rules === undefined ? null : earnFor(rules, purchase).units).toBe(units);
      }
    }),
  );
});

test('a version that is not in the document is not guessed', () => {
  expect(rulesOfVersion(edited(first, '2026-06-01', 2), 9)).toBeUndefined();
});

test('what points are worth counts from the day of its version on, and ends with it', () => {
  const worth = { points: 100, minor: 500 };
  const given = nextVersion(first, { ...rulesIn(first), validFrom: '2026-06-01', worth });
  expect(rulesOn(given, '2026-05-31')).not.toHaveProperty('worth');
  expect(rulesOfVersion(given, 1)).not.toHaveProperty('worth');
  const { worth: _gone, ...without } = rulesIn(given);
  const ended = nextVersion(given, { ...without, validFrom: '2026-08-01' });
  const days = ['2026-05-31', '2026-06-01', '2026-07-31', '2026-08-01'];
  expect(days.map((day) => rulesOn(ended, day).worth)).toEqual([undefined, worth, worth, undefined]);
  expect([1, 2, 3].map((version) => rulesOfVersion(ended, version)?.worth)).toEqual([
    undefined,
    worth,
    undefined,
  ]);
});

test('a card type that says no worth is written as it always was', () => {
  const kept = canonicalJson(CardType.parse(first));
  expect(kept).not.toContain('worth');
  expect(documentSum(CardType.parse(JSON.parse(kept)))).toBe('15c84064e1588d54');
});
