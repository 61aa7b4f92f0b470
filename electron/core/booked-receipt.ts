import { addDays } from '../../sync/base/business-day.ts';
import type { EntryRow } from '../../sync/model/card.ts';
import { BOOKED_MAX, type BookedReceipt } from '../contract/records.ts';
import type { Ctx } from './ctx.ts';
import type { Laid } from './overlay.ts';
import { getTakingBack, type Named } from './taking-back.ts';
import { unitOf } from './views/card-view.ts';
import { canUndo } from './views/entry-view.ts';

/** All that this till knows of the person's entries, own ones too. */
const entriesOf = (ctx: Ctx, { people, openEntries }: Laid): EntryRow[] => [
  ...people.flatMap(({ memberId }) => ctx.replica().entriesOf(memberId, Number.MAX_SAFE_INTEGER)),
  ...[...openEntries.values()].map(({ row }) => row),
];

/** @param taken what was counted off the same account before */
function toBooked(
  ctx: Ctx,
  laid: Laid,
  { entry, taken }: { entry: EntryRow; taken: number },
): BookedReceipt[] {
  const account = laid.accounts.get(entry.accountId)?.view;
  const type = ctx.directory.cardType(account?.cardTypeId ?? '');
  if (account === undefined || type === undefined) return [];
  const balance = account.balance - taken;
  const isSpent = entry.delta > 0 && balance < entry.delta;
  const problem = !canUndo(ctx, entry, false) ? 'elsewhere' : isSpent ? 'spent' : null;
  const { name: cardType, nameZh: cardTypeZh } = type;
  const units = { delta: entry.delta, balance, balanceAfter: balance - entry.delta };
  return [{ entryOpId: entry.opId, cardType, cardTypeZh, unit: unitOf(type.kind), ...units, problem }];
}

/**
 * What was booked under the receipt's number and still counts, each as if those before it were countered.
 *
 * @throws AppError Why the receipt itself can not be taken back.
 */
export function bookedUnder(ctx: Ctx, asked: Named): BookedReceipt[] {
  const { laid, receipt } = getTakingBack(ctx, asked);
  const rows = entriesOf(ctx, laid);
  // Many registers count from one again each day; one of them may call it tomorrow before the till's own day ends.
  const days = new Set([-1, 0, 1].map((step) => addDays(receipt.day, step)));
  const countered = new Set(rows.map(({ correctsOpId }) => correctsOpId));
  const isBooked = (entry: EntryRow): boolean =>
    entry.receiptNo === receipt.receiptNo &&
    entry.storeId === receipt.storeId &&
    days.has(entry.businessDay) &&
    entry.delta !== 0 &&
    entry.correctsOpId === null &&
    !countered.has(entry.opId);
  const taken = new Map<string, number>();
  const booked = rows.filter(isBooked).flatMap((entry) => {
    const before = taken.get(entry.accountId) ?? 0;
    const shown = toBooked(ctx, laid, { entry, taken: before });
    if (shown.some(({ problem }) => problem === null)) taken.set(entry.accountId, before + entry.delta);
    return shown;
  });
  return booked.slice(0, BOOKED_MAX);
}
