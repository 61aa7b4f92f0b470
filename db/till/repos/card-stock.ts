import { and, asc, count, eq, isNull, max, sql } from 'drizzle-orm';
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3';
import { assert } from '../../../sync/base/must.ts';
import type { Connection } from '../../open.ts';
import { atomically } from '../../transaction.ts';
import { cardBlocks, cardStock } from '../schema/card-stock.ts';
import type { CardStockRepo } from '../types.ts';

export function cardStockRepo(raw: Connection, db: BetterSQLite3Database): CardStockRepo {
  const insertBlock = db
    .insert(cardBlocks)
    .values({ blockId: sql.placeholder('blockId') })
    .onConflictDoNothing()
    .prepare();
  const insertNumber = db
    .insert(cardStock)
    .values({ blockId: sql.placeholder('blockId'), cardNumber: sql.placeholder('cardNumber') })
    .prepare();
  const firstFree = db
    .select({ cardNumber: cardStock.cardNumber })
    .from(cardStock)
    .where(isNull(cardStock.usedByOpId))
    .orderBy(asc(cardStock.position))
    .limit(1)
    .offset(sql.placeholder('skip'))
    .prepare();
  const byNumber = db
    .select({ position: cardStock.position })
    .from(cardStock)
    .where(eq(cardStock.cardNumber, sql.placeholder('cardNumber')))
    .prepare();
  const use = db
    .update(cardStock)
    .set({ usedByOpId: sql`${sql.placeholder('opId')}` })
    .where(and(eq(cardStock.cardNumber, sql.placeholder('cardNumber')), isNull(cardStock.usedByOpId)))
    .prepare();
  const free = db.select({ count: count() }).from(cardStock).where(isNull(cardStock.usedByOpId)).prepare();
  const lastBlock = db
    .select({ blockId: max(cardBlocks.blockId) })
    .from(cardBlocks)
    .prepare();
  return {
    addBlock: ({ blockId, numbers }) =>
      atomically(raw, () => {
        if (insertBlock.run({ blockId }).changes === 0) return;
        for (const cardNumber of numbers) insertNumber.run({ blockId, cardNumber });
      }),
    nextFree: (skip = 0) => firstFree.get({ skip })?.cardNumber,
    isMine: (cardNumber) => byNumber.get({ cardNumber }) !== undefined,
    markUsed: (cardNumber, opId) =>
      assert(use.run({ cardNumber, opId }).changes === 1, 'the card number is in the stock and free'),
    countFree: () => free.get()?.count ?? 0,
    lastBlockId: () => lastBlock.get()?.blockId ?? 0,
  };
}
