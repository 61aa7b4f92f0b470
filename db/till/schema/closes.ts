import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Certificates of closed business days, as they were signed. */
export const dayCloses = sqliteTable('day_closes', {
  businessDay: text('business_day').primaryKey().notNull(),
  certificate: text('certificate').notNull(),
  signature: text('signature').notNull(),
});

/** What the centre answered about them; the newest counts. */
export const dayReceipts = sqliteTable('day_receipts', {
  receiptNo: integer('receipt_no').primaryKey(),
  businessDay: text('business_day')
    .notNull()
    .references(() => dayCloses.businessDay),
  receipt: text('receipt').notNull(),
  signature: text('signature').notNull(),
});

/** Ops that begin an earlier clock and day than the op before them. */
export const clockTurns = sqliteTable('clock_turns', { tseq: integer('tseq').primaryKey() });
