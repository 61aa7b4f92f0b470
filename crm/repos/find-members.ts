import type { MemberId } from '../../sync/base/ids.ts';
import type { CardRow } from '../../sync/model/card.ts';
import type { MemberRow } from '../../sync/model/member.ts';
import { FOUND_MAX, type FindKeys, type FindReply } from '../../sync/protocol/find.ts';
import { rowsOf, type Sql } from '../database.ts';
import { gathered } from '../gathered.ts';
import { loadRows, type RowKeys } from './rows.ts';

/** Whose key it is: index seeks only, nobody who was anonymised. A card leads to its own member. */
const BY_KEYS = `
select m.member_id as id from members m where m.state <> 'anonymised' and m.member_id in (
  select (c."row" ->> 'memberId')::uuid from cards c where c.card_number = $1
  union select p.member_id from members p where p.mobile = $2
  union select p.member_id from members p where p."row" ->> 'phone' = $2
  union select e.member_id from members e where lower(e."row" ->> 'email') = $3
  union select l.member_id from members l where l.lookup_key = $4
) order by m.member_id limit $5`;

/** With everybody who is one person with one of them. */
const PEOPLE = `
with recursive kin as (
  select member_id, merged_into_id from members where member_id = any($1::uuid[])
  union select m.member_id, m.merged_into_id from members m join kin
    on m.member_id = kin.merged_into_id or m.merged_into_id = kin.member_id
)
select "row" from members where member_id in (select member_id from kin) order by seq`;

const CARDS = `select "row" from cards where "row" ->> 'memberId' = any($1::text[]) order by seq`;

const NO_KEYS: RowKeys = {
  ...{ members: [], cards: [], cardNumbers: [], accounts: [], entries: [] },
  ...{ mobiles: [], lookups: [], sets: [] },
};

/** The people behind whole keys, with all their cards and accounts; inside one instant. */
export async function findPeople(tx: Sql, keys: FindKeys): Promise<Pick<FindReply, 'found' | 'rows'>> {
  const { cardNumber, phone, email, lookupId } = keys;
  const hits = await rowsOf<{ id: MemberId }>(tx, BY_KEYS, [cardNumber, phone, email, lookupId, FOUND_MAX]);
  const found = hits.map(({ id }) => id);
  if (found.length === 0) return { found, rows: { members: [], cards: [], accounts: [] } };
  const members = await rowsOf<{ row: MemberRow }>(tx, PEOPLE, [found]);
  const cards = await rowsOf<{ row: CardRow }>(tx, CARDS, [members.map(({ row }) => row.memberId)]);
  const accountIds = [...new Set(cards.map(({ row }) => row.accountId))];
  const { accounts } = await loadRows(gathered(tx), { ...NO_KEYS, accounts: accountIds });
  const rows = {
    members: members.map(({ row }) => row),
    cards: cards.map(({ row }) => row),
    accounts,
  };
  return { found, rows };
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
