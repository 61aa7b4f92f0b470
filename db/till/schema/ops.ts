import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core';

/** Own ops; the migration adds the triggers that make the table append-only. */
export const ops = sqliteTable('ops', {
  tseq: integer('tseq').primaryKey(),
  opId: text('op_id').notNull().unique(),
  version: integer('version').notNull(),
  tillId: text('till_id').notNull(),
  incarnation: integer('incarnation').notNull(),
  hlc: text('hlc').notNull(),
  wallMs: integer('wall_ms').notNull(),
  actorId: text('actor_id').notNull(),
  storeId: text('store_id').notNull(),
  businessDay: text('business_day').notNull(),
  kind: text('kind').notNull(),
  salt: text('salt').notNull(),
  prev: text('prev').notNull(),
  hash: text('hash').notNull(),
  body: text('body').notNull(),
  memberId: text('member_id').notNull(),
  correctsOpId: text('corrects_op_id'),
  /** What the op counts at close of day, in the unit of its kind. */
  units: integer('units').notNull(),
  ackSeq: integer('ack_seq'),
  heldReason: text('held_reason'),
  /** Where a held op was settled later; it counts from there. */
  releasedSeq: integer('released_seq'),
  /** Stands for a body that was blanked. */
  commitment: text('commitment'),
});
