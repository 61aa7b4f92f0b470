import type { WatchedEntry } from '../../../sync/segments/own-card-watch.ts';
import type { Connection } from '../../open.ts';

/** Days of one store, both ends included. */
export interface WatchedRange {
  storeId: string;
  fromDay: string;
  toDay: string;
}

/** What the own-card watch looks at. Reads these days of all shops that the copy holds. */
export function watchedEntries(raw: Connection, { storeId, fromDay, toDay }: WatchedRange): WatchedEntry[] {
  return raw
    .prepare<[string, string, string], WatchedEntry>(
      `SELECT op_id AS opId, account_id AS accountId, member_id AS memberId, kind, delta,
         amount_minor AS amountMinor, receipt_no AS receiptNo, corrects_op_id AS correctsOpId,
         actor_id AS actorId, business_day AS businessDay, wall_ms AS wallMs
       FROM entries WHERE store_id = ? AND business_day BETWEEN ? AND ?`,
    )
    .all(storeId, fromDay, toDay);
}
