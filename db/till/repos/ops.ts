import { assert } from '../../../sync/base/must.ts';
import type { MemberId, OpId } from '../../../sync/base/ids.ts';
import type { Op, OpBody, SealedOp } from '../../../sync/model/op.ts';
import { unitsOf } from '../../../sync/model/units.ts';
import { columnsOf } from '../../columns.ts';
import { boundsOf, firstDistinct } from '../../key-range.ts';
import type { Connection } from '../../open.ts';
import { atomically } from '../../transaction.ts';
import { ops } from '../schema/ops.ts';
import type { OpRepo, StoredOp } from '../types.ts';
import { ackWriter } from './acks.ts';
import { eraser } from './erase.ts';
import { lastOp } from './last-op.ts';
import { createTseqSearch } from './tseq-search.ts';

/** `recentMembers` looks no further back: one member's busy day must not make it read the whole file. */
const RECENT_OPS_MAX = 2_000;

const stored = columnsOf(ops, ['correctsOpId', 'units']);
export type OpRow = Omit<typeof ops.$inferSelect, 'correctsOpId' | 'units'>;

/**
 * Body and header were checked before they were appended, and nothing can change them since: no second parse.
 */
function toStoredOp(row: OpRow): StoredOp {
  const { version, opId, tillId, incarnation, tseq, hlc, wallMs, actorId, storeId, businessDay } = row;
  const { kind, salt, prev, hash, ackSeq, heldReason, releasedSeq, memberId, commitment } = row;
  const erased = commitment === null ? null : { kind, memberId };
  // Name by name: what is left over of a row is copied at many times the cost.
  const op = {
    version,
    opId,
    tillId,
    incarnation,
    tseq,
    hlc,
    wallMs,
    actorId,
    storeId,
    businessDay,
    kind,
    salt,
    prev,
    // Cast: only what looks at `commitment` first meets an op whose body is gone.
    body: (erased ?? JSON.parse(row.body)) as OpBody,
  } as Op;
  const kept = { op, hash, ackSeq: releasedSeq ?? ackSeq, heldReason };
  return commitment === null ? kept : { ...kept, commitment };
}

/** What an append writes; the centre's two answers come later. */
const APPENDED = columnsOf(ops, ['ackSeq', 'heldReason', 'releasedSeq', 'commitment']).names;

export function opRepo(raw: Connection): OpRepo {
  const last = lastOp(raw);
  return {
    ...reads(raw),
    last: last.get,
    ...appends(raw, last),
    ...lists(raw),
    ...ackWriter(raw),
    erase: eraser(raw),
  };
}

function reads(raw: Connection) {
  const byId = raw.prepare<[string], OpRow>(`SELECT ${stored.select} FROM ops WHERE op_id = ?`);
  const hashByTseq = raw.prepare<[number], string>('SELECT hash FROM ops WHERE tseq = ?').pluck();
  const corrections = raw.prepare<[string], OpRow>(
    `SELECT ${stored.select} FROM ops WHERE corrects_op_id = ? ORDER BY tseq LIMIT 1`,
  );
  const toStored = (row: OpRow | undefined) => (row === undefined ? undefined : toStoredOp(row));
  return {
    find: (opId: OpId) => toStored(byId.get(opId)),
    hashOf: (tseq: number) => hashByTseq.get(tseq),
    correctionOf: (opId: OpId) => toStored(corrections.get(opId)),
  };
}

/** Values in the order of `APPENDED`. */
const valuesOf = ({ op, hash, bodyText }: SealedOp): readonly (string | number | null)[] => [
  op.tseq,
  op.opId,
  op.version,
  op.tillId,
  op.incarnation,
  op.hlc,
  op.wallMs,
  op.actorId,
  op.storeId,
  op.businessDay,
  op.kind,
  op.salt,
  op.prev,
  hash,
  bodyText,
  op.body.memberId,
  'correctsOpId' in op.body ? op.body.correctsOpId : null,
  unitsOf(op.body),
];

