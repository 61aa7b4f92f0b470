import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { ops } from './ops.ts';

/** Keys that find the members of ops which the confirmed rows do not contain yet. */
export const pendingKeys = sqliteTable(
  'pending_keys',
  {
    key: text('key').notNull(),
    memberId: text('member_id').notNull(),
    tseq: integer('tseq')
      .notNull()
      .references(() => ops.tseq),
  },
  (table) => [primaryKey({ columns: [table.key, table.memberId, table.tseq] })],
);
