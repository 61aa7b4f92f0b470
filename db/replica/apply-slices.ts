import type { Balance } from '../../sync/feed/balance-lane.ts';
import type { Rows } from '../../sync/model/feed.ts';
import type { PageEnd, ReplicaDb } from './types.ts';

/** Rows of one transaction at most: some 15 ms, so that a cashier's next act never waits long. */
const ROWS_MAX = 500;
/** A first slice is small: how fast this machine is just now shows then. */
const ROWS_FIRST = 200;
const ROWS_MIN = 50;
/** What a slice may take; the next one is cut by what this one took. */
const SLICE_MS = 20;

const TABLES = ['documents', 'members', 'cards', 'accounts', 'entries'] as const;

const noRows = (): Rows => ({ documents: [], members: [], cards: [], accounts: [], entries: [] });
const countRows = (rows: Rows): number => TABLES.reduce((sum, table) => sum + rows[table].length, 0);

/** A page in pieces, in the same order; `room` is asked for the size of each before it is cut. */
export function* slicesBy(rows: Rows, room: () => number): Generator<Rows, void, void> {
  let slice = noRows();
  let left = room();
  for (const table of TABLES) {
    const all = rows[table];
    for (let at = 0; at < all.length;) {
      const piece = all.slice(at, at + left);
      // Cast: a piece of a table's rows goes to the same table.
      (slice[table] as unknown[]).push(...piece);
      at += piece.length;
      left -= piece.length;
      if (left > 0) continue;
      yield slice;
      slice = noRows();
      left = room();
    }
  }
  if (countRows(slice) > 0) yield slice;
}

/** How many rows a slice may have, by what the one before took. */
function createPace() {
  let rows = ROWS_FIRST;
  return {
    rows: (): number => rows,
    /** Runs one slice of so many rows. */
    timed: (count: number, act: () => void): void => {
      const startMs = performance.now();
      act();
      const tookMs = Math.max(performance.now() - startMs, 0.1);
      rows = Math.max(ROWS_MIN, Math.min(ROWS_MAX, Math.floor((count * SLICE_MS) / tookMs)));
    },
  };
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
  const pace = createPace();
  let left = countRows(rows);
  if (left === 0) return replica.apply(rows, at);
  const letGo = replica.claimTurns();
  try {
    for (const slice of slicesBy(rows, pace.rows)) {
      const count = countRows(slice);
      left -= count;
      const end = left === 0 ? at : { ...at, cursor: replica.meta().cursor, isSettled: false };
      pace.timed(count, () => replica.apply(slice, end));
      if (left > 0) await pause();
    }
  } finally {
    letGo();
  }
}

/** `ReplicaDb.applyBalances` in the same way. */
export async function applyBalancesInSlices(
  replica: ReplicaDb,
  changes: readonly Balance[],
  { at, pause }: { at: PageEnd & { seq: number }; pause: () => Promise<void> },
): Promise<void> {
  const pace = createPace();
  const letGo = replica.claimTurns();
  try {
    for (let next = 0; ;) {
      const slice = changes.slice(next, next + pace.rows());
      next += slice.length;
      const isLast = next >= changes.length;
      const { cursor } = replica.meta();
      const end = isLast ? at : { ...at, cursor, isSettled: false };
      pace.timed(slice.length, () => replica.applyBalances(slice, end));
      if (isLast) return;
      await pause();
    }
  } finally {
    letGo();
  }
}
