import { numberOf } from '../../../sync/model/list-tests.ts';
import { isRating, isReviews } from '../../../sync/model/attributes.ts';
import { CUSTOM_PREFIX } from '../../../sync/model/register.ts';
import type { ColumnView } from './register-columns.ts';
import type { RegisterTable } from './register-table.ts';

/** What a slot has in a column of numbers; NaN for none. */
function numbersIn(view: ColumnView): (slot: number) => number {
  if (view.is === 'numbers') return (slot) => view.values[slot] ?? Number.NaN;
  if (view.is === 'texts') return () => Number.NaN;
  const { codes, sets } = view.column;
  const byCode = sets.map(([value]) => (value === undefined ? Number.NaN : numberOf('number', value)));
  return (slot) => byCode[codes[slot] ?? 0] ?? Number.NaN;
}

/**
 * Reviews of all listed members and their mean rating (F66). A member's rating is the mean of her own reviews, so it
 * weighs as many; a rating without a number of reviews is one. What is no rating or no number of reviews counts for
 * nothing: a document may make text of either, and older values were not checked.
 */
export function countReviews(
  { listed, count }: Pick<RegisterTable, 'listed' | 'count'>,
  viewOf: (column: string) => ColumnView,
): { reviews: number; rating: number | null } {
  const ratingAt = numbersIn(viewOf(`${CUSTOM_PREFIX}rating`));
  const reviewsAt = numbersIn(viewOf(`${CUSTOM_PREFIX}reviews`));
  let [reviews, rated, sum] = [0, 0, 0];
  for (let slot = 0; slot < count; slot += 1) {
    if (listed[slot] !== 1) continue;
    const [rating, told] = [ratingAt(slot), reviewsAt(slot)];
    const isRated = isRating(rating);
    const weight = isReviews(told) ? told : isRated ? 1 : 0;
    reviews += weight;
    if (!isRated) continue;
    rated += weight;
    sum += rating * weight;
  }
  return { reviews, rating: rated === 0 ? null : Math.round((sum / rated) * 10) / 10 };
}
