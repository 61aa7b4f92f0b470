import type { Access, Database, Sql, TransactionMode } from '../../crm/database.ts';
import type { AuditLine, ChainedLine } from '../../crm/repos/audit-log.ts';
import type { Erasure } from '../../crm/repos/erasures.ts';
import type { FeedCut, NewSegment } from '../../crm/repos/feed-files.ts';
import type { FeedHead } from '../../crm/repos/feed-head.ts';
import type { InboxItem } from '../../crm/repos/inbox.ts';
import type { NumberedOp, Settled } from '../../crm/repos/ops.ts';
import type { MemberRecord } from '../../crm/repos/rows.ts';
import type { Stray } from '../../crm/repos/strays.ts';
import type { TillView } from '../../crm/repos/till-views.ts';
import type { SpentRow, TierClock } from '../../crm/repos/tiers.ts';
import type { TillRow } from '../../crm/repos/tills.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import type { CloseCertificate } from '../../sync/close/certificate.ts';
import type { CloseReceipt } from '../../sync/close/receipt.ts';
import type { AccountRow, CardRow, EntryRow } from '../../sync/model/card.ts';
import type { ChunkRef } from '../../sync/feed/manifest.ts';
import type { ChainDocument } from '../../sync/model/chain.ts';
import type { ConsentRow } from '../../sync/model/consent.ts';
import type { CardBlock } from '../../sync/model/feed.ts';
import type { WireOp } from '../../sync/model/op.ts';
import type { Hold } from '../../sync/spending/holds.ts';
import { UnitLock, UnitTable, type UnitRunner } from './memory-units.ts';

/** An op as the centre keeps it. */
export interface KeptOp extends Omit<NumberedOp, 'op' | 'isErased' | 'branch' | 'commitment'> {
  op: Omit<WireOp, 'body'>;
  /** Null once the member is anonymised; the commitment stands for it. */
  body: WireOp['body'] | null;
  commitment: string | null;
  branch: number;
  /** Whom the op is about, where its body has to go with the person. */
  memberId: string | null;
  settled: Settled | null;
}

export interface KeptBlock extends CardBlock {
  tillId: string;
  isFrozen: boolean;
}

export interface Incarnation {
  tillId: string;
  incarnation: number;
  requestId: string | null;
  /** As it was when it was closed; null while it lives. */
  closed: TillRow | null;
}

export interface KeptSegment extends NewSegment {
  isCovered: boolean;
  /** Removed, or under another number by now. */
  isGone: boolean;
}

export interface KeptSnapshot {
  snapshotId: number;
  seq: number;
  untilSeq: number;
  madeAtMs: number;
  isReady: boolean;
  isGone: boolean;
  chunks: (ChunkRef & { body: Buffer })[];
}

