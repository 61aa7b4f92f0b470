import { isPersonal, type WireOp } from '../../sync/model/op.ts';
import { rowsOf, type Sql } from '../database.ts';
import { readBody } from '../prepared-push.ts';
import { namedMember } from './ops.ts';

/** An op that waits beside the feed, with its hash. */
export interface Stray {
  op: WireOp;
  hash: string;
}

/** Whom a stray is about, where it carries personal data, or nobody can tell whether it does. */
export const personOfStray = (op: WireOp): string | null =>
  isPersonal(op.kind) || readBody(op) === null ? namedMember(op) : null;

/**
 * Keeps ops that have neither a number nor a place here yet; another op under a numbered id has none. Repeats change
 * nothing. What one says
 * about somebody who was anonymised is not kept: there is nothing left to book.
 *
 * @returns How many are new.
 */
export async function insertStrays(tx: Sql, strays: readonly Stray[], nowMs: number): Promise<number> {
  if (strays.length === 0) return 0;
  const records = strays.map(({ op: { body, ...header }, hash }) => ({
    op_id: header.opId,
    till_id: header.tillId,
    incarnation: header.incarnation,
    tseq: header.tseq,
    hash,
    header: JSON.stringify(header),
    body: JSON.stringify(body),
    member_id: personOfStray({ ...header, body }),
    erased_header: JSON.stringify({ ...header, salt: '' }),
  }));
  const { rowCount } = await tx.query(
    `insert into stray_ops (op_id, till_id, incarnation, tseq, hash, header, body, received_at_ms, member_id,
       booked_by, booked_at_ms)
     select x.op_id, x.till_id, x.incarnation, x.tseq, x.hash,
       case when e.member_id is null then x.header else x.erased_header end::json,
       case when e.member_id is null then x.body else 'null' end::json, $2::bigint, x.member_id,
       case when e.member_id is null then null else 'erased' end,
       case when e.member_id is null then null else $2::bigint end
     from json_to_recordset($1::json) as x(op_id uuid, till_id text, incarnation bigint, tseq bigint,
       hash text, header text, body text, member_id uuid, erased_header text)
     left join erasures e on e.member_id = x.member_id
     where not exists (select 1 from ops where ops.op_id = x.op_id and ops.hash = x.hash)
     on conflict (op_id) do nothing`,
    [JSON.stringify(records), nowMs],
  );
  return rowCount ?? 0;
}

interface StrayRow {
  header: Omit<WireOp, 'body'>;
  body: WireOp['body'];
  hash: string;
}

/** Strays of a till that nobody has booked, in the order in which they were made; at most `limit`. */
export async function listWaitingStrays(tx: Sql, tillId: string, limit: number): Promise<Stray[]> {
  const rows = await rowsOf<StrayRow>(
    tx,
    `select header, body, hash from stray_ops where till_id = $1 and booked_at_ms is null
     order by incarnation, tseq, received_at_ms, op_id limit $2`,
    [tillId, limit],
  );
  return rows.map(({ header, body, hash }) => ({ op: { ...header, body }, hash }));
}

/** What strays say about these members goes; those that wait are done with. */
export async function eraseStrays(tx: Sql, memberIds: readonly string[], nowMs: number): Promise<void> {
  await tx.query(
    `update stray_ops set header = (header::jsonb || '{"salt": ""}')::json, body = 'null'::json,
       booked_by = coalesce(booked_by, 'erased'), booked_at_ms = coalesce(booked_at_ms, $2)
     where member_id = any($1::uuid[])`,
    [memberIds, nowMs],
  );
}

/** `seq` null: the op had a number already and was dropped. */
export async function markBooked(
  tx: Sql,
  booked: readonly { opId: string; seq: number | null }[],
  by: { actorId: string; nowMs: number },
): Promise<void> {
  await tx.query(
    `update stray_ops set booked_seq = x.seq, booked_by = $2, booked_at_ms = $3
     from jsonb_to_recordset($1::jsonb) as x(op_id uuid, seq bigint) where stray_ops.op_id = x.op_id`,
    [JSON.stringify(booked.map(({ opId, seq }) => ({ op_id: opId, seq }))), by.actorId, by.nowMs],
  );
}

/** Waiting strays of all tills. */
export async function countStrays(sql: Sql): Promise<number> {
  const text = 'select count(*)::bigint as count from stray_ops where booked_at_ms is null';
  const [row] = await rowsOf<{ count: number }>(sql, text);
  return row?.count ?? 0;
}

/** The branch after the till's last. */
export async function nextBranch(tx: Sql, tillId: string): Promise<number> {
  const text = 'select coalesce(max(branch), 0) + 1 as branch from ops where till_id = $1';
  const [row] = await rowsOf<{ branch: number }>(tx, text, [tillId]);
  return row?.branch ?? 1;
}
