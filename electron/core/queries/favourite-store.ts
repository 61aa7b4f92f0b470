import type { EntryRow } from '../../../sync/model/card.ts';
import { getLaid } from '../commands/shared.ts';
import type { Handler } from '../ctx.ts';

/** Made at a desk, or by nobody: nobody came for them. */
const NO_VISIT: ReadonlySet<EntryRow['kind']> = new Set([
  ...(['card.issued', 'entry.corrected', 'purchase.edited', 'points.expired'] as const),
  ...(['balance.forfeited', 'credit.paidOut'] as const),
]);

/** Days on which something of hers was booked, by shop; of as many days the shop that she came to last. */
export const getFavouriteStore: Handler<'members.favouriteStore'> = (ctx, { memberId }) => {
  const laid = getLaid(ctx, memberId);
  const rows = [
    ...[...laid.openEntries.values()].map(({ row }) => row),
    ...laid.people.flatMap((each) => ctx.replica().entriesOf(each.memberId, Number.MAX_SAFE_INTEGER)),
  ];
  const taken = new Set(
    rows.flatMap(({ kind, correctsOpId }) => (kind === 'entry.corrected' ? [correctsOpId] : [])),
  );
  const days = new Map<string, Set<string>>();
  for (const { kind, opId, storeId, businessDay } of rows) {
    if (NO_VISIT.has(kind) || taken.has(opId)) continue;
    days.set(storeId, (days.get(storeId) ?? new Set()).add(businessDay));
  }
  const [first] = [...days]
    .map(([storeId, came]) => ({ storeId, visits: came.size, last: [...came].sort().at(-1) ?? '' }))
    .sort((left, right) => right.visits - left.visits || (left.last < right.last ? 1 : -1));
  if (first === undefined) return { store: null };
  const { storeId, visits } = first;
  return { store: { name: ctx.directory.store(storeId)?.name ?? storeId, visits } };
};