function appends(raw: Connection, last: ReturnType<typeof lastOp>) {
  const insert = raw.prepare(
    `INSERT INTO ops (${APPENDED.join(', ')}) VALUES (${APPENDED.map(() => '?').join(', ')})`,
  );
  const addKey = raw.prepare<[string, string, number]>(
    'INSERT OR IGNORE INTO pending_keys (key, member_id, tseq) VALUES (?, ?, ?)',
  );
  const addKeys: OpRepo['addKeys'] = (tseq, memberId, keys) => {
    for (const key of keys) addKey.run(key, memberId, tseq);
  };
  const add = (sealed: SealedOp, keys: readonly string[]): void => {
    const { op, hash } = sealed;
    insert.run(valuesOf(sealed));
    last.follow({ tseq: op.tseq, hash, hlc: op.hlc, businessDay: op.businessDay });
    addKeys(op.tseq, op.body.memberId, keys);
  };
  const turn = raw.prepare<[number]>('INSERT INTO clock_turns (tseq) VALUES (?)');
  return {
    addKeys,
    allowTurn: (tseq: number): void => void turn.run(tseq),
    append: (sealed: SealedOp, keys: readonly string[]): void => atomically(raw, () => add(sealed, keys)),
  };
}

interface KindTotal {
  kind: string;
  count: number;
  units: number;
}

/** Both, by kind. */
function addTotals(left: KindTotal[], right: readonly KindTotal[]): KindTotal[] {
  const sums = new Map(left.map((total) => [total.kind, total]));
  for (const { kind, count, units } of right) {
    const known = sums.get(kind) ?? { count: 0, units: 0 };
    sums.set(kind, { kind, count: known.count + count, units: known.units + units });
  }
  return [...sums.values()].sort((one, other) => (one.kind < other.kind ? -1 : 1));
}

function lists(raw: Connection) {
  const after = raw.prepare<[number, number], OpRow>(
    `SELECT ${stored.select} FROM ops WHERE tseq > ? ORDER BY tseq LIMIT ?`,
  );
  const gains = raw.prepare<[number, number], OpRow>(
    `SELECT ${stored.select} FROM ops INDEXED BY ops_gain
     WHERE tseq > ? AND json_extract(body, '$.cover.gain') > 0 ORDER BY tseq LIMIT ?`,
  );
  const open = raw.prepare<[string, number], OpRow>(
    `SELECT ${stored.select} FROM ops
     WHERE member_id = ? AND commitment IS NULL
       AND (ack_seq IS NULL OR coalesce(released_seq, ack_seq) > ? OR held_reason IS NOT NULL) ORDER BY tseq`,
  );
  const held = raw.prepare<[number], OpRow>(
    `SELECT ${stored.select} FROM ops INDEXED BY ops_held WHERE held_reason IS NOT NULL
     ORDER BY tseq DESC LIMIT ?`,
  );
  const keyRange = raw
    .prepare<[string, string], MemberId>(
      'SELECT member_id FROM pending_keys WHERE key >= ? AND key < ? ORDER BY key, member_id',
    )
    .pluck();
  const among = raw
    .prepare<[string], string>(
      `SELECT asked.value FROM json_each(?) AS asked
       WHERE EXISTS (SELECT 1 FROM pending_keys WHERE key = asked.value)`,
    )
    .pluck();
  const recent = raw
    .prepare<[number], MemberId>('SELECT member_id FROM ops ORDER BY tseq DESC LIMIT ?')
    .pluck();
  const totals = raw.prepare<[number, number], KindTotal>(
    `SELECT kind, count(*) AS count, sum(units) AS units FROM ops
     WHERE tseq >= ? AND tseq <= ? GROUP BY kind ORDER BY kind`,
  );
  const search = createTseqSearch(raw);
  return {
    listHeld: (limit: number) => held.all(limit).map(toStoredOp),
    listAfter: (tseq: number, limit: number) => after.all(tseq, limit).map(toStoredOp),
    listGainSpends: (tseq: number, limit: number) => gains.all(tseq, limit).map(toStoredOp),
    listOpen: (memberId: MemberId, settledSeq: number) => open.all(memberId, settledSeq).map(toStoredOp),
    searchOpen: (seek: Parameters<OpRepo['searchOpen']>[0], limit: number) =>
      firstDistinct(keyRange.iterate(...boundsOf(seek)), limit),
    openAmong: (keys: readonly string[]) => among.all(JSON.stringify(keys)),
    recentMembers: (limit: number) => firstDistinct(recent.iterate(RECENT_OPS_MAX), limit),
    dayTotals: (businessDay: string) => {
      assert(/^\d{4}-\d{2}-\d{2}$/.test(businessDay), 'a business day is YYYY-MM-DD');
      const [first, ...others] = search.runsOfDay(businessDay);
      if (first === undefined) return [];
      const runs = [first, ...others].map(({ fromTseq, toTseq }) => totals.all(fromTseq, toTseq));
      return runs.reduce(addTotals);
    },
    dayRanges: (businessDay: string) => search.runsOfDay(businessDay),
    listDays: (limit: number) => search.days(limit),
  };
}
