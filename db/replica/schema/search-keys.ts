import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { members } from './members.ts';

/** One ordered table of every key that finds a member; a search is one range of it. */
export const searchKeysTable = sqliteTable(
  'search_keys',
  {
    key: text('key').notNull(),
    rid: integer('rid')
      .notNull()
      .references(() => members.rid),
  },
  (table) => [primaryKey({ columns: [table.key, table.rid] })],
);
