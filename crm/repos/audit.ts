import type { AccountRow, CardRow } from '../../sync/model/card.ts';
import type { MemberRow } from '../../sync/model/member.ts';
import { rowsOf, type Sql } from '../database.ts';
import { ACCOUNT_COLUMNS } from './rows.ts';

const PAGE_ROWS = 5_000;
const PROBLEMS_MAX = 100;
const FIRST_UUID = '00000000-0000-0000-0000-000000000000';

type AuditedTable = 'members' | 'cards' | 'accounts';
type RowOf = { members: MemberRow; cards: CardRow; accounts: AccountRow };

const PAGES: Record<AuditedTable, string> = {
  members: 'select member_id as id, "row" from members where member_id > $1 order by member_id limit $2',
  cards: 'select card_id as id, "row" from cards where card_id > $1 order by card_id limit $2',
  accounts: `select id, row_to_json(a) as "row" from (
      select account_id as id from accounts where account_id > $1 order by account_id limit $2) page
    cross join lateral (select ${ACCOUNT_COLUMNS} from accounts where account_id = id) a order by id`,
};

/** Every row of a table, page by page. Inside a read transaction all pages are of one instant. */
export async function eachRow<Table extends AuditedTable>(
  tx: Sql,
  table: Table,
  visit: (row: RowOf[Table]) => void,
): Promise<void> {
  let after = FIRST_UUID;
  for (;;) {
    const page = await rowsOf<{ id: string; row: RowOf[Table] }>(tx, PAGES[table], [after, PAGE_ROWS]);
    for (const { row } of page) visit(row);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ROWS) return;
    after = last.id;
  }
}

export interface Problem {
  problem: 'balance_differs' | 'entry_without_account' | 'card_without_account' | 'number_repeated';
  /** Id of the row; no personal data. */
  id: string;
}

/**
 * Broken rules of the design: I3 (a balance is the sum of its entries), I4 (no card number twice), rows
 * that lost their kin.
 */
export async function listProblems(tx: Sql): Promise<Problem[]> {
  return rowsOf<Problem>(
    tx,
    `select 'balance_differs' as problem, a.account_id::text as id from accounts a
       left join (select account_id, sum(delta) as total, count(*) as entries from entries group by
         account_id) e
         on e.account_id = a.account_id
       where a.balance <> coalesce(e.total, 0) or a.entry_count <> coalesce(e.entries, 0)
     union all select 'entry_without_account', e.op_id::text from entries e
       where not exists (select 1 from accounts a where a.account_id = e.account_id)
     union all select 'card_without_account', c.card_id::text from cards c
       where not exists (select 1 from accounts a where a.account_id = c.account_id)
     union all select 'number_repeated', min(card_id::text) from cards group by card_number having
       count(*) > 1
     limit $1`,
    [PROBLEMS_MAX],
  );
}

export interface Counts {
  members: number;
  cards: number;
  entries: number;
  heldOps: number;
  flags: number;
}

/** Figures for the status page: no personal data. */
export async function countRows(sql: Sql): Promise<Counts> {
  const [counts] = await rowsOf<Counts>(
    sql,
    `select (select count(*) from members) as members, (select count(*) from cards) as cards,
      (select count(*) from entries) as entries,
      (select count(*) from ops where held_reason is not null and released_seq is null) as "heldOps",
      (select count(*) from flags) as flags`,
  );
  return counts ?? { members: 0, cards: 0, entries: 0, heldOps: 0, flags: 0 };
}
