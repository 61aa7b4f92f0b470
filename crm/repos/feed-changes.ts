import type { AccountRow, CardRow } from '../../sync/model/card.ts';
import type { ChainDocument } from '../../sync/model/chain.ts';
import type { MemberRow } from '../../sync/model/member.ts';
import { rowsOf, type Sql } from '../database.ts';

export interface ChangedRow {
  members: MemberRow;
  cards: CardRow;
  accounts: AccountRow;
}
export type ChangedTable = keyof ChangedRow;

const FIRST_UUID = '00000000-0000-0000-0000-000000000000';

const PAGES: Record<ChangedTable, string> = {
  members: `select seq, member_id as id, "row" from members where (seq, member_id) > ($1, $2::uuid)
    order by seq, member_id limit $3`,
  cards: `select seq, card_id as id, "row" from cards where (seq, card_id) > ($1, $2::uuid)
    order by seq, card_id limit $3`,
  accounts: `select seq, account_id as id, "row" from accounts where (seq, account_id) > ($1, $2::uuid)
    order by seq, account_id limit $3`,
};
const LAST_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Visits, page by page, every row of a table whose number is above `fromSeq`. All of one instant inside `tx`. */
export async function eachChanged<Table extends ChangedTable>(
  tx: Sql,
  from: { table: Table; fromSeq: number; pageRows: number },
  visit: (rows: ChangedRow[Table][]) => Promise<void> | void,
): Promise<void> {
  let after = { seq: from.fromSeq, id: from.fromSeq === 0 ? FIRST_UUID : LAST_UUID };
  for (;;) {
    const page = await rowsOf<{ seq: number; id: string; row: ChangedRow[Table] }>(tx, PAGES[from.table], [
      ...[after.seq, after.id, from.pageRows],
    ]);
    if (page.length > 0) await visit(page.map(({ row }) => row));
    const last = page.at(-1);
    if (last === undefined || page.length < from.pageRows) return;
    after = { seq: last.seq, id: last.id };
  }
}

export async function listChangedDocuments(tx: Sql, fromSeq: number): Promise<ChainDocument[]> {
  return rowsOf<ChainDocument>(tx, 'select kind, id, seq, body from documents where seq > $1 order by seq', [
    fromSeq,
  ]);
}
