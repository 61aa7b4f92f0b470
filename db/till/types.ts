import type { Crypto } from '../../sync/base/crypto.ts';
import type { MemberId, OpId } from '../../sync/base/ids.ts';
import type { KeySeek } from '../../sync/base/search-key.ts';
import type { Op, SealedOp } from '../../sync/model/op.ts';
import type { AckRange, CardBlock } from '../../sync/model/feed.ts';
import type { DbFacts } from '../facts.ts';

/** An own op as it lies in the file. `ackSeq` is the centre's number for it, null until the till knows. */
export interface StoredOp {
  op: Op;
  hash: string;
  ackSeq: number | null;
  heldReason: string | null;
  /** Of an op whose body was erased, and stands for it in the hash; `op.body` has kind and member only then. */
  commitment?: string;
}

/** What the next op follows. */
export type LastOp = Pick<Op, 'tseq' | 'hlc' | 'businessDay'> & { hash: string };

/**
 * The till's own ops: append-only, and the outbox. Dense `tseq`, each op naming the hash of the one before.
 */
export interface OpRepo {
  find(opId: OpId): StoredOp | undefined;
  last(): LastOp | null;
  /**
   * Adds the next op. `keys` find its member until the op is settled: search keys, and `c` + number of a new
   * card.
   * @throws Error When the op id is known, a tseq is left out, `prev` is not the last hash or the day goes
   * back.
   */
  append(sealed: SealedOp, keys: readonly string[]): void;
  /**
   * The op `tseq`, which must be the next one, may be of an earlier clock and business day than the one before
   * it: that one is proven to be of a clock that was ahead.
   */
  allowTurn(tseq: number): void;
  /** Keys of an op once more, after its rows were thrown away. */
  addKeys(tseq: number, memberId: MemberId, keys: readonly string[]): void;
  /** At most `limit` ops after `tseq`, in order. */
  listAfter(tseq: number, limit: number): StoredOp[];
  /** At most `limit` ops after `tseq` that spend what was earned at this till alone (`cover.gain`), in order. */
  listGainSpends(tseq: number, limit: number): StoredOp[];
  hashOf(tseq: number): string | undefined;
  /** The newest ops that the centre holds for a person, latest first. */
  listHeld(limit: number): StoredOp[];
  /** Highest tseq whose fate is known; 0 before the first. All below it are known too. */
  ackedTseq(): number;
  /**
   * The member's ops that the confirmed rows up to `settledSeq` may not contain: not acked, acked later, or
   * held. None whose body was erased.
   */
  listOpen(memberId: MemberId, settledSeq: number): StoredOp[];
  /** Members with a key of an open op in the range, in key order, each once. */
  searchOpen(seek: KeySeek, limit: number): MemberId[];
  /** Those of these whole keys under which `searchOpen` finds somebody. */
  openAmong(keys: readonly string[]): string[];
  /** The earliest own op that counters `opId`. */
  correctionOf(opId: OpId): StoredOp | undefined;
  /**
   * Notes the centre's numbers and which ops it holds. Repeats change nothing.
   * @throws Error When the ranges leave a gap or name an op that is not there.
   */
  recordAcks(acks: readonly AckRange[], held: readonly { tseq: number; reason: string }[]): void;
  /**
   * Held ops that the centre settled later: each counts as acknowledged under that number from now on. One
   * that is not held here, or not known, is passed over; repeats change nothing.
   */
  recordReleases(releases: readonly { incarnation: number; tseq: number; seq: number }[]): void;
  /**
   * The centre counts anew: no op has a number any more, so all of them are sent again. The centre drops
   * those that it knows.
   */
  forgetAcks(): void;
  /**
   * Blanks what the member's ops up to `upToTseq` say about them, for good, and drops the keys that find them:
   * bodies of the kinds with personal data, with their salts. Hashes stay, so the chain still verifies.
   *
   * @returns How many of the member's ops with personal data are left, behind `upToTseq`.
   */
  erase(memberId: MemberId, upTo: { tseq: number; crypto: Crypto }): number;
  /** Drops the keys of ops that the confirmed rows up to `settledSeq` contain. */
  forgetKeys(settledSeq: number): void;
  counts(): { total: number; outstanding: number; held: number };
  /** Members of the latest own ops, each once, newest first. Looks at a bounded number of ops. */
  recentMembers(limit: number): MemberId[];
  /**
   * One line per kind. `units` adds up what the ops name: stamps, points, visits, minor units; signed for
   * corrections.
   */
  dayTotals(businessDay: string): { kind: string; count: number; units: number }[];
  /** The day's ops as runs of tseqs, in order; more than one only where a clock was put right. */
  dayRanges(businessDay: string): { fromTseq: number; toTseq: number }[];
  /** Business days that have ops, newest op first, each once. */
  listDays(limit: number): string[];
}

