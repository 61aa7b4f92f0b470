import { addDays } from '../../../sync/base/business-day.ts';
import { isPurchase } from '../../../sync/merge/lots.ts';
import type { EntryRow } from '../../../sync/model/card.ts';
import { EDIT_WINDOW_DAYS } from '../../contract/purchases.ts';

/**
 * Whether an entry's amount can be put right: the last purchase of its card that nobody countered, and not older
 * than the window. @param rows all that the till knows of the person
 */
export function isEditable(rows: readonly EntryRow[], entry: EntryRow, today: string): boolean {
  if (!isPurchase(entry) || entry.businessDay < addDays(today, -EDIT_WINDOW_DAYS)) return false;
  const countered = new Set(rows.map(({ correctsOpId }) => correctsOpId));
  const isLater = (other: EntryRow): boolean =>
    other.wallMs > entry.wallMs || (other.wallMs === entry.wallMs && other.opId > entry.opId);
  const isStanding = (other: EntryRow): boolean => isPurchase(other) && !countered.has(other.opId);
  return (
    isStanding(entry) &&
    !rows.some((other) => other.cardId === entry.cardId && isStanding(other) && isLater(other))
  );
}
