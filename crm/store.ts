import type { MemberId } from '../sync/base/ids.ts';
import type { ChainDocument, Staff } from '../sync/model/chain.ts';
import type { InboxDetail } from '../sync/model/inbox.ts';
import type { FindReply } from '../sync/protocol/find.ts';
import type { Hold } from '../sync/spending/holds.ts';
import type { FeedHead } from './repos/feed-head.ts';
import type { AuditLine } from './repos/audit-log.ts';
import type { Erasure } from './repos/erasures.ts';
import type { InboxAnswered, InboxItem, NewInboxItem } from './repos/inbox.ts';
import type { HeldOp, KnownHash, KnownOp, NumberedOp, OwnDocument, Settled } from './repos/ops.ts';
import type { ChangedRows, LoadedRows, RowKeys } from './repos/rows.ts';
import type { Stray } from './repos/strays.ts';
import type { TillView } from './repos/till-views.ts';
import type { TillRow } from './repos/tills.ts';

/**
 * What the centre's rules need inside one locked unit: the group writer, held ops, the inbox. Two
 * implementations, one over SQL (`sqlStore`) and one in memory for the simulation, pass the same contract
 * suite. Nothing that an implementation returns is shared: the caller may change it, and only `save…`,
 * `insert…` and `close…` change what is kept. Lists come in no order unless a method says so; ids that are
 * not known are left out.
 */
export interface CentreStore extends HeadPort, TillPort, OpPort, StrayPort, RowPort, HoldPort, InboxPort {}

/**
 * One unit of work: everything that `work` stores becomes visible at once when it resolves, nothing when it
 * throws. Units that call `lockHead` run one after another.
 */
export type RunUnit = <T>(work: (store: CentreStore) => Promise<T>) => Promise<T>;

export interface HeadPort {
  /** The head, held until the unit ends. Every unit that numbers anything calls it first. */
  lockHead(): Promise<FeedHead>;
  /** Keeps `seq` and the counters. `epoch` never changes here. */
  saveHead(head: FeedHead): Promise<void>;
  /**
   * `count` card numbers that no card has and no till was granted; raises `head.nextCardSerial` past them.
   * Fewer (none) while there is no chain.
   */
  takeSpareNumbers(head: FeedHead, count: number): Promise<string[]>;
}

export interface TillPort {
  /** Tills by id, quarantined ones too. */
  listTills(ids: readonly string[]): Promise<TillRow[]>;
  /** Keeps `hiTseq`, `headHash`, `fence` and `state` of each. */
  saveTills(tills: readonly TillRow[]): Promise<void>;
  /** What each till had seen when it last sent ops; a till that never did is left out. */
  listTillViews(ids: readonly string[]): Promise<TillView[]>;
  saveTillViews(views: readonly TillView[]): Promise<void>;
  /** Staff by id, those who left too. */
  listStaff(ids: readonly string[]): Promise<Staff[]>;
  /** Who saved the newest version of each; whoever was set up at the centre is left out. */
  listStaffAuthors(ids: readonly string[]): Promise<{ staffId: string; actorId: string }[]>;
}

export interface OpPort {
  /** Hashes of a till's numbered ops with `fromTseq <= tseq <= toTseq`, held ones too. */
  listHashes(range: {
    tillId: string;
    incarnation: number;
    fromTseq: number;
    toTseq: number;
  }): Promise<KnownHash[]>;
  /** Those of `ids` that are numbered, by whomever; an op held as `op_id_repeated` does not count. */
  listKnownOps(ids: readonly string[]): Promise<KnownOp[]>;
  /**
   * Appends ops with numbers, flags and what they wait for. The body of an
   * `isErased` op is kept as its commitment only.
   */
  insertOps(ops: readonly NumberedOp[], nowMs: number): Promise<void>;
  /** Held ops that nobody has released and that wait for one of `targets` (row ids, document keys), by seq. */
  listWaiting(targets: readonly string[]): Promise<HeldOp[]>;
  /** Documents that these tills saved and that were held as readable ones, settled or not; at least the latest. */
  listOwnDocuments(tillIds: readonly string[]): Promise<OwnDocument[]>;
  /** Held ops that nobody has released, by their number, in its order. */
  listHeld(seqs: readonly number[]): Promise<HeldOp[]>;
  /** Notes under which later number each held op was settled; it waits for nothing any more. */
  saveReleases(settled: readonly Settled[]): Promise<void>;
}

