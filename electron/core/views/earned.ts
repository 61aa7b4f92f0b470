import type { AccountId } from '../../../sync/base/ids.ts';
import type { EntryRow } from '../../../sync/model/card.ts';
import type { Ctx } from '../ctx.ts';
import type { Laid } from '../overlay.ts';

/** A card has no more purchases on one day than that; beyond it the day's limit is not reckoned with. */
const ENTRIES_MAX = 500;

/**
 * What an account earned by purchases on a business day, corrections taken off, as far as this till knows: entries of
 * its own store and its own on top.
 */
export function earnedOn(
  ctx: Ctx,
  laid: Pick<Laid, 'people' | 'openEntries'>,
  { accountId, day }: { accountId: AccountId; day: string },
): number {
  const confirmed = laid.people.flatMap(({ memberId }) => ctx.replica().entriesOf(memberId, ENTRIES_MAX));
  const rows = [...confirmed, ...[...laid.openEntries.values()].map(({ row }) => row)];
  const ofAccount = rows.filter((row) => row.accountId === accountId);
  const isEarned = (row: EntryRow): boolean =>
    row.businessDay === day && row.amountMinor !== null && row.delta > 0;
  const earned = new Set(ofAccount.filter(isEarned).map(({ opId }) => opId));
  return ofAccount
    .filter((row) => isEarned(row) || (row.correctsOpId !== null && earned.has(row.correctsOpId)))
    .reduce((sum, { delta }) => sum + delta, 0);
}