/** A closed business day: canonical JSON as it was signed, and the till's signature, 128 hex digits. */
export interface StoredClose {
  businessDay: string;
  certificate: string;
  signature: string;
}

/** What the centre answered about it, and the centre's signature. */
export interface StoredReceipt {
  receipt: string;
  signature: string;
}

/** Closed business days; append-only. */
export interface CloseRepo {
  find(businessDay: string): StoredClose | undefined;
  /** Latest day first. */
  list(limit: number): StoredClose[];
  /** Those before a day that have no answer, latest first. */
  listUnanswered(beforeDay: string, limit: number): StoredClose[];
  /** @throws Error When the day was closed before. */
  add(close: StoredClose): void;
  /** The newest answer; undefined while there is none. */
  receiptOf(businessDay: string): StoredReceipt | undefined;
  addReceipt(businessDay: string, receipt: StoredReceipt): void;
}

/** One showing of a PIN, or one look at what is masked; or several of the same kind. */
export interface StoredSignIn {
  signInNo: number;
  firstMs: number;
  lastMs: number;
  tries: number;
  /** '' for a name that nobody has. */
  staffId: string;
  act: string;
  outcome: string;
  place: string;
  /** Whose values were looked at; '' for a PIN. */
  memberId: string;
}

/** Who showed a PIN at this till, and who looked at what is masked. The newest some thousand lines are kept. */
export interface SignInRepo {
  /**
   * @param counts `each`: a line of its own. `together`: one more in the line of one like it of the last hour. `once`:
   * nothing where there is such a line, so that it costs no write.
   */
  add(
    told: Pick<StoredSignIn, 'staffId' | 'act' | 'outcome' | 'place' | 'memberId'> & { atMs: number },
    counts: 'each' | 'together' | 'once',
  ): void;
  /** A line of an earlier file of this till, under its number; in the place of what is kept under it. */
  putBack(line: StoredSignIn): void;
  /** Newest first. */
  listBefore(signInNo: number, limit: number): StoredSignIn[];
  /** Newest first: PINs alone, or looks alone. */
  listOf(kind: 'pins' | 'looks', signInNo: number, limit: number): StoredSignIn[];
}

/** Card numbers that only this till may issue. */
export interface CardStockRepo {
  /** Adds a block's numbers in their order. A block that is known already changes nothing. */
  addBlock(block: CardBlock): void;
  /** @param skip So many free numbers are spoken for already. */
  nextFree(skip?: number): string | undefined;
  /** True for a number of this till's blocks, used or not. */
  isMine(cardNumber: string): boolean;
  /** @throws Error When the number is not in the stock or is used already. */
  markUsed(cardNumber: string, opId: OpId): void;
  countFree(): number;
  /** 0 before the first block. */
  lastBlockId(): number;
}

/** A zod schema, by the one thing that is asked of it. */
export interface Parser<T> {
  parse(value: unknown): T;
}

/** Small JSON values by key, checked by the reader's schema. */
export interface SettingsRepo {
  /**
   * @throws What `schema` throws: a setting that does not fit is a fault, and must not look like a missing
   * one.
   */
  get<T>(key: string, schema: Parser<T>): T | undefined;
  set(key: string, value: unknown): void;
  remove(key: string): void;
  /** Of all settings that are kept, whoever reads them. */
  keys(): string[];
}

/** A till's own file. Every method throws `DbError` when the disk or the file fails. */
export interface TillDb {
  /** Written by a later program: not migrated, appends refused; ops can still be read, pushed and acked. */
  readonly isNewer: boolean;
  /**
   * One durable unit: when it returns, the work survives a power cut. Does not nest, and `act` must not be
   * async.
   * @throws DbError `full` or `io`, also from the commit: then look the op up by its id before saying "not
   * saved".
   */
  transaction<T>(act: () => T): T;
  readonly ops: OpRepo;
  readonly stock: CardStockRepo;
  readonly settings: SettingsRepo;
  readonly closes: CloseRepo;
  readonly signIns: SignInRepo;
  facts(): DbFacts;
  /** What is wrong with the file, in words for a log; [] when sound. Reads all of it. */
  check(): string[];
  close(): void;
}
