import type { Balance } from '../../sync/feed/balance-lane.ts';
import type { Rows } from '../../sync/model/feed.ts';
import type { PageEnd, ReplicaDb } from './types.ts';

/** Rows of one transaction: some 20 ms, so that a cashier's next act never waits long. */
const ROWS_PER_SLICE = 500;

const TABLES = ['documents', 'members', 'cards', 'accounts', 'entries'] as const;

/** A page in pieces of at most `max` rows, in the same order. */
export function slicesOf(rows: Rows, max = ROWS_PER_SLICE): Rows[] {
  const slices: Rows[] = [];
  let slice: Rows = { documents: [], members: [], cards: [], accounts: [], entries: [] };
  let room = max;
  for (const table of TABLES) {
    const all = rows[table];
    for (let at = 0; at < all.length;) {
      const piece = all.slice(at, at + room);
      // Cast: a piece of a table's rows goes to the same table.
      (slice[table] as unknown[]).push(...piece);
      at += piece.length;
      room -= piece.length;
      if (room > 0) continue;
      slices.push(slice);
      slice = { documents: [], members: [], cards: [], accounts: [], entries: [] };
      room = max;
    }
  }
  if (room < max || slices.length === 0) slices.push(slice);
  return slices;
}

/**
 * `ReplicaDb.apply` in short transactions, the cursor with the last. A cut between two leaves a copy that is
 * right: each row says as of when it is exact, and the page comes again. Between slices `pause` lets others run.
 */
export async function applyInSlices(
  replica: ReplicaDb,
  rows: Rows,
  { at, pause }: { at: PageEnd; pause: () => Promise<void> },
): Promise<void> {
  const slices = slicesOf(rows);
  const last = slices.pop();
  for (const slice of slices) {
    replica.apply(slice, { ...at, cursor: replica.meta().cursor, isSettled: false });
    await pause();
  }
  if (last !== undefined) replica.apply(last, at);
}

/** `ReplicaDb.applyBalances` in the same way. */
export async function applyBalancesInSlices(
  replica: ReplicaDb,
  changes: readonly Balance[],
  { at, pause }: { at: PageEnd & { seq: number }; pause: () => Promise<void> },
): Promise<void> {
  for (let first = 0; first === 0 || first < changes.length; first += ROWS_PER_SLICE) {
    const slice = changes.slice(first, first + ROWS_PER_SLICE);
    const isLast = first + ROWS_PER_SLICE >= changes.length;
    const { cursor } = replica.meta();
    replica.applyBalances(slice, isLast ? at : { ...at, cursor, isSettled: false });
    if (!isLast) await pause();
  }
}