/** All that the centre keeps, by keys that are texts. */
export interface CentreTables {
  head: Map<string, FeedHead>;
  tills: Map<string, TillRow>;
  /** Till by the hash of its secret. */
  tokens: Map<string, string>;
  tillViews: Map<string, TillView>;
  /** By till and number. */
  incarnations: Map<string, Incarnation>;
  blocks: Map<string, KeptBlock>;
  /** By kind and id. */
  documents: Map<string, ChainDocument>;
  /** By number in the feed. */
  ops: Map<string, KeptOp>;
  /** Number of an op by till, incarnation and tseq; booked strays are not in it. */
  tillOps: Map<string, number>;
  /** Number of the op with that id, unless it is a repeated one. */
  opIds: Map<string, number>;
  strays: Map<string, Stray & { order: number; booked: { seq: number | null } | null }>;
  members: Map<string, MemberRecord>;
  cards: Map<string, CardRow>;
  cardNumbers: Map<string, string>;
  accounts: Map<string, AccountRow>;
  entries: Map<string, EntryRow>;
  /** Entry that corrects the one with that id. */
  corrections: Map<string, string>;
  consents: Map<string, ConsentRow>;
  holds: Map<string, Hold>;
  /** By member and day. */
  spentDays: Map<string, SpentRow>;
  tierDue: Map<string, { memberId: MemberId; isDue: boolean }>;
  /** Under `clock`. */
  tierClock: Map<string, TierClock>;
  inbox: Map<string, InboxItem>;
  inboxTopics: Map<string, string>;
  /** By member, with a dense number of their own. */
  erasures: Map<string, Erasure & { erasureNo: number }>;
  /** Highest erasure that each till has confirmed. */
  receipts: Map<string, number>;
  audit: Map<string, AuditLine & ChainedLine>;
  /** The centre's own pairs, by what they are for. */
  keys: Map<string, { publicKey: string; secretKey: string }>;
  /** Certificates by their hash. */
  closes: Map<string, { certificate: CloseCertificate; signature: string }>;
  feedCut: Map<string, FeedCut>;
  feedSegments: Map<string, KeptSegment>;
  feedSnapshots: Map<string, KeptSnapshot>;
  /** By certificate and time. */
  closeReceipts: Map<string, CloseReceipt>;
}

type RowOf<Table> = Table extends Map<string, infer Row> ? Row : never;
export type UnitTables = { [Name in keyof CentreTables]: UnitTable<RowOf<CentreTables[Name]>> };

export const tillOpKey = (op: { tillId: string; incarnation: number; tseq: number }): string =>
  `${op.tillId} ${op.incarnation} ${op.tseq}`;

function emptyTables(head: FeedHead): CentreTables {
  const named = {
    ...{ tills: 0, tokens: 0, tillViews: 0, incarnations: 0, blocks: 0, documents: 0, ops: 0, tillOps: 0 },
    ...{ opIds: 0, strays: 0, members: 0, cards: 0, cardNumbers: 0, accounts: 0, entries: 0, corrections: 0 },
    ...{ spentDays: 0, tierDue: 0, tierClock: 0 },
    ...{ holds: 0, consents: 0, inbox: 0, inboxTopics: 0, erasures: 0, receipts: 0, audit: 0 },
    ...{ keys: 0, closes: 0, closeReceipts: 0, feedCut: 0, feedSegments: 0, feedSnapshots: 0 },
  } satisfies Record<Exclude<keyof CentreTables, 'head'>, 0>;
  const empty = Object.fromEntries(Object.keys(named).map((name) => [name, new Map<string, unknown>()]));
  // Cast: a table for each name, and all of them empty.
  return { ...empty, head: new Map([['head', head]]) } as unknown as CentreTables;
}

/** The same rows in maps of their own: a backup. Rows themselves are never changed. */
export const copyTables = (tables: CentreTables): CentreTables =>
  Object.fromEntries(
    Object.entries(tables).map(([name, rows]) => [name, new Map(rows as Map<string, unknown>)]),
  ) as unknown as CentreTables;

/** One transaction, or one statement of its own: what the repositories in memory take for their `Sql`. */
export interface MemoryUnit {
  tables: UnitTables;
  /** The head's row, and with it all others, until the unit ends. */
  lock(): Promise<void>;
  /** Awaited at each call of a repository. */
  step(): Promise<void>;
  /** True when no other unit holds this; let go with the unit. */
  tryLock(name: string): boolean;
  /** Resolves once no other unit holds this, as a statement waits that changes a locked row. */
  untilFree(name: string): Promise<void>;
  /** True when somebody committed another row since the instant that this unit sees. */
  isOvertaken(table: keyof CentreTables, key: string): boolean;
}

const units = new WeakMap<Sql, MemoryUnit>();

/** What `sql` stands for here. @throws Error For a connection to a real database. */
export function unitOf(sql: Sql): MemoryUnit {
  const unit = units.get(sql);
  if (unit === undefined) throw new Error('this repository is over memory');
  return unit;
}

