import { sqliteTable, text } from 'drizzle-orm/sqlite-core';

export const settings = sqliteTable('settings', {
  key: text('key').primaryKey().notNull(),
  value: text('value', { mode: 'json' }).$type<unknown>().notNull(),
});
