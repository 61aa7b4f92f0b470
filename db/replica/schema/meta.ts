import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/**
 * One row: how far the copy reaches, and how many rows it holds (counting a million takes too long for a
 * status line).
 */
export const meta = sqliteTable('meta', {
  id: integer('id').primaryKey(),
  epoch: text('epoch').notNull(),
  cursor: integer('cursor').notNull(),
  settled: integer('settled').notNull(),
  members: integer('members').notNull(),
  cards: integer('cards').notNull(),
  accounts: integer('accounts').notNull(),
  entries: integer('entries').notNull(),
  purged: integer('purged').notNull(),
  mark: text('mark').notNull(),
});
