import type { EntryKind, EntryRow } from '../model/card.ts';

/** What an entry adds to its account's purchases and to the money spent, in minor units. */
export interface PurchaseShare {
  purchases: number;
  spentMinor: number;
}

const NOTHING: PurchaseShare = { purchases: 0, spentMinor: 0 };

type Bought = Pick<EntryRow, 'kind' | 'amountMinor' | 'delta'>;

/** A visit at the counter is a purchase, whether or not its amount was typed. */
const VISITS: ReadonlySet<EntryKind> = new Set<EntryKind>(['stamp.added', 'visit.deducted', 'credit.spent']);
/** Without an amount these were given by hand. A top-up is money that is spent later, so it is in neither. */
const WITH_AMOUNT: ReadonlySet<EntryKind> = new Set<EntryKind>([
  'points.credited',
  'visits.added',
  'credit.earned',
]);

/** Expired points stay bought. */
const TAKING_BACK: ReadonlySet<EntryKind> = new Set<EntryKind>(['entry.corrected', 'purchase.edited']);

function boughtBy({ kind, amountMinor, delta }: Bought): PurchaseShare {
  if (!VISITS.has(kind) && !(WITH_AMOUNT.has(kind) && amountMinor !== null)) return NOTHING;
  // Credit is kept in minor units.
  return { purchases: 1, spentMinor: amountMinor ?? (kind === 'credit.spent' ? -delta : 0) };
}

/**
 * An entry's share of its account's figures. A correction takes back what the entry that it names had added; the
 * correction of a correction moves units only. So the figures are a sum over the ledger, in any order.
 *
 * @param undone the entry that `entry` corrects, where it corrects one
 */
export function purchaseShare(entry: Bought, undone: Bought | undefined): PurchaseShare {
  if (!TAKING_BACK.has(entry.kind)) return boughtBy(entry);
  if (undone === undefined) return NOTHING;
  const { purchases, spentMinor } = boughtBy(undone);
  // Not -0: it is another value to a hash.
  return { purchases: 0 - purchases, spentMinor: 0 - spentMinor };
}
