import { firstDistinct } from '../../db/key-range.ts';
import type { Parser, StoredOp, TillDb } from '../../db/till/types.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import type { MemberId, OpId } from '../../sync/base/ids.ts';
import { assert, must } from '../../sync/base/must.ts';
import { toRanges } from '../../sync/close/ranges.ts';
import { CHAIN_START, commitmentOf, isPersonal, type Op } from '../../sync/model/op.ts';
import { unitsOf } from '../../sync/model/units.ts';
import { closeRepo, type CloseTable, type ReceiptTable } from './memory-closes.ts';
import { signInRepo, type SignInTable } from './memory-sign-ins.ts';
import { MemoryFile, MemoryTable, type DiskFaults } from './memory-file.ts';
import { isOfNobody, keysInRange } from './memory-keys.ts';

interface PendingKey {
  memberId: MemberId;
  tseq: number;
}

interface StockNumber {
  cardNumber: string;
  usedByOpId: OpId | null;
}

interface Tables {
  /** By tseq. */
  ops: MemoryTable<number, StoredOp>;
  opIds: MemoryTable<OpId, number>;
  /** Where held ops were settled later. */
  released: MemoryTable<number, number>;
  /** Ops of each member, in order. */
  memberOps: MemoryTable<MemberId, readonly number[]>;
  pendingKeys: MemoryTable<string, readonly PendingKey[]>;
  blocks: MemoryTable<number, true>;
  stock: MemoryTable<string, StockNumber>;
  /** JSON texts. */
  settings: MemoryTable<string, string>;
  turns: MemoryTable<number, true>;
  closes: CloseTable;
  receipts: ReceiptTable;
  signIns: SignInTable;
}

/** A till's own file in memory, with what a simulation needs beyond the port. */
export interface MemoryTill extends TillDb {
  readonly file: MemoryFile;
  /** Another file with the same content: a backup, or a clone. */
  copy(faults?: DiskFaults): MemoryTill;
  /** Whom keys of own ops that say who somebody is still name. */
  filed(): Set<MemberId>;
}

function openTables(file: MemoryFile, from?: Tables): Tables {
  const copy = <Key, Row>(table: MemoryTable<Key, Row> | undefined): MemoryTable<Key, Row> =>
    new MemoryTable(file, table?.entries());
  return {
    ops: copy(from?.ops),
    opIds: copy(from?.opIds),
    released: copy(from?.released),
    memberOps: copy(from?.memberOps),
    pendingKeys: copy(from?.pendingKeys),
    blocks: copy(from?.blocks),
    stock: copy(from?.stock),
    settings: copy(from?.settings),
    turns: copy(from?.turns),
    closes: copy(from?.closes),
    receipts: copy(from?.receipts),
    signIns: copy(from?.signIns),
  };
}

function opsOf(tables: Tables): StoredOp[] {
  return Array.from({ length: tables.ops.size }, (_, at) =>
    must(tables.ops.get(at + 1), 'own ops are dense'),
  );
}

