import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { ops } from './ops.ts';

export const cardBlocks = sqliteTable('card_blocks', { blockId: integer('block_id').primaryKey() });

export const cardStock = sqliteTable('card_stock', {
  /** Order of issue: blocks as they came, numbers as in the block. */
  position: integer('position').primaryKey(),
  cardNumber: text('card_number').notNull().unique(),
  blockId: integer('block_id')
    .notNull()
    .references(() => cardBlocks.blockId),
  usedByOpId: text('used_by_op_id').references(() => ops.opId),
});
