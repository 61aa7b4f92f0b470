import type { MemberId } from '../../sync/base/ids.ts';
import { rowsOf, type Sql } from '../database.ts';

export interface Inactive {
  memberId: MemberId;
  /** The latest booking, or when she joined, over all profiles that are hers. */
  lastAtMs: number;
}

/**
 * Members for whom nothing was booked since `beforeMs`, at most `limit`, but for those who are asked about, or were
 * within `quietFromMs`. A person is all profiles that were joined, however many steps away. Reads all members, for
 * seconds in a large chain.
 */
export async function listInactive(
  sql: Sql,
  { beforeMs, quietFromMs, limit }: { beforeMs: number; quietFromMs: number; limit: number },
): Promise<Inactive[]> {
  return rowsOf<Inactive>(
    sql,
    `with recursive line as (
       select member_id, merged_into_id as into_id from members where merged_into_id is not null
       union select line.member_id, m.merged_into_id from line join members m on m.member_id = line.into_id
         where m.merged_into_id is not null),
     booked as (select member_id, max(last_entry_at_ms) as at_ms from accounts group by member_id),
     seen as (
       select m.member_id, greatest((m."row" ->> 'createdAtMs')::bigint, b.at_ms) as at_ms
       from members m left join booked b using (member_id)),
     joined as (
       select line.into_id, max(seen.at_ms) as at_ms from line join seen using (member_id) group by line.into_id)
     select m.member_id::text as "memberId", greatest(seen.at_ms, joined.at_ms) as "lastAtMs"
     from members m join seen using (member_id) left join joined on joined.into_id = m.member_id
     where m.state in ('active', 'locked') and m.merged_into_id is null
       and greatest(seen.at_ms, joined.at_ms) < $1
       and not exists (select 1 from inbox i where i.member_id = m.member_id and i.kind = 'inactive_member'
         and (i.state = 'open' or i.answered_at_ms >= $2))
     order by 2, 1 limit $3`,
    [beforeMs, quietFromMs, limit],
  );
}

/** When the latest booking was made for everybody who is one person with this member; 0: none ever was. */
export async function lastBookedAt(sql: Sql, memberId: string): Promise<number> {
  const [last] = await rowsOf<{ atMs: number }>(
    sql,
    `with recursive kin as (
       select member_id, merged_into_id from members where member_id = $1::uuid
       union select m.member_id, m.merged_into_id from members m join kin
         on m.member_id = kin.merged_into_id or m.merged_into_id = kin.member_id)
     select coalesce(max(last_entry_at_ms), 0) as "atMs" from accounts where account_id = any(array(
       select ("row" ->> 'accountId')::uuid from cards
       where "row" ->> 'memberId' = any(array(select member_id::text from kin))))`,
    [memberId],
  );
  return last?.atMs ?? 0;
}
