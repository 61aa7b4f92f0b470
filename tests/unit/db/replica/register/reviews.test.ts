import { expect, test } from 'vitest';
import { countReviews } from '../../../../../db/replica/register/reviews.ts';
import { DirectoryTotals } from '../../../../../electron/contract/directory.ts';

const none = Number.NaN;
const count = (members: readonly (readonly [rating: number, reviews: number])[]) =>
  countReviews({ listed: members.map(() => 1) as never, count: members.length }, (column) => ({
    ...{ is: 'numbers', kind: 'number', isSigned: true },
    values: Float64Array.from(members, ([rating, reviews]) => (column.endsWith('rating') ? rating : reviews)),
  }));

test('a number of reviews that is none, and a rating beside 1 to 5, are in no figure', () => {
  const good = [
    [4, 3],
    [2, none],
  ] as const;
  const odd = [
    [500, none],
    [-3, none],
    [none, 2.5],
    [none, -1],
    [none, 9e15],
  ] as const;
  expect(count([...good, ...odd])).toEqual({ reviews: 4, rating: 3.5 });
  // A rating without a whole number of reviews is one.
  expect(count([[4, 2.5]])).toEqual({ reviews: 1, rating: 4 });
});

test('figures of any members are such that the page takes them', () => {
  const { reviews, rating } = DirectoryTotals.shape;
  const counted = count(Array.from({ length: 1_000 }, () => [5, 999_999_999_999_999] as const));
  expect(() => [reviews.parse(counted.reviews), rating.parse(counted.rating)]).not.toThrow();
});
