import type { HeldReason } from '../../sync/model/feed.ts';
import type { WireOp } from '../../sync/model/op.ts';
import type { Flag } from '../../sync/merge/rows.ts';
import { rowsOf, type Sql } from '../database.ts';

export interface NumberedOp {
  seq: number;
  op: WireOp;
  hash: string;
  held: HeldReason | null;
  flags: readonly Flag[];
}

export interface KnownHash {
  tillId: string;
  tseq: number;
  hash: string;
}

/** Hashes of a till's numbered ops `fromTseq .. toTseq`. */
export async function listHashes(
  sql: Sql,
  range: { tillId: string; incarnation: number; fromTseq: number; toTseq: number },
): Promise<KnownHash[]> {
  return rowsOf<KnownHash>(
    sql,
    `select till_id as "tillId", tseq, hash from ops
     where till_id = $1 and incarnation = $2 and tseq between $3 and $4`,
    [range.tillId, range.incarnation, range.fromTseq, range.toTseq],
  );
}

/** Which of `ids` the centre has numbered already, whoever sent them. */
export async function listKnownOpIds(sql: Sql, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const text = `select op_id as "opId" from ops
    where op_id = any($1::uuid[]) and held_reason is distinct from 'op_id_repeated'`;
  const rows = await rowsOf<{ opId: string }>(sql, text, [ids]);
  return rows.map((row) => row.opId);
}

function toRecord({ seq, op, hash, held }: NumberedOp): object {
  const { body, ...header } = op;
  return {
    seq,
    till_id: op.tillId,
    incarnation: op.incarnation,
    tseq: op.tseq,
    op_id: op.opId,
    hash,
    kind: op.kind,
    held_reason: held,
    header: JSON.stringify(header),
    body: JSON.stringify(body),
  };
}

/** Appends ops with their numbers and flags. Header and body travel as text and are stored to the letter. */
export async function insertOps(tx: Sql, ops: readonly NumberedOp[], nowMs: number): Promise<void> {
  if (ops.length === 0) return;
  await tx.query(
    `insert into ops (seq, till_id, incarnation, tseq, op_id, hash, kind, held_reason, header, body,
      received_at_ms)
     select x.seq, x.till_id, x.incarnation, x.tseq, x.op_id, x.hash, x.kind, x.held_reason,
       x.header::json, x.body::json, $2
     from json_to_recordset($1::json) as x(seq bigint, till_id text, incarnation bigint, tseq
       bigint, op_id uuid,
       hash text, kind text, held_reason text, header text, body text)`,
    [JSON.stringify(ops.map(toRecord)), nowMs],
  );
  const flags = ops.flatMap(({ seq, op, flags: raised }) =>
    [...new Set(raised)].map((flag) => ({ seq, flag, op_id: op.opId })),
  );
  if (flags.length === 0) return;
  await tx.query(
    `insert into flags (seq, flag, op_id)
     select x.seq, x.flag, x.op_id from json_to_recordset($1::json) as x(seq bigint, flag text, op_id uuid)`,
    [JSON.stringify(flags)],
  );
}
