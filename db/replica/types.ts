import type { AccountId, CardId, MemberId, OpId } from '../../sync/base/ids.ts';
import type { KeySeek } from '../../sync/base/search-key.ts';
import type { Balance } from '../../sync/feed/balance-lane.ts';
import type { DigestTable, TableDigest } from '../../sync/feed/digest.ts';
import type { AccountRow, CardRow, EntryRow } from '../../sync/model/card.ts';
import type { ChainDocument } from '../../sync/model/chain.ts';
import type { MemberRow } from '../../sync/model/member.ts';
import type { Rows } from '../../sync/model/feed.ts';
import type { DbFacts } from '../facts.ts';
import type { CardPage } from './repos/card-pages.ts';
import type { CardScan, ScannedCard } from './repos/card-scan.ts';
import type { CopyChange } from './write-watch.ts';
import type { WalkPosition } from './repos/page-walk.ts';

export type CardHolder = Pick<CardRow, 'cardId' | 'memberId' | 'accountId'>;

/** How far the copy reaches. `settled` is the cursor of the last complete pull, never above `cursor`. */
export interface ReplicaMeta {
  epoch: string;
  cursor: number;
  settled: number;
}

export interface ReplicaCounts {
  members: number;
  cards: number;
  accounts: number;
  entries: number;
}

/** Where a page ends. `isSettled`: it was the last of a pull. */
export interface PageEnd {
  epoch: string;
  cursor: number;
  isSettled: boolean;
  /** The rows replace what is stored even where its hash says that it is the same: something was found wrong. */
  isMending?: boolean;
  /** With these rows nothing personal of anybody up to this erasure is in the copy. Absent: as before. */
  purged?: number;
  /** What the centre gave to be shown again, which proves these rows' numbers. Absent: as before. */
  mark?: string;
}

export interface RowVisitor {
  member(row: MemberRow): void;
  card(row: CardRow): void;
  account(row: AccountRow): void;
}

/**
 * The rows that the centre confirmed. Can be thrown away and fetched again. Methods throw `DbError` when the
 * file fails.
 */
export interface ReplicaDb {
  /** Written by a later program: opened for reading only. */
  readonly isNewer: boolean;
  /** For `ReplicaWorker.tend`, so that it stands back while this writes. */
  readonly turns: SharedArrayBuffer;
  /** From now on `ReplicaWorker.tend` stands back. @returns To be called when it need not any more. */
  claimTurns(): () => void;
  meta(): ReplicaMeta;
  /** Up to which erasure nothing personal of anybody is in these rows; 0 in every copy that is begun anew. */
  purged(): number;
  /** `PageEnd.mark` of the last page that had one; '' in a copy that is begun anew. */
  mark(): string;
  /** Grows with every write: what was read at the same number is still so. */
  writes(): number;
  /** After each write, what it changed. @returns ends it. Absent where nobody can follow. */
  onWrite?(listener: (change: CopyChange) => void): () => void;
  /**
   * Rows and cursor in one transaction. A row with a lower `seq` than the stored one is passed over, so pages
   * may repeat and overlap. Rows may arrive in any order: a card before its member is kept.
   */
  apply(rows: Rows, at: PageEnd): void;
  /**
   * New figures of accounts as of `seq`, sorted by `accountNo`, with the cursor in one transaction. An account
   * whose row is younger is passed over.
   *
   * @throws Error When an account is not in the copy: the rows of a segment come before its balances.
   */
  applyBalances(changes: readonly Balance[], at: PageEnd & { seq: number }): void;
  /** Everything out, cursor 0: the centre has a new epoch. */
  clear(): void;
  member(id: MemberId): MemberRow | undefined;
  /** The newest rows of members who are listed, `offset` counted in rows of any. Absent where rows have no numbers. */
  newestMembers?(page: { offset: number; limit: number }): MemberId[];
  /** Members that go on as `id`, one step of the chain. */
  mergedFrom(id: MemberId): MemberId[];
  card(id: CardId): CardRow | undefined;
  cardByNumber(cardNumber: string): CardRow | undefined;
  /** Whose those of the cards are that there are, in any order; as many as are asked for in one read. */
  holders(cardIds: readonly CardId[]): CardHolder[];
  account(id: AccountId): AccountRow | undefined;
  entry(id: OpId): EntryRow | undefined;
  correctionOf(id: OpId): EntryRow | undefined;
  /** In order of issue. */
  cardsOf(memberId: MemberId): CardRow[];
  accountsOf(memberId: MemberId): AccountRow[];
  /** The next accounts behind that number, in its order: for a walk over all of them, a stretch at a time. */
  accountsAfter(accountNo: number, limit: number): AccountRow[];
  /** The next cards by number. */
  cardsByNumber(page: CardPage): CardRow[];
  /** Cards by any sort and conditions: of a big copy in a thread of its own, a second at a million cards. */
  scanCards(scan: CardScan): Promise<ScannedCard[]>;
  /** Entries with a purchase amount of one business day, in the order of the clock. */
  purchasesOn(day: string, limit: number): EntryRow[];
  /** Latest business day before that one which has such entries. */
  lastPurchaseDay(before: string): string | undefined;
  /** Newest first. */
  entriesOf(memberId: MemberId, limit: number): EntryRow[];
  /**
   * Members with just this number (E.164) as mobile, then as second phone, by indexes of their own: answers also
   * while keys are being made. Somebody may come twice.
   */
  byPhone(phone: string, limit: number): MemberId[];
  /** At most `limit` members with a key in the range, in key order, each once. No ranking. */
  search(seek: KeySeek, limit: number): MemberId[];
  /** Those of these whole keys under which somebody is filed: one look for many rows of an import. */
  filedAmong(keys: readonly string[]): string[];
  /** Those of these numbers (E.164) that somebody has as mobile or second phone. */
  phonesAmong(phones: readonly string[]): string[];
  /** True while some members can not be found by name or part of a phone yet: a bulk fill was just done. */
  isPreparing(): boolean;
  /** Pages in the log that are not in the file yet: `ReplicaWorker.checkpoint` moves them. */
  logPages(): number;
  /** True when `ReplicaWorker.tend` would find something to do. */
  isTendingDue(): boolean;
  /** By bucket, at the cursor; null until what a bulk fill brought was counted (`ReplicaWorker.tend`). */
  digests(): Record<DigestTable, TableDigest> | null;
  /** What was noted is not to be trusted: `ReplicaWorker.tend` counts the rows anew. */
  recountDigests(): void;
  documents(): ChainDocument[];
  counts(): ReplicaCounts;
  /** Visits every confirmed row, one at a time. The visitor must not use this file meanwhile. */
  eachRow(visit: RowVisitor): void;
  /**
   * The same as of one moment, on a connection of its own, `pause` every so many rows: what takes seconds must
   * not keep a cashier waiting, and pages may be applied meanwhile.
   *
   * @returns the copy's cursor at that moment
   * @throws LongRead when too much was written meanwhile: the log could not be moved, and would grow without end
   */
  eachRowInSlices(visit: RowVisitor, pause: () => Promise<void>): Promise<number>;
  /**
   * Reads the next rows after `from`, to meet damage early; null at the end. A step takes a few milliseconds.
   */
  walkPages(from: WalkPosition): WalkPosition | null;
  facts(): DbFacts;
  /**
   * What is wrong with the file, in words for a log; [] when sound. Reads all of it: some seconds at a
   * million members, so a core that serves a page runs it on a connection of its own, in a worker.
   */
  check(): string[];
  /** The same without keeping anybody waiting: of a big copy in a thread of its own. */
  checkAside(): Promise<string[]>;
  close(): void;
}