/** Ops that contradict what the centre has, or come from an incarnation that was given up. */
export interface StrayPort {
  /** Keeps ops beside the feed until a manager books them: each id once, none that is numbered. How many are new. */
  insertStrays(strays: readonly Stray[], nowMs: number): Promise<number>;
  /** Not booked yet, by incarnation and tseq. */
  listStrays(tillId: string, limit: number): Promise<Stray[]>;
  /** Notes under which number each was booked; null: its op had a number already. */
  saveBooked(
    booked: readonly { opId: string; seq: number | null }[],
    by: { actorId: string; nowMs: number },
  ): Promise<void>;
  /** The branch after the till's last; 1 for the first. */
  nextBranch(tillId: string): Promise<number>;
}

export interface RowPort {
  /** Rows by their keys; of entries also those that correct one of the named. */
  loadRows(keys: RowKeys): Promise<LoadedRows>;
  /** When the latest booking was made for the person of whom this member is a profile; 0: none ever was. */
  lastBookedAt(memberId: string): Promise<number>;
  /** Everybody who is one person with this member, with all their cards and accounts. */
  readPerson(memberId: MemberId): Promise<FindReply['rows']>;
  /** Every card type in its newest version. The bodies are shared: nobody changes them. */
  listCardTypes(): Promise<ChainDocument[]>;
  /** Writes rows whole, over those with the same id; entries and consents are only ever new. */
  saveRows(changed: ChangedRows): Promise<void>;
}

/** Parts of balances that are set aside for tills. */
export interface HoldPort {
  listHolds(ids: readonly string[]): Promise<Hold[]>;
  /** Keeps what is left of each; one with nothing left is gone. */
  saveHolds(holds: readonly Hold[]): Promise<void>;
  /** What a till held before `incarnation` is free again: all that it made then is booked. */
  freeHolds(tillId: string, incarnation: number): Promise<void>;
}

export interface InboxPort {
  /** Adds items whose `topic` is new, open or answered; a known topic changes nothing. */
  insertInbox(items: readonly NewInboxItem[]): Promise<void>;
  /** An open item whose topic begins like this; undefined when there is none. */
  findOpenItem(topicStart: string): Promise<InboxItem | undefined>;
  /** What an item says from now on. */
  changeDetail(id: string, detail: InboxDetail): Promise<void>;
  /** The item, held until the unit ends. */
  lockInboxItem(id: string): Promise<InboxItem | undefined>;
  /** Open items with one of these topics become answered. */
  closeInbox(topics: readonly string[], answered: InboxAnswered): Promise<void>;
  /** How many of these topics were answered so. */
  countAnswered(topics: readonly string[], answer: string): Promise<number>;
  /** The item becomes answered, or is given another answer than it has. */
  answerInbox(id: string, answered: InboxAnswered): Promise<void>;
  /** A webhook goes on, or is switched off, on a manager's word; false when there is none. */
  turnWebhook(webhookId: string, to: { isOn: boolean; by: string; nowMs: number }): Promise<boolean>;
  /**
   * What is left of the person: adds to the list of erasures (a known member changes nothing), empties the
   * bodies of ops that carry personal data of these members (header, hash and commitment stay, the salt
   * goes), those of strays too, which nobody books any more, and the details of inbox items about them, which
   * become answered.
   */
  eraseMembers(erasures: readonly Erasure[]): Promise<void>;
  /** Appends to the audit log, each line with the hash of the one before. */
  appendAudit(lines: readonly AuditLine[]): Promise<void>;
}
