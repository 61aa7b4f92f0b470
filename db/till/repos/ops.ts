import { assert } from '../../../sync/base/must.ts';
import type { MemberId, OpId } from '../../../sync/base/ids.ts';
import type { Op, OpBody } from '../../../sync/model/op.ts';
import { columnsOf } from '../../columns.ts';
import { boundsOf, firstDistinct } from '../../key-range.ts';
import type { Connection } from '../../open.ts';
import { atomically } from '../../transaction.ts';
import { ops } from '../schema/ops.ts';
import type { OpRepo, StoredOp } from '../types.ts';
import { ackWriter } from './acks.ts';
import { createTseqSearch } from './tseq-search.ts';

/** `recentMembers` looks no further back: one member's busy day must not make it read the whole file. */
const RECENT_OPS_MAX = 2_000;

const all = columnsOf(ops);
const stored = columnsOf(ops, ['memberId', 'correctsOpId', 'units']);
type OpRow = Omit<typeof ops.$inferSelect, 'memberId' | 'correctsOpId' | 'units'>;

/**
 * Body and header were checked before they were appended, and nothing can change them since: no second parse.
 */
function toStoredOp({ hash, ackSeq, heldReason, body, ...header }: OpRow): StoredOp {
  return { op: { ...header, body: JSON.parse(body) as OpBody } as Op, hash, ackSeq, heldReason };
}

/** What an op counts at close of day, in the unit of its kind; 0 for ops that move nothing. */
function unitsOf(body: OpBody): number {
  if ('count' in body) return body.count;
  if ('points' in body) return body.points;
  if ('creditMinor' in body) return body.creditMinor;
  if ('cost' in body) return body.cost;
  return 'delta' in body ? body.delta : 0;
}

export function opRepo(raw: Connection): OpRepo {
  return { ...reads(raw), ...appends(raw), ...lists(raw), ...ackWriter(raw) };
}

function reads(raw: Connection) {
  const byId = raw.prepare<[string], OpRow>(`SELECT ${stored.select} FROM ops WHERE op_id = ?`);
  const latest = raw.prepare<[], NonNullable<ReturnType<OpRepo['last']>>>(
    'SELECT tseq, hash, hlc, business_day AS businessDay FROM ops ORDER BY tseq DESC LIMIT 1',
  );
  const hashByTseq = raw.prepare<[number], string>('SELECT hash FROM ops WHERE tseq = ?').pluck();
  const corrections = raw.prepare<[string], OpRow>(
    `SELECT ${stored.select} FROM ops WHERE corrects_op_id = ? ORDER BY tseq LIMIT 1`,
  );
  const toStored = (row: OpRow | undefined) => (row === undefined ? undefined : toStoredOp(row));
  return {
    find: (opId: OpId) => toStored(byId.get(opId)),
    last: () => latest.get() ?? null,
    hashOf: (tseq: number) => hashByTseq.get(tseq),
    correctionOf: (opId: OpId) => toStored(corrections.get(opId)),
  };
}

function appends(raw: Connection) {
  const marks = all.names.map(() => '?').join(', ');
  const insert = raw.prepare(`INSERT INTO ops (${all.names.join(', ')}) VALUES (${marks})`);
  const addKey = raw.prepare<[string, string, number]>(
    'INSERT OR IGNORE INTO pending_keys (key, member_id, tseq) VALUES (?, ?, ?)',
  );
  return {
    addKeys: (tseq: number, memberId: MemberId, keys: readonly string[]): void => {
      for (const key of keys) addKey.run(key, memberId, tseq);
    },
    append: ({ op, hash }: { op: Op; hash: string }, keys: readonly string[]): void => {
      const { body, ...header } = op;
      const row: typeof ops.$inferSelect = {
        ...header,
        hash,
        body: JSON.stringify(body),
        memberId: body.memberId,
        correctsOpId: 'correctsOpId' in body ? body.correctsOpId : null,
        units: unitsOf(body),
        ackSeq: null,
        heldReason: null,
      };
      const values = all.valuesOf(row);
      atomically(raw, () => {
        insert.run(...values);
        for (const key of keys) addKey.run(key, body.memberId, op.tseq);
      });
    },
  };
}

function lists(raw: Connection) {
  const after = raw.prepare<[number, number], OpRow>(
    `SELECT ${stored.select} FROM ops WHERE tseq > ? ORDER BY tseq LIMIT ?`,
  );
  const open = raw.prepare<[string, number], OpRow>(
    `SELECT ${stored.select} FROM ops
     WHERE member_id = ? AND (ack_seq IS NULL OR ack_seq > ? OR held_reason IS NOT NULL) ORDER BY tseq`,
  );
  const keyRange = raw
    .prepare<[string, string], MemberId>(
      'SELECT member_id FROM pending_keys WHERE key >= ? AND key < ? ORDER BY key, member_id',
    )
    .pluck();
  const recent = raw
    .prepare<[number], MemberId>('SELECT member_id FROM ops ORDER BY tseq DESC LIMIT ?')
    .pluck();
  const totals = raw.prepare<[number, number], { kind: string; count: number; units: number }>(
    `SELECT kind, count(*) AS count, sum(units) AS units FROM ops
     WHERE tseq >= ? AND tseq < ? GROUP BY kind ORDER BY kind`,
  );
  const search = createTseqSearch(raw);
  return {
    listAfter: (tseq: number, limit: number) => after.all(tseq, limit).map(toStoredOp),
    listOpen: (memberId: MemberId, settledSeq: number) => open.all(memberId, settledSeq).map(toStoredOp),
    searchOpen: (seek: Parameters<OpRepo['searchOpen']>[0], limit: number) =>
      firstDistinct(keyRange.iterate(...boundsOf(seek)), limit),
    recentMembers: (limit: number) => firstDistinct(recent.iterate(RECENT_OPS_MAX), limit),
    dayTotals: (businessDay: string) => {
      assert(/^\d{4}-\d{2}-\d{2}$/.test(businessDay), 'a business day is YYYY-MM-DD');
      return totals.all(search.firstNotBefore(businessDay), search.firstAfter(businessDay));
    },
  };
}
