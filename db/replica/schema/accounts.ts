import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { AccountId, CardTypeId, MemberId } from '../../../sync/base/ids.ts';

export const accounts = sqliteTable('accounts', {
  accountId: text('account_id').$type<AccountId>().notNull(),
  seq: integer('seq').notNull(),
  accountNo: integer('account_no').primaryKey(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  cardTypeId: text('card_type_id').$type<CardTypeId>().notNull(),
  balance: integer('balance').notNull(),
  entryCount: integer('entry_count').notNull(),
  lastEntryAtMs: integer('last_entry_at_ms').notNull(),
  /** Of what never changes of it; see `accountKinHash`. */
  rowHash: integer('row_hash').notNull(),
  purchaseCount: integer('purchase_count').notNull(),
  spentMinor: integer('spent_minor').notNull(),
});
