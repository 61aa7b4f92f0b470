import { blob, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Counts and sums by bucket of one table; see `sync/feed/digest.ts`. */
export const digests = sqliteTable('digests', {
  name: text('name').primaryKey(),
  body: blob('body', { mode: 'buffer' }).notNull(),
  isWhole: integer('is_whole').notNull(),
});

/** One row while a bulk fill is under way, none otherwise. */
export const bulkFill = sqliteTable('bulk_fill', {
  id: integer('id').primaryKey(),
  snapshot: text('snapshot').notNull(),
  chunks: integer('chunks').notNull(),
});

/** One row: the last rows that a bulk fill brought. */
export const bulkRows = sqliteTable('bulk_rows', {
  id: integer('id').primaryKey(),
  members: integer('members').notNull(),
  cards: integer('cards').notNull(),
});

/** Indexes that a bulk fill still has to make. */
export const bulkIndexes = sqliteTable('bulk_indexes', {
  name: text('name').primaryKey(),
  sql: text('sql').notNull(),
});
