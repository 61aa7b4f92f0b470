import type { Crypto } from '../sync/base/crypto.ts';
import { toCardNumber } from '../sync/base/card-number.ts';
import { rowsOf, type Database, type Sql } from './database.ts';
import { gathered } from './gathered.ts';
import { turnWebhook } from './integration/turn-webhook.ts';
import { appendAudit } from './repos/audit-log.ts';
import { findChain, listCardTypes, listStaffByIds } from './repos/documents.ts';
import { insertErasures, type Erasure } from './repos/erasures.ts';
import { lockHead, saveHead, type FeedHead } from './repos/feed-head.ts';
import { lastBookedAt } from './repos/inactive.ts';
import { blankInbox, changeAnswer, closeInbox, insertInbox, lockInboxItem } from './repos/inbox.ts';
import {
  eraseOpBodies,
  insertOps,
  listHashes,
  listHeld,
  listOwnDocuments,
  listKnownOps,
  listWaiting,
  saveReleases,
} from './repos/ops.ts';
import { freeHolds, listHolds, saveHolds } from './repos/holds.ts';
import { loadRows, saveRows } from './repos/rows.ts';
import { eraseStrays, insertStrays, listWaitingStrays, markBooked, nextBranch } from './repos/strays.ts';
import { listTillViews, saveTillViews } from './repos/till-views.ts';
import { listTillsByIds, saveTillProgress } from './repos/tills.ts';
import type { CentreStore, RunUnit } from './store.ts';

/** Numbers that were never granted; a till may have activated one that it was told of all the same. */
async function takeSpareNumbers(
  tx: Sql,
  crypto: Crypto,
  { head, count }: { head: FeedHead; count: number },
): Promise<string[]> {
  const chain = await findChain(tx);
  const spare: string[] = [];
  while (chain !== null && spare.length < count) {
    const numbers = Array.from({ length: count - spare.length }, () =>
      toCardNumber(crypto, { key: head.cardKey, prefix: chain.cardPrefix }, head.nextCardSerial++),
    );
    const taken = await rowsOf<{ number: string }>(
      tx,
      'select card_number as number from cards where card_number = any($1)',
      [numbers],
    );
    spare.push(...numbers.filter((number) => taken.every((each) => each.number !== number)));
  }
  return spare;
}

/**
 * The store over one transaction of PostgreSQL or PGlite.
 *
 * @param erased Told whom it erases: whoever uses a store without it erases nobody.
 */
export function sqlStore(tx: Sql, crypto: Crypto, erased: Erasure[] = []): CentreStore {
  return {
    lockHead: () => lockHead(tx),
    saveHead: (head) => saveHead(tx, head),
    takeSpareNumbers: (head, count) => takeSpareNumbers(tx, crypto, { head, count }),
    listTills: (ids) => listTillsByIds(tx, ids),
    saveTills: (tills) => saveTillProgress(tx, tills),
    listTillViews: (ids) => listTillViews(tx, ids),
    saveTillViews: (views) => saveTillViews(tx, views),
    listStaff: (ids) => listStaffByIds(tx, ids),
    listHashes: (range) => listHashes(tx, range),
    listKnownOps: (ids) => listKnownOps(tx, ids),
    insertOps: (ops, nowMs) => insertOps(tx, ops, { nowMs, crypto }),
    insertStrays: (strays, nowMs) => insertStrays(tx, strays, nowMs),
    listStrays: (tillId, limit) => listWaitingStrays(tx, tillId, limit),
    saveBooked: (booked, by) => markBooked(tx, booked, by),
    nextBranch: (tillId) => nextBranch(tx, tillId),
    listWaiting: (targets) => listWaiting(tx, targets),
    listHeld: (seqs) => listHeld(tx, seqs),
    listOwnDocuments: (tillIds) => listOwnDocuments(tx, tillIds),
    saveReleases: (settled) => saveReleases(tx, settled),
    loadRows: (keys) => loadRows(tx, keys),
    lastBookedAt: (memberId) => lastBookedAt(tx, memberId),
    listCardTypes: () => listCardTypes(tx),
    saveRows: (changed) => saveRows(tx, changed),
    listHolds: (ids) => listHolds(tx, ids),
    saveHolds: (holds) => saveHolds(tx, holds),
    freeHolds: (tillId, incarnation) => freeHolds(tx, tillId, incarnation),
    insertInbox: (items) => insertInbox(tx, items),
    lockInboxItem: (id) => lockInboxItem(tx, id),
    closeInbox: (topics, answered) => closeInbox(tx, topics, answered),
    answerInbox: (id, answered) => changeAnswer(tx, id, answered),
    turnWebhook: (webhookId, to) => turnWebhook(tx, webhookId, to),
    eraseMembers: async (erasures) => {
      if (erasures.length === 0) return;
      const ids = erasures.map(({ memberId }) => memberId);
      erased.push(...erasures);
      await insertErasures(tx, erasures);
      const atMs = Math.max(...erasures.map((each) => each.atMs));
      await eraseOpBodies(tx, ids, crypto);
      await eraseStrays(tx, ids, atMs);
      await blankInbox(tx, ids, atMs);
    },
    appendAudit: (lines) => appendAudit(tx, crypto, lines),
  };
}

/**
 * One locked unit is one transaction. Whom it erased stands in the list of erasures before it is committed, and last
 * of all: what fails later leaves it open whether it was committed, and then it is to be done.
 */
export const sqlUnit =
  (database: Database, crypto: Crypto): RunUnit =>
  (work) =>
    database.transaction(async (tx) => {
      const erased: Erasure[] = [];
      const result = await work(sqlStore(gathered(tx), crypto, erased));
      await database.eraseList?.add(erased);
      return result;
    });

/** What is committed by now; null on PGlite, whose one connection is the writer's. For reading only. */
export const sqlReads = (database: Database, crypto: Crypto): (() => CentreStore) | null =>
  database.isTrial ? null : () => sqlStore(gathered(database.sql), crypto);
