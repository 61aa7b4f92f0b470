import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import type { AccountId, CardId, CardTypeId, MemberId } from '../../../sync/base/ids.ts';
import type { CardStatus } from '../../../sync/model/card.ts';

export const cards = sqliteTable('cards', {
  cardId: text('card_id').$type<CardId>().notNull(),
  seq: integer('seq').notNull(),
  cardNumber: text('card_number').notNull(),
  memberId: text('member_id').$type<MemberId>().notNull(),
  accountId: text('account_id').$type<AccountId>().notNull(),
  cardTypeId: text('card_type_id').$type<CardTypeId>().notNull(),
  status: text('status').$type<CardStatus>().notNull(),
  statusReason: text('status_reason').notNull(),
  issuedAtMs: integer('issued_at_ms').notNull(),
  expiresOn: text('expires_on'),
  replacesCardId: text('replaces_card_id').$type<CardId>(),
  /** See `sync/feed/digest.ts`; the file's own, does not travel in a page. */
  rowHash: integer('row_hash').notNull(),
});
