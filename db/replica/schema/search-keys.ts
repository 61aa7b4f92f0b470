import { integer, primaryKey, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Every key that finds a member, in runs that are searched together; a search is one range of each. */
export const searchKeysTable = sqliteTable(
  'search_keys',
  {
    run: integer('run').notNull(),
    key: text('key').notNull(),
    /** Row number of the member in this file. */
    rid: integer('rid').notNull(),
  },
  (table) => [primaryKey({ columns: [table.run, table.key, table.rid] })],
);

export const keyRuns = sqliteTable('key_runs', { run: integer('run').primaryKey() });

/** One row: which keys are made, and where new ones go. */
export const keyState = sqliteTable('key_state', {
  id: integer('id').primaryKey(),
  /** Fingerprint of the rules that made the search keys. */
  rules: text('rules').notNull(),
  built: integer('built').notNull(),
  until: integer('until').notNull(),
  batchRun: integer('batch_run').notNull(),
  openRun: integer('open_run').notNull(),
  openKeys: integer('open_keys').notNull(),
});

export const goneKeys = sqliteTable(
  'gone_keys',
  { key: text('key').notNull(), rid: integer('rid').notNull() },
  (table) => [primaryKey({ columns: [table.key, table.rid] })],
);
