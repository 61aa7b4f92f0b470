import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NONE } from '../../../../sync/segments/columns.ts';
import {
  drawBorders,
  gridOf,
  nameOf,
  rfmColumns,
  scoreAll,
  scoreMember,
  usualGap,
} from '../../../../sync/segments/rfm.ts';

const person = fc.record({
  lastActive: fc.integer({ min: 20_000, max: 20_100 }),
  purchases: fc.integer({ min: -1, max: 12 }),
  spent: fc.integer({ min: 0, max: 500 }),
});
type Person = { lastActive: number; purchases: number; spent: number };
const columns = (people: readonly Person[]) => ({
  lastActive: people.map((each) => each.lastActive),
  purchases: people.map((each) => each.purchases),
  spent: people.map((each) => each.spent),
});

/** Of each fifth its highest value; a score is one more than the fifths that somebody is above. */
function naiveScore(values: readonly number[], value: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  const ends = [1, 2, 3, 4].map((fifth) => sorted[Math.ceil((sorted.length * fifth) / 5) - 1] ?? 0);
  return 1 + ends.filter((end) => value > end).length;
}

test('everybody is scored by the fifths of those who bought, in whatever order they come', () => {
  fc.assert(
    fc.property(fc.array(person, { minLength: 1, maxLength: 60 }), fc.nat(), (people, seed) => {
      const borders = drawBorders(columns(people));
      const turned = [...people.slice(seed % people.length), ...people.slice(0, seed % people.length)];
      expect(drawBorders(columns(turned))).toEqual(borders);
      const buyers = people.filter(({ purchases }) => purchases > 0);
      for (const each of people) {
        const of = (field: keyof Person) =>
          naiveScore(
            buyers.map((other) => other[field]),
            each[field],
          );
        const expected =
          each.purchases > 0
            ? { recency: of('lastActive'), frequency: of('purchases'), money: of('spent') }
            : null;
        expect(scoreMember(each, borders)).toEqual(expected);
      }
    }),
  );
});

test('one member and all members are scored alike, and the grid has each buyer once', () => {
  fc.assert(
    fc.property(fc.array(person, { maxLength: 60 }), (people) => {
      const all = columns(people);
      const borders = drawBorders(all);
      const cells = scoreAll(all, borders);
      const { rfm, recency, money } = rfmColumns(cells);
      for (const [row, each] of people.entries()) {
        const score = scoreMember(each, borders);
        const names = rfm.type === 'set' ? rfm.sets[rfm.codes[row] ?? 0] : null;
        expect(names).toEqual(score === null ? [] : [nameOf(score)]);
        const numbers = [recency, money].map((column) =>
          column.type === 'number' ? column.values[row] : null,
        );
        expect(numbers).toEqual([score?.recency ?? NONE, score?.money ?? NONE]);
      }
      const grid = gridOf(cells, all.spent);
      const buyers = people.filter(({ purchases }) => purchases > 0);
      expect(grid.reduce((sum, cell) => sum + cell.members, 0)).toBe(buyers.length);
      expect(grid.reduce((sum, cell) => sum + cell.spentMinor, 0)).toBe(
        buyers.reduce((sum, each) => sum + each.spent, 0),
      );
    }),
  );
});

test('many who bought once score one for it, not three', () => {
  const people = [1, 1, 1, 1, 1, 1, 4, 5, 6, 7].map((purchases, at) => ({
    purchases,
    lastActive: at,
    spent: at,
  }));
  const borders = drawBorders(columns(people));
  expect(people.map((each) => scoreMember(each, borders)?.frequency)).toEqual([1, 1, 1, 1, 1, 1, 4, 4, 5, 5]);
});

test('the best of all three are champions, who was so long ago is not to be lost, and who never bought is nobody', () => {
  expect(nameOf({ recency: 5, frequency: 5, money: 5 })).toBe('champions');
  expect(nameOf({ recency: 1, frequency: 5, money: 5 })).toBe('cannotLose');
  expect(nameOf({ recency: 5, frequency: 1, money: 1 })).toBe('new');
  expect(nameOf({ recency: 1, frequency: 1, money: 1 })).toBe('lost');
  expect(scoreMember({ purchases: 0, lastActive: 5, spent: 0 }, drawBorders(columns([])))).toBeNull();
});

test('what is usual is the mean of the days between purchases; of one purchase there is none', () => {
  expect(usualGap({ lastActive: 142, purchases: 11, spent: 0 }, 2)).toBe(14);
  expect(usualGap({ lastActive: 142, purchases: 3, spent: 0 }, 2)).toBeNull();
  expect(usualGap({ lastActive: 142, purchases: 4, spent: 0 }, 2)).toBe(47);
  expect(usualGap({ lastActive: 3, purchases: 5, spent: 0 }, 3)).toBe(1);
});
