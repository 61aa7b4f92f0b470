import type { MemberId } from '../../sync/base/ids.ts';
import type { AccountRow, CardRow, EntryRow } from '../../sync/model/card.ts';
import type { FieldClocks, MemberRow } from '../../sync/model/member.ts';
import { rowsOf, type Sql } from '../database.ts';

export interface MemberRecord {
  row: MemberRow;
  clocks: FieldClocks;
}

/** Rows that a group of ops may read or change. */
export interface LoadedRows {
  members: MemberRecord[];
  cards: CardRow[];
  accounts: AccountRow[];
  entries: EntryRow[];
  /** Who holds the mobile numbers that the group writes; anonymised members left out. */
  mobiles: { memberId: MemberId; mobile: string }[];
}

export interface RowKeys {
  members: readonly string[];
  cards: readonly string[];
  cardNumbers: readonly string[];
  accounts: readonly string[];
  /** Entries by their op, and those that correct one of them. */
  entries: readonly string[];
  mobiles: readonly string[];
}

async function rowsByKeys<Row>(sql: Sql, text: string, ...keys: (readonly string[])[]): Promise<Row[]> {
  if (keys.every((list) => list.length === 0)) return [];
  return rowsOf<Row>(sql, text, keys);
}

/** A handful of index seeks for a whole group. */
export async function loadRows(sql: Sql, keys: RowKeys): Promise<LoadedRows> {
  const members = await rowsByKeys<MemberRecord>(
    sql,
    'select "row", clocks from members where member_id = any($1::uuid[])',
    keys.members,
  );
  const cards = await rowsByKeys<{ row: CardRow }>(
    sql,
    `select "row" from cards where card_id = any($1::uuid[])
     union all select "row" from cards where card_number = any($2) and card_id <> all($1::uuid[])`,
    keys.cards,
    keys.cardNumbers,
  );
  const accounts = await rowsByKeys<{ row: AccountRow }>(
    sql,
    'select "row" from accounts where account_id = any($1::uuid[])',
    keys.accounts,
  );
  const entries = await rowsByKeys<{ row: EntryRow }>(
    sql,
    `select "row" from entries where op_id = any($1::uuid[])
     union all select "row" from entries where corrects_op_id = any($1::uuid[])`,
    keys.entries,
  );
  const mobiles = await rowsByKeys<{ memberId: MemberId; mobile: string }>(
    sql,
    `select member_id as "memberId", mobile from members where mobile = any($1) and state <> 'anonymised'`,
    keys.mobiles,
  );
  return {
    members,
    cards: cards.map(({ row }) => row),
    accounts: accounts.map(({ row }) => row),
    entries: entries.map(({ row }) => row),
    mobiles,
  };
}

async function upsert(tx: Sql, text: string, records: readonly object[]): Promise<void> {
  if (records.length > 0) await tx.query(text, [JSON.stringify(records)]);
}

export interface ChangedRows {
  members: MemberRecord[];
  cards: CardRow[];
  accounts: AccountRow[];
  entries: EntryRow[];
}

/** Writes what a group changed: one statement per table. Only under the head's lock. */
export async function saveRows(tx: Sql, changed: ChangedRows): Promise<void> {
  await upsert(
    tx,
    `insert into members (member_id, seq, mobile, state, "row", clocks)
     select x.member_id, x.seq, x.mobile, x.state, x."row", x.clocks
     from jsonb_to_recordset($1::jsonb) as x(member_id uuid, seq bigint, mobile text, state text,
       "row" jsonb, clocks jsonb)
     on conflict (member_id) do update set seq = excluded.seq, mobile = excluded.mobile, state =
       excluded.state,
       "row" = excluded."row", clocks = excluded.clocks`,
    changed.members.map(({ row, clocks }) => ({
      member_id: row.memberId,
      seq: row.seq,
      mobile: row.mobile,
      state: row.state,
      row,
      clocks,
    })),
  );
  await upsert(
    tx,
    `insert into accounts (account_id, seq, account_no, balance, entry_count, "row")
     select x.account_id, x.seq, x.account_no, x.balance, x.entry_count, x."row"
     from jsonb_to_recordset($1::jsonb)
       as x(account_id uuid, seq bigint, account_no bigint, balance bigint, entry_count bigint, "row" jsonb)
     on conflict (account_id) do update set seq = excluded.seq, balance = excluded.balance,
       entry_count = excluded.entry_count, "row" = excluded."row"`,
    changed.accounts.map((row) => ({
      account_id: row.accountId,
      seq: row.seq,
      account_no: row.accountNo,
      balance: row.balance,
      entry_count: row.entryCount,
      row,
    })),
  );
  await upsert(
    tx,
    `insert into cards (card_id, seq, card_number, account_id, "row")
     select x.card_id, x.seq, x.card_number, x.account_id, x."row"
     from jsonb_to_recordset($1::jsonb) as x(card_id uuid, seq bigint, card_number text, account_id
       uuid, "row" jsonb)
     on conflict (card_id) do update set seq = excluded.seq, "row" = excluded."row"`,
    changed.cards.map((row) => ({
      card_id: row.cardId,
      seq: row.seq,
      card_number: row.cardNumber,
      account_id: row.accountId,
      row,
    })),
  );
  await upsert(
    tx,
    `insert into entries (op_id, seq, account_id, store_id, corrects_op_id, delta, "row")
     select x.op_id, x.seq, x.account_id, x.store_id, x.corrects_op_id, x.delta, x."row"
     from jsonb_to_recordset($1::jsonb)
       as x(op_id uuid, seq bigint, account_id uuid, store_id text, corrects_op_id uuid, delta
         bigint, "row" jsonb)`,
    changed.entries.map((row) => ({
      op_id: row.opId,
      seq: row.seq,
      account_id: row.accountId,
      store_id: row.storeId,
      corrects_op_id: row.correctsOpId,
      delta: row.delta,
      row,
    })),
  );
}