function toSql(unit: MemoryUnit): Sql {
  const sql: Sql = {
    query: (text) => Promise.reject(new Error(`no SQL here: ${text.slice(0, 80)}`)),
  };
  units.set(sql, unit);
  return sql;
}

const commit = (tables: UnitTables, to: CentreTables): void => {
  for (const [name, table] of Object.entries(tables))
    table.commit(to[name as keyof CentreTables] as Map<string, never>);
};

/**
 * The centre's database in memory. A unit sees what is committed and what it wrote itself; all of it becomes
 * visible in one instant, and nothing when the work throws or its process dies before.
 */
export class MemoryCentre {
  tables: CentreTables;
  readonly #lock = new UnitLock();
  /** Locks that nobody waits for. */
  readonly #named = new Map<string, UnitRunner>();

  constructor(head: FeedHead) {
    this.tables = emptyTables(head);
  }

  /** The database as one process sees it. */
  databaseFor(runner: UnitRunner): Database {
    const access: Access = {
      sql: this.#single(runner),
      transaction: (work, mode) => this.#transaction(runner, work, mode ?? 'write'),
    };
    return {
      ...{ ...access, counter: access },
      ...{ isTrial: false, isRestored: false, record: () => undefined, checkpoint: () => Promise.resolve() },
      ...{ maintain: () => Promise.resolve([]), hasChecksums: true, eraseList: null },
      close: () => Promise.resolve(),
    };
  }

  /** The process is gone; its open units were never committed. */
  drop(runner: UnitRunner): void {
    this.#lock.drop(runner);
    for (const [name, holder] of this.#named) if (holder === runner) this.#named.delete(name);
  }

  async #transaction<T>(
    runner: UnitRunner,
    work: (tx: Sql) => Promise<T>,
    mode: TransactionMode,
  ): Promise<T> {
    let isHolding = false;
    const lock = async (): Promise<void> => {
      if (isHolding) return;
      await this.#lock.take(runner);
      isHolding = true;
    };
    await runner.pause();
    const seen = mode === 'write' ? null : copyTables(this.tables);
    const tables = this.#open(false, seen);
    const names: string[] = [];
    const tryLock = (name: string): boolean => {
      if (this.#named.has(name)) return false;
      this.#named.set(name, runner);
      names.push(name);
      return true;
    };
    const untilFree = async (name: string): Promise<void> => {
      while (this.#named.has(name) && !names.includes(name)) await runner.pause();
    };
    const isOvertaken = (table: keyof CentreTables, key: string): boolean =>
      seen !== null && seen[table].get(key) !== this.tables[table].get(key);
    try {
      const unit = { tables, lock, step: () => runner.pause(), tryLock, untilFree, isOvertaken };
      const result = await work(toSql(unit));
      await runner.pause();
      commit(tables, this.tables);
      return result;
    } finally {
      if (isHolding) this.#lock.release();
      for (const name of names) this.#named.delete(name);
      await runner.pause();
    }
  }

  /** Statements outside of a transaction: each of one instant, and committed at once. */
  #single(runner: UnitRunner): Sql {
    const tables = this.#open(true, null);
    return toSql({
      ...{ tryLock: () => false, isOvertaken: () => false },
      tables,
      lock: () => Promise.reject(new Error('a lock needs a transaction')),
      step: () => runner.pause(),
      untilFree: async (name) => {
        while (this.#named.has(name)) await runner.pause();
      },
    });
  }

  /** @param seen What an instant looked like; null: what is committed by now. */
  #open(isSingle: boolean, seen: CentreTables | null): UnitTables {
    return Object.fromEntries(
      Object.keys(this.tables).map((name) => [
        name,
        new UnitTable(
          () => (seen ?? this.tables)[name as keyof CentreTables] as Map<string, unknown>,
          isSingle,
        ),
      ]),
    ) as unknown as UnitTables;
  }
}
