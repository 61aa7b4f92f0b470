import { eq, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { must } from '../../../sync/base/must.ts';
import type { Connection } from '../../open.ts';
import { remembered } from '../../remembered.ts';
import { meta } from '../schema/meta.ts';
import type { ReplicaCounts, ReplicaMeta } from '../types.ts';

export type MetaRepo = ReturnType<typeof metaRepo>;

/** How far the copy reaches and how much it holds: one row, which the first migration wrote. */
export function metaRepo(raw: Connection, db: BetterSQLite3Database) {
  const isTheRow = eq(meta.id, 1);
  const reached = db
    .select({ epoch: meta.epoch, cursor: meta.cursor, settled: meta.settled })
    .from(meta)
    .where(isTheRow)
    .prepare();
  const counted = db
    .select({ members: meta.members, cards: meta.cards, accounts: meta.accounts, entries: meta.entries })
    .from(meta)
    .where(isTheRow)
    .prepare();
  const reach = remembered(raw, (): ReplicaMeta => must(reached.get(), 'meta has its row'));
  return {
    get: reach.get,
    counts: (): ReplicaCounts => must(counted.get(), 'meta has its row'),
    reach: (to: ReplicaMeta): void => {
      reach.forget();
      db.update(meta).set(to).where(isTheRow).run();
    },
    /** Adds what was new in a page. */
    count: (added: ReplicaCounts): void =>
      void db
        .update(meta)
        .set({
          members: sql`${meta.members} + ${added.members}`,
          cards: sql`${meta.cards} + ${added.cards}`,
          accounts: sql`${meta.accounts} + ${added.accounts}`,
          entries: sql`${meta.entries} + ${added.entries}`,
        })
        .where(isTheRow)
        .run(),
    reset: (): void => {
      reach.forget();
      db.update(meta)
        .set({ epoch: '', cursor: 0, settled: 0, members: 0, cards: 0, accounts: 0, entries: 0 })
        .where(isTheRow)
        .run();
    },
  };
}
