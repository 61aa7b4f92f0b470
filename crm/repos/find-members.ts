import { must } from '../../sync/base/must.ts';
import type { MemberId } from '../../sync/base/ids.ts';
import { FOUND_MAX, type FindKeys, type FindReply } from '../../sync/protocol/find.ts';
import { rowsOf, type Sql } from '../database.ts';
import { ACCOUNT_COLUMNS } from './rows.ts';

/** Whose key it is: index seeks only, nobody who was anonymised. A card leads to its own member. */
const BY_KEYS = `
select m.member_id as id from members m where m.state not in ('anonymised', 'removed') and m.member_id in (
  select (c."row" ->> 'memberId')::uuid from cards c where c.card_number = $1
  union select p.member_id from members p where p.mobile = $2
  union select p.member_id from members p where p."row" ->> 'phone' = $2
  union select e.member_id from members e where lower(e."row" ->> 'email') = $3
  union select l.member_id from members l where l.lookup_key = $4
) order by m.member_id limit $5`;

/** With everybody who is one person with one of them, and all their cards. */
const KIN = `
with recursive kin as (
  select member_id, merged_into_id from members where member_id = any($1::uuid[])
  union select m.member_id, m.merged_into_id from members m join kin
    on m.member_id = kin.merged_into_id or m.merged_into_id = kin.member_id
),
held as materialized (
  select "row", seq from cards where "row" ->> 'memberId' = any(array(select member_id::text from kin))
)`;
const PEOPLE = `${KIN}
select (select coalesce(json_agg("row" order by seq), '[]') from members
    where member_id = any(array(select member_id from kin))) as members,
  (select coalesce(json_agg("row" order by seq), '[]') from held) as cards,
  (select coalesce(json_agg(a), '[]') from (select ${ACCOUNT_COLUMNS} from accounts
    where account_id = any(array(select ("row" ->> 'accountId')::uuid from held))) a) as accounts`;

/** Whose keys these are. */
export async function findIds(sql: Sql, keys: FindKeys): Promise<MemberId[]> {
  const { cardNumber, phone, email, lookupId } = keys;
  const hits = await rowsOf<{ id: MemberId }>(sql, BY_KEYS, [cardNumber, phone, email, lookupId, FOUND_MAX]);
  return hits.map(({ id }) => id);
}

/** These people with all their cards and accounts. One statement: somebody waits for it. */
export async function readPeople(sql: Sql, ids: readonly MemberId[]): Promise<FindReply['rows']> {
  if (ids.length === 0) return { members: [], cards: [], accounts: [] };
  return must((await rowsOf<FindReply['rows']>(sql, PEOPLE, [ids]))[0], 'the statement gives one row');
}

/** How far the till's own ops are numbered, and who was anonymised last. */
export async function readStanding(
  tx: Sql,
  tillId: string,
): Promise<Pick<FindReply, 'hiTseq' | 'erasureNo'>> {
  const [standing] = await rowsOf<{ hiTseq: number; erasureNo: number }>(
    tx,
    `select hi_tseq as "hiTseq", (select coalesce(max(erasure_no), 0) from erasures) as "erasureNo"
     from tills where till_id = $1`,
    [tillId],
  );
  return standing ?? { hiTseq: 0, erasureNo: 0 };
}
