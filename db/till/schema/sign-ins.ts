import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Who showed a PIN at this till, and what came of it; whose masked values somebody looked at, and why. */
export const signIns = sqliteTable('sign_ins', {
  signInNo: integer('sign_in_no').primaryKey(),
  firstMs: integer('first_ms').notNull(),
  lastMs: integer('last_ms').notNull(),
  tries: integer('tries').notNull(),
  staffId: text('staff_id').notNull(),
  act: text('act').notNull(),
  outcome: text('outcome').notNull(),
  place: text('place').notNull(),
  memberId: text('member_id').notNull(),
});
