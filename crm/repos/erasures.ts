import type { MemberId } from '../../sync/base/ids.ts';
import {
  ERASURES_PER_PULL_MAX,
  type Erasures,
  type ErasureStatus,
  type ErasureTill,
} from '../../sync/protocol/erasures.ts';
import { rowsOf, type Sql } from '../database.ts';

export interface Erasure {
  memberId: MemberId;
  /** Number of the op that did it. */
  seq: number;
  atMs: number;
}

/** Adds to the list in its own dense numbering. Only under the head's lock. */
export async function insertErasures(tx: Sql, erasures: readonly Erasure[]): Promise<void> {
  await tx.query(
    `insert into erasures (erasure_no, member_id, seq, at_ms)
     select (select coalesce(max(erasure_no), 0) from erasures) + row_number() over (order by x.place),
       x.member_id, x.seq, x.at_ms
     from jsonb_to_recordset($1::jsonb) as x(place int, member_id uuid, seq bigint, at_ms bigint)
     where not exists (select 1 from erasures e where e.member_id = x.member_id)`,
    [
      JSON.stringify(
        erasures.map(({ memberId, seq, atMs }, place) => ({ place, member_id: memberId, seq, at_ms: atMs })),
      ),
    ],
  );
}

/** Up to which number each of these members may still be read somewhere; one whose erasure nobody noted: for good. */
export async function listErasedAt(tx: Sql, memberIds: readonly string[]): Promise<Map<string, number>> {
  const text = 'select member_id::text as "memberId", seq from erasures where member_id = any($1::uuid[])';
  const found = await rowsOf<{ memberId: string; seq: number }>(tx, text, [memberIds]);
  const known = new Map(found.map(({ memberId, seq }) => [memberId, seq]));
  return new Map(memberIds.map((id) => [id, known.get(id) ?? Number.MAX_SAFE_INTEGER]));
}

/** Everybody who was ever anonymised, or who was by `byMs`. */
export async function listAllErased(tx: Sql, byMs = Number.MAX_SAFE_INTEGER): Promise<string[]> {
  const text = 'select member_id::text as "memberId" from erasures where at_ms <= $1 order by erasure_no';
  return (await rowsOf<{ memberId: string }>(tx, text, [byMs])).map(({ memberId }) => memberId);
}

/** Those of `memberIds` who are rows and not anonymised, in the order of their ids. */
export async function listNotErased(sql: Sql, memberIds: readonly string[]): Promise<MemberId[]> {
  const text = `select member_id::text as "memberId" from members
    where member_id = any($1::uuid[]) and state <> 'anonymised' order by member_id`;
  return (await rowsOf<{ memberId: MemberId }>(sql, text, [memberIds])).map(({ memberId }) => memberId);
}

/** When somebody was last anonymised; 0: nobody ever was. */
export async function findLastErasure(sql: Sql): Promise<number> {
  const text = 'select coalesce(max(at_ms), 0) as "atMs" from erasures';
  return (await rowsOf<{ atMs: number }>(sql, text))[0]?.atMs ?? 0;
}

/** Who was anonymised after erasure `after`, the next page of them. */
export async function readErasures(sql: Sql, after: number): Promise<Erasures> {
  const text = `select erasure_no as "erasureNo", member_id as "memberId" from erasures
    where erasure_no > $1 order by erasure_no limit $2`;
  const found = await rowsOf<{ erasureNo: number; memberId: MemberId }>(sql, text, [
    after,
    ERASURES_PER_PULL_MAX,
  ]);
  return { memberIds: found.map(({ memberId }) => memberId), upTo: found.at(-1)?.erasureNo ?? after };
}

/** A till's receipt: nothing of anybody up to `erasureNo` is in its files. A till that starts anew says less. */
export async function noteReceipt(
  sql: Sql,
  { tillId, erasureNo, nowMs }: { tillId: string; erasureNo: number; nowMs: number },
): Promise<void> {
  await sql.query(
    `insert into erasure_receipts (till_id, erasure_no, at_ms)
     values ($1, least($2::bigint, (select coalesce(max(erasure_no), 0) from erasures)), $3)
     on conflict (till_id) do update set erasure_no = excluded.erasure_no, at_ms = excluded.at_ms
       where erasure_receipts.erasure_no <> excluded.erasure_no`,
    [tillId, erasureNo, nowMs],
  );
}

/** The latest erasures with the tills that have and have not confirmed them: "n of m tills". */
export async function listErasures(sql: Sql, limit: number): Promise<ErasureStatus[]> {
  return rowsOf<ErasureStatus>(
    sql,
    `select e.erasure_no as "erasureNo", e.member_id as "memberId", e.at_ms as "atMs",
       (select count(*) from tills t where t.state = 'live' and t.till_id <> 'centre') as tills,
       (select count(*) from tills t join erasure_receipts r using (till_id)
         where t.state = 'live' and t.till_id <> 'centre' and r.erasure_no >= e.erasure_no) as confirmed
     from erasures e order by e.erasure_no desc limit $1`,
    [limit],
  );
}

/** Every living till, the ones that lag first: what each has confirmed, and when it was heard of. */
export async function listErasureTills(sql: Sql, limit: number): Promise<ErasureTill[]> {
  return rowsOf<ErasureTill>(
    sql,
    `select t.till_id as "tillId", t.name, t.store_id as "storeId", coalesce(r.erasure_no, 0) as "confirmedNo",
       coalesce(r.at_ms, 0) as "confirmedAtMs", t.last_contact_at_ms as "heardAtMs"
     from tills t left join erasure_receipts r using (till_id)
     where t.state = 'live' and t.till_id <> 'centre'
     order by coalesce(r.erasure_no, 0), t.last_contact_at_ms, t.till_id limit $1`,
    [limit],
  );
}
