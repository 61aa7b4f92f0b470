import type { Crypto } from '../sync/base/crypto.ts';
import type { MemberId } from '../sync/base/ids.ts';
import { toCardNumber } from '../sync/base/card-number.ts';
import { rowsOf, type Database, type Sql } from './database.ts';
import { mayBeDone } from './erase-list.ts';
import { gathered } from './gathered.ts';
import { eraseAgain } from './inbox/erase-again.ts';
import { turnWebhook } from './integration/turn-webhook.ts';
import { appendAudit } from './repos/audit-log.ts';
import { findChain, listCardTypes, listStaffAuthors, listStaffByIds } from './repos/documents.ts';
import { insertErasures, type Erasure } from './repos/erasures.ts';
import { lockHead, saveHead, type FeedHead } from './repos/feed-head.ts';
import { readPeople } from './repos/find-members.ts';
import { lastBookedAt } from './repos/inactive.ts';
import {
  blankInbox,
  changeAnswer,
  changeDetail,
  closeInbox,
  countAnswered,
  findOpenItem,
  insertInbox,
  lockInboxItem,
} from './repos/inbox.ts';
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
 * @param erased Told whom it erases, for the list of erasures (`sqlUnit`); null: it erases nobody, and throws if asked.
 */
export function sqlStore(tx: Sql, crypto: Crypto, erased: Erasure[] | null): CentreStore {
  return {
    lockHead: () => lockHead(tx),
    saveHead: (head) => saveHead(tx, head),
    takeSpareNumbers: (head, count) => takeSpareNumbers(tx, crypto, { head, count }),
    listTills: (ids) => listTillsByIds(tx, ids),
    saveTills: (tills) => saveTillProgress(tx, tills),
    listTillViews: (ids) => listTillViews(tx, ids),
    saveTillViews: (views) => saveTillViews(tx, views),
    listStaff: (ids) => listStaffByIds(tx, ids),
    listStaffAuthors: (ids) => listStaffAuthors(tx, ids),
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
    readPerson: (memberId) => readPeople(tx, [memberId]),
    listCardTypes: () => listCardTypes(tx),
    saveRows: (changed) => saveRows(tx, changed),
    listHolds: (ids) => listHolds(tx, ids),
    saveHolds: (holds) => saveHolds(tx, holds),
    freeHolds: (tillId, incarnation) => freeHolds(tx, tillId, incarnation),
    insertInbox: (items) => insertInbox(tx, items),
    findOpenItem: (topicStart) => findOpenItem(tx, topicStart),
    changeDetail: (id, detail) => changeDetail(tx, id, detail),
    lockInboxItem: (id) => lockInboxItem(tx, id),
    closeInbox: (topics, answered) => closeInbox(tx, topics, answered),
    countAnswered: (topics, answer) => countAnswered(tx, topics, answer),
    answerInbox: (id, answered) => changeAnswer(tx, id, answered),
    turnWebhook: (webhookId, to) => turnWebhook(tx, webhookId, to),
    eraseMembers: async (erasures) => {
      if (erasures.length === 0) return;
      if (erased === null)
        throw new Error('whom a unit erases has to stand in the list of erasures: sqlUnit');
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

interface Watched {
  store: CentreStore;
  /** Named members who live as the unit leaves them. */
  back: Set<MemberId>;
  nowMs: number;
}

/** The same store, and whom of `named` it makes live. */
function watching(store: CentreStore, named: ReadonlySet<string>): Watched {
  const watched: Watched = { store, back: new Set(), nowMs: 0 };
  const { back } = watched;
  watched.store = {
    ...store,
    insertOps: (ops, nowMs) => {
      watched.nowMs = nowMs;
      return store.insertOps(ops, nowMs);
    },
    saveRows: (changed) => {
      for (const { row } of changed.members) {
        if (row.state === 'anonymised') back.delete(row.memberId);
        else if (named.has(row.memberId)) back.add(row.memberId);
      }
      return store.saveRows(changed);
    },
  };
  return watched;
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * One locked unit is one transaction. Whom it erased stands in the list of erasures before it is committed, and last
 * of all: what fails later leaves it open whether it was committed, and then it is to be done. Who is named in the list
 * and comes to life by it, as a put-back centre is sent again what it has lost, is anonymised before it is committed.
 *
 * @throws CentreRefusal `busy` When an erasure stands in the list and the commit failed.
 */
export const sqlUnit =
  (database: Database, crypto: Crypto): RunUnit =>
  async (work) => {
    const list = database.eraseList;
    const named = (await list?.named()) ?? NOBODY;
    let isListed = false;
    try {
      return await database.transaction(async (tx) => {
        const erased: Erasure[] = [];
        const watched = watching(sqlStore(gathered(tx), crypto, erased), named);
        const result = await work(watched.store);
        const { store, back, nowMs } = watched;
        if (back.size > 0) await eraseAgain(store, { crypto, named, nowMs }, [...back]);
        const fresh = erased.filter(({ memberId }) => !named.has(memberId));
        // Whom it names already needs no second line: a list that can only be read is enough to erase again.
        if (fresh.length > 0) await list?.add(fresh);
        isListed = list !== null && erased.length > 0;
        return result;
      });
    } catch (cause) {
      throw isListed ? mayBeDone(cause) : cause;
    }
  };

/** What is committed by now; null on PGlite, whose one connection is the writer's. For reading only. */
export const sqlReads = (database: Database, crypto: Crypto): (() => CentreStore) | null =>
  database.isTrial ? null : () => sqlStore(gathered(database.sql), crypto, null);
