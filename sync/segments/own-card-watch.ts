import type { EntryKind, EntryRow } from '../model/card.ts';
import type { WatchReason } from '../model/inbox.ts';

/** What the watch looks at of an entry. */
export type WatchedEntry = Pick<
  EntryRow,
  | 'opId'
  | 'accountId'
  | 'memberId'
  | 'kind'
  | 'delta'
  | 'amountMinor'
  | 'receiptNo'
  | 'correctsOpId'
  | 'actorId'
  | 'businessDay'
  | 'wallMs'
>;

export interface WatchFinding {
  reason: WatchReason;
  actorId: WatchedEntry['actorId'];
  memberId: WatchedEntry['memberId'];
  accountId: WatchedEntry['accountId'];
  /** Entries that it is about, latest last. */
  opIds: WatchedEntry['opId'][];
  units: number;
}

/** Days before and including the one that is closed. */
export const WATCH_DAYS = 28;
/** Bookings of one cashier on one card within those days, and how many of all of the card's that must be. */
const OFTEN_MIN = 6;
const OFTEN_SHARE = 0.8;
/** A cashier who is alone in the shop books nearly everything: her share of the card must be so far above that. */
const OFTEN_ABOVE = 0.4;
/** Bookings of one cashier on one card within the day. */
const OFTEN_DAY_MIN = 4;
/** A stamp card has no amounts: so many stamps in one go without a receipt are no usual visit. */
const STAMPS_MIN = 5;
const SOON_MS = 30 * 60_000;

const EARNING: ReadonlySet<EntryKind> = new Set<EntryKind>([
  ...(['stamp.added', 'points.credited', 'visits.added', 'credit.toppedUp', 'credit.earned'] as const),
]);
const SPENDING: ReadonlySet<EntryKind> = new Set<EntryKind>([
  ...(['points.debited', 'visit.deducted', 'credit.spent', 'reward.redeemed'] as const),
]);

const isWithoutSale = ({ kind, amountMinor, receiptNo, delta }: WatchedEntry): boolean =>
  amountMinor === null && receiptNo === '' && (kind !== 'stamp.added' || delta >= STAMPS_MIN);

function grouped(
  entries: readonly WatchedEntry[],
  keyOf: (entry: WatchedEntry) => string,
): Map<string, WatchedEntry[]> {
  const groups = new Map<string, WatchedEntry[]>();
  for (const entry of entries) {
    const group = groups.get(keyOf(entry));
    if (group === undefined) groups.set(keyOf(entry), [entry]);
    else group.push(entry);
  }
  return groups;
}

function toFinding(reason: WatchReason, entries: readonly WatchedEntry[]): WatchFinding[] {
  const [first] = entries;
  if (first === undefined) return [];
  const { actorId, memberId, accountId } = first;
  const units = entries.reduce((sum, { delta }) => sum + Math.abs(delta), 0);
  return [{ reason, actorId, memberId, accountId, opIds: entries.map(({ opId }) => opId), units }];
}

/** Cards that one cashier uses far more than the rest of the shop would let expect. */
function usedOften(earned: readonly WatchedEntry[], day: string): WatchFinding[] {
  const byActor = grouped(earned, ({ actorId }) => actorId);
  const found: WatchFinding[] = [];
  for (const ofCard of grouped(earned, ({ accountId }) => accountId).values()) {
    for (const [actorId, own] of grouped(ofCard, (entry) => entry.actorId)) {
      const today = own.filter(({ businessDay }) => businessDay === day);
      if (today.length === 0) continue;
      const share = own.length / ofCard.length;
      const usual = (byActor.get(actorId)?.length ?? 0) / earned.length;
      const isOften = own.length >= OFTEN_MIN && share >= OFTEN_SHARE && share - usual >= OFTEN_ABOVE;
      if (isOften || today.length >= OFTEN_DAY_MIN) found.push(...toFinding('often', isOften ? own : today));
    }
  }
  return found;
}

/** What was given today without a sale, told as one with what was spent of it soon after. */
function withoutSale(entries: readonly WatchedEntry[], day: string): WatchFinding[] {
  const today = entries.filter(({ businessDay }) => businessDay === day);
  const found: WatchFinding[] = [];
  for (const ofCard of grouped(today, ({ accountId, actorId }) => `${accountId} ${actorId}`).values()) {
    const given = ofCard.filter((entry) => EARNING.has(entry.kind) && isWithoutSale(entry));
    const spent = ofCard.filter(
      ({ kind, wallMs }) =>
        SPENDING.has(kind) && given.some((each) => wallMs >= each.wallMs && wallMs - each.wallMs <= SOON_MS),
    );
    if (spent.length > 0) found.push(...toFinding('spendAfter', [...given, ...spent]));
    else found.push(...toFinding('noSale', given));
  }
  return found;
}

/**
 * What a manager should look at before she signs a day: it accuses nobody, it says where to look. What was taken back
 * counts for nothing.
 *
 * @param entries of one store, of `WATCH_DAYS` up to `day`, in any order
 */
export function watchCards(entries: readonly WatchedEntry[], day: string): WatchFinding[] {
  const undone = new Set(entries.map(({ correctsOpId }) => correctsOpId));
  const counted = entries
    .filter(({ opId, correctsOpId }) => correctsOpId === null && !undone.has(opId))
    .toSorted((left, right) => left.wallMs - right.wallMs);
  const earned = counted.filter(({ kind }) => EARNING.has(kind));
  return [...withoutSale(counted, day), ...usedOften(earned, day)];
}
