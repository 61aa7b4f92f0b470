import { blob, index, integer, primaryKey, sqliteTable, text, unique } from 'drizzle-orm/sqlite-core';

export const importRuns = sqliteTable('import_runs', {
  runNo: integer('run_no').primaryKey(),
  runId: text('run_id').notNull().unique(),
  state: text('state').notNull(),
  body: text('body').notNull(),
});

export const importPieces = sqliteTable(
  'import_pieces',
  {
    pieceNo: integer('piece_no').primaryKey(),
    runNo: integer('run_no').notNull(),
    at: integer('at').notNull(),
    bytes: blob('bytes', { mode: 'buffer' }).notNull(),
  },
  (table) => [unique().on(table.runNo, table.at)],
);

export const importRows = sqliteTable(
  'import_rows',
  {
    runNo: integer('run_no').notNull(),
    rowNo: integer('row_no').notNull(),
    action: text('action').notNull(),
    status: text('status').notNull(),
    codes: text('codes').notNull(),
    cells: text('cells').notNull(),
    given: text('given').notNull(),
    memberId: text('member_id').notNull(),
    former: text('former').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.runNo, table.rowNo] }),
    index('import_rows_action').on(table.runNo, table.action, table.rowNo),
  ],
);

/** What a row says; its columns of the same names in `import_rows` are empty. */
export const importTexts = sqliteTable(
  'import_texts',
  {
    runNo: integer('run_no').notNull(),
    rowNo: integer('row_no').notNull(),
    cells: text('cells').notNull(),
    given: text('given').notNull(),
  },
  (table) => [primaryKey({ columns: [table.runNo, table.rowNo] })],
);
