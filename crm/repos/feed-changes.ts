import type { AccountRow, CardRow } from '../../sync/model/card.ts';
import type { ChainDocument } from '../../sync/model/chain.ts';
import type { MemberRow } from '../../sync/model/member.ts';
import { rowsOf, type Sql } from '../database.ts';
import { plainArray } from './arrays.ts';
import { ACCOUNT_COLUMNS } from './rows.ts';

export interface ChangedRow {
  members: MemberRow;
  cards: CardRow;
}
export type ChangedTable = keyof ChangedRow;

const FIRST_UUID = '00000000-0000-0000-0000-000000000000';

const PAGES: Record<ChangedTable, string> = {
  members: `select seq, member_id as id, "row" from members where (seq, member_id) > ($1, $2::uuid)
    order by seq, member_id limit $3`,
  cards: `select seq, card_id as id, "row" from cards where (seq, card_id) > ($1, $2::uuid)
    order by seq, card_id limit $3`,
};
const LAST_UUID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

interface From {
  fromSeq: number;
  pageRows: number;
}
type Visit<Row> = (rows: Row[]) => Promise<void> | void;

/** Above so many the whole table is read instead: an import. */
const MOVED_MAX = 100_000;

/** An account changes only with an entry or a card of the same number: these are indexed by it, accounts are not. */
const MOVED = `select account_id as id from entries where seq > $1
  union select account_id from cards where seq > $1 limit $2`;

/** Visits, page by page, every account whose number is above `fromSeq`, each once. All of one instant inside `tx`. */
export async function eachChangedAccount(
  tx: Sql,
  { fromSeq, pageRows }: From,
  visit: Visit<AccountRow>,
): Promise<void> {
  const moved = fromSeq === 0 ? null : await rowsOf<{ id: string }>(tx, MOVED, [fromSeq, MOVED_MAX + 1]);
  if (moved === null || moved.length > MOVED_MAX) return eachAccount(tx, { fromSeq, pageRows }, visit);
  const ids = moved.map(({ id }) => id);
  const text = `select ${ACCOUNT_COLUMNS} from accounts where account_id = any($1::uuid[]) and seq > $2`;
  for (let at = 0; at < ids.length; at += pageRows) {
    const page = await rowsOf<AccountRow>(tx, text, [plainArray(ids.slice(at, at + pageRows)), fromSeq]);
    if (page.length > 0) await visit(page);
  }
}

async function eachAccount(tx: Sql, { fromSeq, pageRows }: From, visit: Visit<AccountRow>): Promise<void> {
  const text = `select ${ACCOUNT_COLUMNS} from accounts where account_no > $1 and seq > $2
    order by account_no limit $3`;
  for (let afterNo = -1; ;) {
    const page = await rowsOf<AccountRow>(tx, text, [afterNo, fromSeq, pageRows]);
    if (page.length > 0) await visit(page);
    const last = page.at(-1);
    if (last === undefined || last.accountNo === null || page.length < pageRows) return;
    afterNo = last.accountNo;
  }
}

/** The same for members and cards, in the order of their numbers. */
export async function eachChanged<Table extends ChangedTable>(
  tx: Sql,
  from: From & { table: Table },
  visit: Visit<ChangedRow[Table]>,
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
