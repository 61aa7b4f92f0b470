import type { DayEntry } from '../../../db/replica/columns/day-entries.ts';
import { purchaseShare } from '../../../sync/merge/purchases.ts';

interface Sum {
  count: number;
  purchases: number;
  spentMinor: number;
}
interface ProgrammeSum extends Sum {
  given: number;
  taken: number;
}

export interface ShopTally {
  totals: Sum;
  kinds: Map<string, Sum>;
  cashiers: Map<string, Sum>;
  /** By card type; '' for cards that the copy does not hold yet. */
  programmes: Map<string, ProgrammeSum>;
  hours: number[];
}

const nothing = (): Sum => ({ count: 0, purchases: 0, spentMinor: 0 });

function slot<Of>(sums: Map<string, Of>, key: string, make: () => Of): Of {
  const known = sums.get(key);
  if (known !== undefined) return known;
  const made = make();
  sums.set(key, made);
  return made;
}

/** The hour that the shop's clock on the wall shows. */
export function hourIn(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, hour: '2-digit', hourCycle: 'h23' });
  return (atMs) => Number(format.format(atMs));
}

/**
 * The figures of a shop's day. What was taken back on the day counts against what it takes back, money and units
 * alike; the number of actions only rises. In any order; `hourOf` says the hour of a moment on the shop's wall.
 */
export function tallyShop(entries: readonly DayEntry[], hourOf: (wallMs: number) => number): ShopTally {
  const tally: ShopTally = {
    totals: nothing(),
    ...{ kinds: new Map(), cashiers: new Map(), programmes: new Map() },
    hours: Array.from({ length: 24 }, () => 0),
  };
  for (const entry of entries) {
    const { purchases, spentMinor } = purchaseShare(entry, entry.undone ?? undefined);
    const kind = slot(tally.kinds, entry.kind, nothing);
    const cashier = slot(tally.cashiers, entry.actorId, nothing);
    const programme = slot(tally.programmes, entry.cardTypeId ?? '', () => ({
      ...nothing(),
      ...{ given: 0, taken: 0 },
    }));
    for (const sum of [tally.totals, kind, cashier, programme]) {
      sum.count += 1;
      sum.purchases += purchases;
      sum.spentMinor += spentMinor;
    }
    // A counter-entry belongs to the side that it takes back.
    if ((entry.undone?.delta ?? entry.delta) >= 0) programme.given += entry.delta;
    else programme.taken -= entry.delta;
    const hour = hourOf(entry.wallMs);
    tally.hours[hour] = (tally.hours[hour] ?? 0) + 1;
  }
  return tally;
}
