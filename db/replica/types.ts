import type { AccountId, CardId, MemberId, OpId } from '../../sync/base/ids.ts';
import type { KeySeek } from '../../sync/base/search-key.ts';
import type { AccountRow, CardRow, EntryRow } from '../../sync/model/card.ts';
import type { ChainDocument } from '../../sync/model/chain.ts';
import type { MemberRow } from '../../sync/model/member.ts';
import type { Rows } from '../../sync/model/feed.ts';
import type { DbFacts } from '../facts.ts';
import type { WalkPosition } from './repos/page-walk.ts';

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
  meta(): ReplicaMeta;
  /** Grows with every write: what was read at the same number is still so. */
  writes(): number;
  /**
   * Rows and cursor in one transaction. A row with a lower `seq` than the stored one is passed over, so pages
   * may repeat and overlap. Rows may arrive in any order: a card before its member is kept.
   */
  apply(rows: Rows, at: { epoch: string; cursor: number; isSettled: boolean }): void;
  /** Everything out, cursor 0: the centre has a new epoch. */
  clear(): void;
  member(id: MemberId): MemberRow | undefined;
  card(id: CardId): CardRow | undefined;
  cardByNumber(cardNumber: string): CardRow | undefined;
  account(id: AccountId): AccountRow | undefined;
  entry(id: OpId): EntryRow | undefined;
  correctionOf(id: OpId): EntryRow | undefined;
  /** In order of issue. */
  cardsOf(memberId: MemberId): CardRow[];
  accountsOf(memberId: MemberId): AccountRow[];
  /** Newest first. */
  entriesOf(memberId: MemberId, limit: number): EntryRow[];
  /** At most `limit` members with a key in the range, in key order, each once. No ranking. */
  search(seek: KeySeek, limit: number): MemberId[];
  documents(): ChainDocument[];
  counts(): ReplicaCounts;
  /** Visits every confirmed row, one at a time. The visitor must not use this file meanwhile. */
  eachRow(visit: RowVisitor): void;
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
  close(): void;
}
