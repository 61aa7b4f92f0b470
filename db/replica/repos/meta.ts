import { eq } from 'drizzle-orm';
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
  const purged = db.select({ purged: meta.purged }).from(meta).where(isTheRow).prepare();
  // By hand: drizzle puts an UPDATE together anew each time, and each slice of a page has two of them.
  const setReached = raw.prepare<[string, number, number]>(
    'UPDATE meta SET epoch = ?, cursor = ?, settled = ? WHERE id = 1',
  );
  const marked = db.select({ mark: meta.mark }).from(meta).where(isTheRow).prepare();
  const setMark = raw.prepare<[string, string]>('UPDATE meta SET mark = ? WHERE id = 1 AND mark <> ?');
  const setPurged = raw.prepare<[number]>('UPDATE meta SET purged = ? WHERE id = 1');
  const addCounts = raw.prepare<[number, number, number, number]>(
    `UPDATE meta SET members = members + ?, cards = cards + ?, accounts = accounts + ?, entries = entries + ?
     WHERE id = 1`,
  );
  return {
    get: reach.get,
    counts: (): ReplicaCounts => must(counted.get(), 'meta has its row'),
    reach: ({ epoch, cursor, settled }: ReplicaMeta): void => {
      reach.forget();
      setReached.run(epoch, cursor, settled);
    },
    purged: (): number => must(purged.get(), 'meta has its row').purged,
    mark: (): string => must(marked.get(), 'meta has its row').mark,
    note: (mark: string): void => void setMark.run(mark, mark),
    purge: (upTo: number): void => void setPurged.run(upTo),
    /** Adds what was new in a page. */
    count: ({ members, cards, accounts, entries }: ReplicaCounts): void => {
      if (members + cards + accounts + entries > 0) addCounts.run(members, cards, accounts, entries);
    },
    reset: (): void => {
      reach.forget();
      db.update(meta)
        .set({
          ...{ epoch: '', cursor: 0, settled: 0, purged: 0, mark: '' },
          ...{ members: 0, cards: 0, accounts: 0, entries: 0 },
        })
        .where(isTheRow)
        .run();
    },
  };
}
