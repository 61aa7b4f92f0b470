import type { MemberId } from '../../sync/base/ids.ts';
import { rowsOf, type Sql } from '../database.ts';

export interface Inactive {
  memberId: MemberId;
  /** The latest booking, or when she joined. */
  lastAtMs: number;
}

/**
 * Members for whom nothing was booked since `beforeMs`, at most `limit`, but for those who are asked about, or were
 * within `quietFromMs`. A person is all profiles that were joined. Reads all members, for seconds in a large chain.
 */
export async function listInactive(
  sql: Sql,
  { beforeMs, quietFromMs, limit }: { beforeMs: number; quietFromMs: number; limit: number },
): Promise<Inactive[]> {
  return rowsOf<Inactive>(
    sql,
    `with joined as (
       select "row" ->> 'mergedIntoId' as into_id, member_id from members where "row" ->> 'mergedIntoId' is not null)
     select m.member_id::text as "memberId", greatest((m."row" ->> 'createdAtMs')::bigint,
       (select max(last_entry_at_ms) from accounts a where a.member_id = m.member_id)) as "lastAtMs"
     from members m
     where m.state in ('active', 'locked') and m."row" ->> 'mergedIntoId' is null
       and (m."row" ->> 'createdAtMs')::bigint < $1
       and not exists (select 1 from accounts a where a.member_id = m.member_id and a.last_entry_at_ms >= $1)
       and not exists (select 1 from joined j join accounts a on a.member_id = j.member_id
         where j.into_id = m.member_id::text and a.last_entry_at_ms >= $1)
       and not exists (select 1 from inbox i where i.member_id = m.member_id and i.kind = 'inactive_member'
         and (i.state = 'open' or i.answered_at_ms >= $2))
     order by 2, 1 limit $3`,
    [beforeMs, quietFromMs, limit],
  );
}
