import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { AccountId, CardId, MemberId, OpId, StaffId, StoreId, TillId } from '../../../sync/base/ids.ts';
import type { EntryKind } from '../../../sync/model/card.ts';

export const entries = sqliteTable('entries', {
  opId: text('op_id').$type<OpId>().notNull().unique(),
  seq: integer('seq').notNull(),
  accountId: text('account_id').$type<AccountId>().notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  cardId: text('card_id').$type<CardId>().notNull(),
  kind: text('kind').$type<EntryKind>().notNull(),
  delta: integer('delta').notNull(),
  amountMinor: integer('amount_minor'),
  receiptNo: text('receipt_no').notNull(),
  rewardId: text('reward_id').notNull(),
  cardTypeVersion: integer('card_type_version').notNull(),
  correctsOpId: text('corrects_op_id').$type<OpId>(),
  reason: text('reason').notNull(),
  storeId: text('store_id').$type<StoreId>().notNull(),
  tillId: text('till_id').$type<TillId>().notNull(),
  actorId: text('actor_id').$type<StaffId>().notNull(),
  businessDay: text('business_day').notNull(),
  wallMs: integer('wall_ms').notNull(),
});
