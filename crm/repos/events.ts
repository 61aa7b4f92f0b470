import type { MemberId } from '../../sync/base/ids.ts';
import type { CardRow, EntryRow } from '../../sync/model/card.ts';
import type { MemberRow } from '../../sync/model/member.ts';
import { rowsOf, type Sql } from '../database.ts';
import { plainArray } from './arrays.ts';

/** A row behind the cursor, as it is now. */
export type MovedRow =
  | { what: 'member'; seq: number; row: MemberRow }
  | { what: 'card'; seq: number; row: CardRow }
  | { what: 'entry'; seq: number; row: EntryRow };

/** Each of the three is a range of its table's index on `seq`. */
const MOVED = `select what, seq, "row" from (
    (select 'member' as what, 1 as place, seq, member_id as id, "row"::json as "row" from members
      where seq > $1 order by seq, member_id limit $2)
    union all
    (select 'card', 2, seq, card_id, "row"::json from cards
      where seq > $1 and $3::boolean order by seq, card_id limit $2)
    union all
    (select 'entry', 3, seq, op_id, "row"::json from entries
      where seq > $1 and $3::boolean order by seq, op_id limit $2)
  ) moved order by seq, place, id limit $2`;

/** What changed behind `afterSeq`, by its number; within one number a member before cards before entries. */
export async function listMoved(
  sql: Sql,
  { afterSeq, hasLedger, limit }: { afterSeq: number; hasLedger: boolean; limit: number },
): Promise<MovedRow[]> {
  return rowsOf<MovedRow>(sql, MOVED, [afterSeq, limit, hasLedger]);
}

/** Who of these is anonymised. */
export async function listClosedMembers(sql: Sql, memberIds: readonly string[]): Promise<MemberId[]> {
  if (memberIds.length === 0) return [];
  const text = `select member_id as "memberId" from members
    where member_id = any($1::uuid[]) and state = 'anonymised'`;
  const found = await rowsOf<{ memberId: MemberId }>(sql, text, [plainArray(memberIds)]);
  return found.map(({ memberId }) => memberId);
}

/** Who was anonymised by an op above `afterSeq`, the first `limit` by their number. */
export async function listErasedAfter(sql: Sql, afterSeq: number, limit: number): Promise<MemberId[]> {
  const text = `select member_id as "memberId" from erasures where seq > $1 order by seq, erasure_no limit $2`;
  const found = await rowsOf<{ memberId: MemberId }>(sql, text, [afterSeq, limit]);
  return found.map(({ memberId }) => memberId);
}

export async function findMemberRow(sql: Sql, memberId: string): Promise<MemberRow | undefined> {
  const text = 'select "row" from members where member_id = $1::uuid';
  return (await rowsOf<{ row: MemberRow }>(sql, text, [memberId]))[0]?.row;
}
