import type { Connection } from '../../open.ts';

const ROWS_PER_STEP = 2_000;

/** Where a walk over the file stands: a table, and the last row seen in it. */
export type WalkPosition =
  | { table: 'members' | 'cards' | 'accounts' | 'entries'; rowid: number }
  | { table: 'search_keys'; run: number; key: string; rid: number };

export const WALK_START: WalkPosition = { table: 'members', rowid: 0 };

const NEXT_TABLE = { members: 'cards', cards: 'accounts', accounts: 'entries' } as const;

/**
 * Reads the file a little at a time: each page's seal is checked as it is read, so damage is met before a
 * cashier meets it.
 */
export function pageWalker(raw: Connection) {
  const inTable = (table: string) =>
    raw.prepare<[number], { rowid: number }>(
      `SELECT rowid AS rowid FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT 1 OFFSET ${ROWS_PER_STEP - 1}`,
    );
  const steps = {
    members: inTable('members'),
    cards: inTable('cards'),
    accounts: inTable('accounts'),
    entries: inTable('entries'),
  };
  const inKeys = raw.prepare<[number, string, number], { run: number; key: string; rid: number }>(
    `SELECT run, key, rid FROM search_keys WHERE (run, key, rid) > (?, ?, ?)
     ORDER BY run, key, rid LIMIT 1 OFFSET ${ROWS_PER_STEP - 1}`,
  );
  return {
    /**
     * Reads the next 2,000 rows. Null when all was read. Throws `DbError` `damaged` at a page that is not
     * what it was.
     */
    walkPages: (from: WalkPosition): WalkPosition | null => {
      if (from.table === 'search_keys') {
        const last = inKeys.get(from.run, from.key, from.rid);
        return last === undefined ? null : { table: 'search_keys', ...last };
      }
      const last = steps[from.table].get(from.rowid);
      if (last !== undefined) return { table: from.table, rowid: last.rowid };
      if (from.table === 'entries') return { table: 'search_keys', run: -1, key: '', rid: 0 };
      return { table: NEXT_TABLE[from.table], rowid: 0 };
    },
  };
}