/** The first tseq of `1 .. size` for which `isPast` holds, found as in any sorted row. */
function border(tables: Tables, isPast: (stored: StoredOp) => boolean): number {
  let [low, high] = [1, tables.ops.size + 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isPast(must(tables.ops.get(middle), 'own ops are dense'))) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** An op as the till reads it: one that was settled later counts from there. */
function readOp(tables: Tables, tseq: number): StoredOp {
  const stored = must(tables.ops.get(tseq), 'own ops are dense');
  return { ...stored, ackSeq: tables.released.get(tseq) ?? stored.ackSeq };
}

function assertNext(tables: Tables, op: Op): void {
  const before = tables.ops.get(op.tseq - 1);
  const follows =
    before === undefined
      ? op.tseq === 1 && op.prev === CHAIN_START
      : before.hash === op.prev &&
        (tables.turns.has(op.tseq) || (before.op.hlc < op.hlc && before.op.businessDay <= op.businessDay));
  const isNext = follows && tables.ops.size === op.tseq - 1 && !tables.opIds.has(op.opId);
  if (!isNext) throw new Error('ops: not the next op');
}

function addKeys(tables: Tables, found: PendingKey, keys: readonly string[]): void {
  for (const key of keys) {
    const known = tables.pendingKeys.get(key) ?? [];
    if (known.some((each) => each.memberId === found.memberId && each.tseq === found.tseq)) continue;
    const sorted = [...known, found].sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
    tables.pendingKeys.set(key, sorted);
  }
}

function ackRepo(
  tables: Tables,
  file: MemoryFile,
): Pick<
  TillDb['ops'],
  'ackedTseq' | 'recordAcks' | 'recordReleases' | 'forgetAcks' | 'forgetKeys' | 'counts'
> {
  const acked = (): number => border(tables, ({ ackSeq }) => ackSeq === null) - 1;
  const change = (tseq: number, changed: Partial<StoredOp>): void =>
    tables.ops.set(tseq, { ...must(tables.ops.get(tseq), 'own ops are dense'), ...changed });
  return {
    ackedTseq: acked,
    recordAcks: (acks, held) =>
      file.atomically(() => {
        for (const { firstTseq, count, firstSeq } of acks) {
          assert(firstTseq <= acked() + 1, 'acks leave no gap');
          assert(firstTseq + count - 1 <= tables.ops.size, 'acks name own ops only');
          for (let at = 0; at < count; at += 1) change(firstTseq + at, { ackSeq: firstSeq + at });
        }
        for (const { tseq, reason } of held) {
          assert((tables.ops.get(tseq)?.ackSeq ?? null) !== null, 'a held op is numbered');
          change(tseq, { heldReason: reason });
        }
      }),
    recordReleases: (releases) =>
      file.atomically(() => {
        for (const { tseq, incarnation, seq } of releases) {
          const stored = tables.ops.get(tseq);
          if (stored?.op.incarnation !== incarnation) continue;
          if (stored.heldReason === null && !tables.released.has(tseq)) continue;
          tables.released.set(tseq, seq);
          change(tseq, { heldReason: null });
        }
      }),
    forgetAcks: () =>
      file.atomically(() => {
        for (let tseq = acked(); tseq > 0; tseq -= 1) {
          change(tseq, { ackSeq: null, heldReason: null });
          tables.released.delete(tseq);
        }
      }),
    forgetKeys: (settledSeq) =>
      file.atomically(() => {
        const last = border(tables, ({ ackSeq }) => (ackSeq ?? Infinity) > settledSeq) - 1;
        const isKept = ({ tseq }: PendingKey): boolean =>
          tseq > last ||
          (tables.ops.get(tseq)?.heldReason ?? null) !== null ||
          (tables.released.get(tseq) ?? 0) > settledSeq;
        for (const [key, found] of [...tables.pendingKeys.entries()]) {
          const kept = found.filter(isKept);
          if (kept.length === 0) tables.pendingKeys.delete(key);
          else if (kept.length < found.length) tables.pendingKeys.set(key, kept);
        }
      }),
    counts: () => ({
      total: tables.ops.size,
      outstanding: tables.ops.size - acked(),
      held: opsOf(tables).filter(({ heldReason }) => heldReason !== null).length,
    }),
  };
}

type OpLists = Pick<
  TillDb['ops'],
  | 'listAfter'
  | 'listGainSpends'
  | 'listHeld'
  | 'listOpen'
  | 'searchOpen'
  | 'openAmong'
  | 'recentMembers'
  | 'dayTotals'
  | 'dayRanges'
  | 'listDays'
>;

function opLists(tables: Tables): OpLists {
  return {
    dayRanges: (businessDay) =>
      toRanges(
        opsOf(tables)
          .filter(({ op }) => op.businessDay === businessDay)
          .map(({ op }) => op.tseq),
      ),
    listDays: (limit) => {
      const days = opsOf(tables).map(({ op }) => op.businessDay);
      return [...new Set(days.reverse())].slice(0, limit);
    },
    listAfter: (tseq, limit) => {
      const last = Math.min(tables.ops.size, Math.max(tseq, 0) + limit);
      const found: StoredOp[] = [];
      for (let at = Math.max(tseq, 0) + 1; at <= last; at += 1) found.push(readOp(tables, at));
      return found;
    },
    listGainSpends: (tseq, limit) =>
      opsOf(tables)
        .filter(({ op }) => op.tseq > tseq && 'cover' in op.body && (op.body.cover?.gain ?? 0) > 0)
        .slice(0, limit),
    listHeld: (limit) =>
      opsOf(tables)
        .filter(({ heldReason }) => heldReason !== null)
        .reverse()
        .slice(0, limit),
    listOpen: (memberId, settledSeq) =>
      (tables.memberOps.get(memberId) ?? [])
        .map((tseq) => readOp(tables, tseq))
        .filter(({ commitment }) => commitment === undefined)
        .filter(({ ackSeq, heldReason }) => (ackSeq ?? Infinity) > settledSeq || heldReason !== null),
    searchOpen: (seek, limit) =>
      firstDistinct(
        keysInRange(tables.pendingKeys, seek).flatMap((found) => found.map(({ memberId }) => memberId)),
        limit,
      ),
    openAmong: (keys) =>
      keys.filter((key) =>
        keysInRange(tables.pendingKeys, { key, isPrefix: false }).some((found) => found.length > 0),
      ),
    recentMembers: (limit) =>
      firstDistinct(
        opsOf(tables)
          .reverse()
          .map(({ op }) => op.body.memberId),
        limit,
      ),
    dayTotals: (businessDay) => {
      assert(/^\d{4}-\d{2}-\d{2}$/.test(businessDay), 'a business day is YYYY-MM-DD');
      const totals = new Map<string, { kind: string; count: number; units: number }>();
      for (const { op } of opsOf(tables).filter((stored) => stored.op.businessDay === businessDay)) {
        const total = totals.get(op.kind) ?? { kind: op.kind, count: 0, units: 0 };
        totals.set(op.kind, {
          ...total,
          count: total.count + 1,
          units: total.units + unitsOf(op.body),
        });
      }
      return [...totals.values()].sort((a, b) => (a.kind < b.kind ? -1 : 1));
    },
  };
}

/** Keys of one op are found no more. */
function dropKeys(tables: Tables, tseq: number): void {
  for (const [key, found] of [...tables.pendingKeys.entries()]) {
    const kept = found.filter((each) => each.tseq !== tseq);
    if (kept.length === 0) tables.pendingKeys.delete(key);
    else if (kept.length < found.length) tables.pendingKeys.set(key, kept);
  }
}

function eraseOps(tables: Tables, memberId: MemberId, upTo: { tseq: number; crypto: Crypto }): number {
  const personal = (tables.memberOps.get(memberId) ?? [])
    .map((tseq) => must(tables.ops.get(tseq), 'own ops are dense'))
    .filter(({ op, commitment }) => isPersonal(op.kind) && commitment === undefined);
  const due = personal.filter(({ op }) => op.tseq <= upTo.tseq);
  for (const stored of due) {
    const { op } = stored;
    const commitment = commitmentOf(op, upTo.crypto);
    // Cast: as in the real file, only what looks at `commitment` first meets such an op.
    const body = { kind: op.kind, memberId } as unknown as Op['body'];
    tables.ops.set(op.tseq, { ...stored, op: { ...op, salt: '', body }, commitment });
    dropKeys(tables, op.tseq);
  }
  return personal.length - due.length;
}

function opRepo(tables: Tables, file: MemoryFile): TillDb['ops'] {
  const at = (tseq: number | undefined): StoredOp | undefined =>
    tseq === undefined ? undefined : readOp(tables, tseq);
  return {
    find: (opId) => at(tables.opIds.get(opId)),
    last: () => {
      const stored = tables.ops.get(tables.ops.size);
      if (stored === undefined) return null;
      const { tseq, hlc, businessDay } = stored.op;
      return { tseq, hash: stored.hash, hlc, businessDay };
    },
    hashOf: (tseq) => tables.ops.get(tseq)?.hash,
    correctionOf: (opId) =>
      opsOf(tables).find(({ op }) => 'correctsOpId' in op.body && op.body.correctsOpId === opId),
    allowTurn: (tseq) =>
      file.atomically(() => {
        assert(tseq === tables.ops.size + 1 && tseq > 1, 'the next op only');
        tables.turns.set(tseq, true);
      }),
    append: ({ op, hash }, keys) =>
      file.atomically(() => {
        assertNext(tables, op);
        const { memberId } = op.body;
        tables.ops.set(op.tseq, { op, hash, ackSeq: null, heldReason: null });
        tables.opIds.set(op.opId, op.tseq);
        tables.memberOps.set(memberId, [...(tables.memberOps.get(memberId) ?? []), op.tseq]);
        addKeys(tables, { memberId, tseq: op.tseq }, keys);
      }),
    addKeys: (tseq, memberId, keys) => file.atomically(() => addKeys(tables, { memberId, tseq }, keys)),
    ...opLists(tables),
    ...ackRepo(tables, file),
    erase: (memberId, upTo) => file.atomically(() => eraseOps(tables, memberId, upTo)),
  };
}

function stockRepo(tables: Tables, file: MemoryFile): TillDb['stock'] {
  const free = (): StockNumber[] =>
    [...tables.stock.values()].filter(({ usedByOpId }) => usedByOpId === null);
  return {
    addBlock: ({ blockId, numbers }) =>
      file.atomically(() => {
        if (tables.blocks.has(blockId)) return;
        tables.blocks.set(blockId, true);
        for (const cardNumber of numbers) {
          assert(!tables.stock.has(cardNumber), 'a number lies in one block');
          tables.stock.set(cardNumber, { cardNumber, usedByOpId: null });
        }
      }),
    nextFree: (skip = 0) => free()[skip]?.cardNumber,
    isMine: (cardNumber) => tables.stock.has(cardNumber),
    markUsed: (cardNumber, opId) =>
      file.atomically(() => {
        const isFree = tables.stock.get(cardNumber)?.usedByOpId === null;
        assert(isFree, 'the card number is in the stock and free');
        tables.stock.set(cardNumber, { cardNumber, usedByOpId: opId });
      }),
    countFree: () => free().length,
    lastBlockId: () => Math.max(0, ...tables.blocks.keys()),
  };
}

function settingsRepo(tables: Tables, file: MemoryFile): TillDb['settings'] {
  const parsed = new Map<string, { text: string; schema: unknown; value: unknown }>();
  return {
    get: <T>(key: string, schema: Parser<T>): T | undefined => {
      const text = tables.settings.get(key);
      if (text === undefined) return undefined;
      let known = parsed.get(key);
      if (known?.text !== text || known.schema !== schema) {
        known = { text, schema, value: schema.parse(JSON.parse(text)) };
        parsed.set(key, known);
      }
      // Cast: it was read by this very schema.
      return known.value as T;
    },
    set: (key, value) => file.atomically(() => tables.settings.set(key, JSON.stringify(value))),
    remove: (key) => file.atomically(() => tables.settings.delete(key)),
    keys: () => [...tables.settings.keys()],
  };
}

const namedByKeys = ({ pendingKeys, ops }: Tables): Set<MemberId> =>
  new Set(
    [...pendingKeys.entries()]
      .flatMap(([key, found]) => (isOfNobody(key) ? [] : found))
      .filter(({ tseq }) => isPersonal(must(ops.get(tseq), 'keys are of own ops').op.kind))
      .map(({ memberId }) => memberId),
  );

function problemsOf(tables: Tables): string[] {
  let prev = CHAIN_START;
  for (const { op, hash } of opsOf(tables)) {
    if (op.prev !== prev) return ['ops: the chain is broken'];
    prev = hash;
  }
  return [];
}

/** A till's own file in memory: a second implementation of the port, held to the same suite as the real one. */
export function createMemoryTill(faults?: DiskFaults): MemoryTill {
  return overTables(new MemoryFile('till', faults));
}

function overTables(file: MemoryFile, from?: Tables): MemoryTill {
  const tables = openTables(file, from);
  const copy = (faults?: DiskFaults): MemoryTill => overTables(new MemoryFile('till', faults), tables);
  return {
    isNewer: false,
    file,
    copy,
    filed: () => namedByKeys(tables),
    transaction: (act) => file.transact(act),
    ops: opRepo(tables, file),
    stock: stockRepo(tables, file),
    settings: settingsRepo(tables, file),
    closes: closeRepo(tables, file),
    signIns: signInRepo(tables.signIns, file),
    facts: () => ({ pragmas: {}, sizeBytes: 0, userVersion: 0 }),
    check: () => problemsOf(tables),
    close: () => undefined,
  };
}
