import type { AccountId, MemberId } from '../../sync/base/ids.ts';
import { assert } from '../../sync/base/must.ts';
import { lookupIdKey } from '../../sync/base/search-key.ts';
import type { AccountRow, CardRow, EntryRow } from '../../sync/model/card.ts';
import { readKept, type ChainDocument } from '../../sync/model/chain.ts';
import type { ConsentRow } from '../../sync/model/consent.ts';
import { isRemoved } from '../../sync/model/extras.ts';
import { EMPTY_FIELDS, type FieldClocks, type MemberRow } from '../../sync/model/member.ts';
import { rowsOf, type Sql } from '../database.ts';
import { joinJson, jsonTexts, plainArray, textArray } from './arrays.ts';

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
  /**
   * Who holds the mobile numbers and look-up IDs that the group writes. Whoever is anonymised or goes on as
   * another member is left out.
   */
  mobiles: { memberId: MemberId; mobile: string }[];
  lookups: { memberId: MemberId; lookupKey: string }[];
  documents: ChainDocument[];
}

export interface RowKeys {
  members: readonly string[];
  cards: readonly string[];
  cardNumbers: readonly string[];
  accounts: readonly string[];
  /** Entries by their op, and those that correct one of them. */
  entries: readonly string[];
  mobiles: readonly string[];
  /** As `lookupKeyOf` makes them. */
  lookups: readonly string[];
  /** Members whose whole merged set is wanted. */
  sets: readonly string[];
  /** Chain documents as `documentKey` names them. */
  documents: readonly string[];
  /** Members of whom only those are wanted who are not active: who just earns or spends is not read. */
  barredAmong: readonly string[];
  /** Cards of which only those are wanted that are not active, or belong to another account than is named. */
  oddAmong: readonly CardUse[];
}

/** A card as an op names it. */
export interface CardUse {
  cardId: string;
  accountId: string;
}

/** A look-up ID as it is compared; null where it names nobody. */
export const lookupKeyOf = (lookupId: string): string | null =>
  lookupId === EMPTY_FIELDS.lookupId ? null : lookupIdKey(lookupId);

async function rowsByKeys<Row>(sql: Sql, text: string, ...keys: (readonly string[])[]): Promise<Row[]> {
  if (keys.every((list) => list.length === 0)) return [];
  return rowsOf<Row>(sql, text, keys.map(textArray));
}

/** Members by id; with them everybody who is one person with one of `sets`. */
async function loadMembers(sql: Sql, keys: RowKeys): Promise<MemberRecord[]> {
  if (keys.sets.length === 0) {
    const text = `select "row", clocks from members where member_id = any($1::uuid[])
      union all select "row", clocks from members
        where member_id = any($2::uuid[]) and state <> 'active' and member_id <> all($1::uuid[])`;
    return rowsByKeys<MemberRecord>(sql, text, keys.members, keys.barredAmong);
  }
  return rowsOf<MemberRecord>(
    sql,
    `with recursive kin as (
       select member_id, merged_into_id from members where member_id = any($2::uuid[])
       union select m.member_id, m.merged_into_id from members m join kin
         on m.member_id = kin.merged_into_id or m.merged_into_id = kin.member_id
     )
     select "row", clocks from members
     where member_id = any($1::uuid[]) or member_id in (select member_id from kin)
       or (member_id = any($3::uuid[]) and state <> 'active')`,
    [keys.members, keys.sets, keys.barredAmong],
  );
}

/** Cards by id or number, and the odd ones among those that are only used. */
const loadCards = (sql: Sql, { cards, cardNumbers, oddAmong }: RowKeys): Promise<{ row: CardRow }[]> =>
  rowsByKeys<{ row: CardRow }>(
    sql,
    `select "row" from cards where card_id = any($1::uuid[])
     union all select "row" from cards where card_number = any($2::text[]) and card_id <> all($1::uuid[])
     union all select "row" from cards c join unnest($3::uuid[], $4::uuid[]) as u(card_id, account_id) using (card_id)
       where c.account_id <> u.account_id or c."row" ->> 'status' <> 'active'`,
    cards,
    cardNumbers,
    oddAmong.map(({ cardId }) => cardId),
    oddAmong.map(({ accountId }) => accountId),
  );

/** A handful of index seeks for a whole group, asked for at once. */
export async function loadRows(sql: Sql, keys: RowKeys): Promise<LoadedRows> {
  const [members, cards, accounts, entries, mobiles, lookups, documents] = await Promise.all([
    loadMembers(sql, keys),
    loadCards(sql, keys),
    rowsByKeys<AccountRow>(
      sql,
      `select ${ACCOUNT_COLUMNS} from accounts where account_id = any($1::uuid[])`,
      keys.accounts,
    ),
    rowsByKeys<{ row: EntryRow }>(
      sql,
      `select "row"::json from entries where op_id = any($1::uuid[])
       union all select "row"::json from entries where corrects_op_id = any($1::uuid[])`,
      keys.entries,
    ),
    rowsByKeys<{ memberId: MemberId; mobile: string }>(
      sql,
      `select member_id as "memberId", mobile from members
       where mobile = any($1::text[]) and state <> 'anonymised' and merged_into_id is null`,
      keys.mobiles,
    ),
    rowsByKeys<{ memberId: MemberId; lookupKey: string }>(
      sql,
      `select member_id as "memberId", lookup_key as "lookupKey" from members
       where lookup_key = any($1::text[]) and state <> 'anonymised' and merged_into_id is null`,
      keys.lookups,
    ),
    rowsByKeys<ChainDocument>(
      sql,
      `select kind, id, seq, body from documents
       where kind || ' ' || id = any($1::text[]) or kind || ' ' = any($1::text[])`,
      keys.documents,
    ),
  ]);
  return {
    members,
    cards: cards.map(({ row }) => row),
    accounts,
    entries: entries.map(({ row }) => row),
    mobiles,
    lookups,
    documents: documents.map(readKept),
  };
}

async function upsert(tx: Sql, text: string, records: readonly object[]): Promise<void> {
  if (records.length > 0) await tx.query(text, [JSON.stringify(records)]);
}

/** An `AccountRow` as its columns. */
export const ACCOUNT_COLUMNS = `account_id as "accountId", seq, account_no as "accountNo", member_id as "memberId",
  card_type_id as "cardTypeId", balance, entry_count as "entryCount", last_entry_at_ms as "lastEntryAtMs",
  purchase_count as "purchaseCount", spent_minor as "spentMinor"`;

export interface ChangedRows {
  members: MemberRecord[];
  cards: CardRow[];
  accounts: AccountRow[];
  /** Those of `accounts` that came into being. */
  newAccounts: ReadonlySet<AccountId>;
  entries: EntryRow[];
  consents: ConsentRow[];
  documents: ChainDocument[];
}

/** As the column has it: `removed` too, which the row says in its extras. */
export const standingOf = (row: MemberRow): MemberRow['state'] | 'removed' =>
  row.state !== 'anonymised' && isRemoved(row) ? 'removed' : row.state;

async function saveMembers(tx: Sql, changed: readonly MemberRecord[]): Promise<void> {
  await upsert(
    tx,
    `insert into members (member_id, seq, mobile, lookup_key, merged_into_id, state, "row", clocks)
     select x.member_id, x.seq, x.mobile, x.lookup_key, x.merged_into_id, x.state, x."row", x.clocks
     from jsonb_to_recordset($1::jsonb) as x(member_id uuid, seq bigint, mobile text, lookup_key text,
       merged_into_id uuid, state text, "row" jsonb, clocks jsonb)
     on conflict (member_id) do update set seq = excluded.seq, mobile = excluded.mobile,
       lookup_key = excluded.lookup_key, merged_into_id = excluded.merged_into_id, state = excluded.state,
       "row" = excluded."row", clocks = excluded.clocks`,
    changed.map(({ row, clocks }) => ({
      member_id: row.memberId,
      seq: row.seq,
      // Whoever was removed holds nothing that names one living member.
      mobile: isRemoved(row) ? null : row.mobile,
      lookup_key: isRemoved(row) ? null : lookupKeyOf(row.lookupId),
      merged_into_id: row.mergedIntoId,
      state: standingOf(row),
      row,
      clocks,
    })),
  );
}

async function saveConsents(tx: Sql, added: readonly ConsentRow[]): Promise<void> {
  await upsert(
    tx,
    `insert into consents (op_id, seq, member_id, "row")
     select x.op_id, x.seq, x.member_id, x."row"
     from jsonb_to_recordset($1::jsonb) as x(op_id uuid, seq bigint, member_id uuid, "row" jsonb)`,
    added.map((row) => ({ op_id: row.opId, seq: row.seq, member_id: row.memberId, row })),
  );
}

async function saveDocumentRows(tx: Sql, changed: readonly ChainDocument[]): Promise<void> {
  await upsert(
    tx,
    `insert into documents (kind, id, seq, body)
     select x.kind, x.id, x.seq, x.body
     from jsonb_to_recordset($1::jsonb) as x(kind text, id text, seq bigint, body jsonb)
     on conflict (kind, id) do update set seq = excluded.seq, body = excluded.body`,
    changed,
  );
}

const INSERT_ACCOUNTS = `insert into accounts (account_id, seq, balance, entry_count, last_entry_at_ms, purchase_count,
    spent_minor, member_id, card_type_id, account_no)
  select * from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
    $8::uuid[], $9::text[], $10::bigint[])`;

/**
 * What never changes of an account is written once: a sale leaves all indexes of the table alone. An update, not an
 * insert that finds the row there: that locks each row first, which takes a third more time and twice the log.
 */
const MOVE_ACCOUNTS = `update accounts a set seq = x.seq, balance = x.balance, entry_count = x.entry_count,
    last_entry_at_ms = x.last_entry_at_ms, purchase_count = x.purchase_count, spent_minor = x.spent_minor
  from unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
    as x(account_id, seq, balance, entry_count, last_entry_at_ms, purchase_count, spent_minor)
  where a.account_id = x.account_id returning 1`;

/** What a booking moves, column by column. */
const movedColumns = (rows: readonly AccountRow[]): string[] => [
  plainArray(rows.map((row) => row.accountId)),
  plainArray(rows.map((row) => row.seq)),
  plainArray(rows.map((row) => row.balance)),
  plainArray(rows.map((row) => row.entryCount)),
  plainArray(rows.map((row) => row.lastEntryAtMs)),
  plainArray(rows.map((row) => row.purchaseCount)),
  plainArray(rows.map((row) => row.spentMinor)),
];

async function insertAccounts(tx: Sql, added: readonly AccountRow[]): Promise<void> {
  if (added.length === 0) return;
  await tx.query(INSERT_ACCOUNTS, [
    ...movedColumns(added),
    plainArray(added.map((row) => row.memberId)),
    textArray(added.map((row) => row.cardTypeId)),
    plainArray(added.map((row) => row.accountNo)),
  ]);
}

/** @throws Error Where one is not there: an update passes over it, and its balance would miss entries that are kept. */
async function moveAccounts(tx: Sql, moved: readonly AccountRow[]): Promise<void> {
  if (moved.length === 0) return;
  const { rowCount } = await tx.query(MOVE_ACCOUNTS, movedColumns(moved));
  assert(rowCount === moved.length, 'an account that is moved is not there');
}

const INSERT_ENTRIES = `insert into entries (op_id, seq, account_id, store_id, corrects_op_id, delta, "row")
  select * from unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::text[], $5::uuid[], $6::bigint[],
    ${jsonTexts('$7')})`;

async function insertEntries(tx: Sql, added: readonly EntryRow[]): Promise<void> {
  if (added.length === 0) return;
  await tx.query(INSERT_ENTRIES, [
    plainArray(added.map((row) => row.opId)),
    plainArray(added.map((row) => row.seq)),
    plainArray(added.map((row) => row.accountId)),
    textArray(added.map((row) => row.storeId)),
    plainArray(added.map((row) => row.correctsOpId)),
    plainArray(added.map((row) => row.delta)),
    joinJson(added.map((row) => JSON.stringify(row))),
  ]);
}

async function saveCards(tx: Sql, changed: readonly CardRow[]): Promise<void> {
  await upsert(
    tx,
    `insert into cards (card_id, seq, card_number, account_id, "row")
     select x.card_id, x.seq, x.card_number, x.account_id, x."row"
     from jsonb_to_recordset($1::jsonb) as x(card_id uuid, seq bigint, card_number text, account_id
       uuid, "row" jsonb)
     on conflict (card_id) do update set seq = excluded.seq, "row" = excluded."row"`,
    changed.map((row) => ({
      card_id: row.cardId,
      seq: row.seq,
      card_number: row.cardNumber,
      account_id: row.accountId,
      row,
    })),
  );
}

/** Writes what a group changed: one statement per table, asked for at once. Only under the head's lock. */
export async function saveRows(tx: Sql, changed: ChangedRows): Promise<void> {
  const isNew = ({ accountId }: AccountRow): boolean => changed.newAccounts.has(accountId);
  await Promise.all([
    saveMembers(tx, changed.members),
    insertAccounts(tx, changed.accounts.filter(isNew)),
    moveAccounts(
      tx,
      changed.accounts.filter((row) => !isNew(row)),
    ),
    saveCards(tx, changed.cards),
    insertEntries(tx, changed.entries),
    saveConsents(tx, changed.consents),
    saveDocumentRows(tx, changed.documents),
  ]);
}

/** What a member said about a purpose, in the order in which it reached the centre; at most `limit` words. */
export async function listConsents(sql: Sql, memberId: string, limit: number): Promise<ConsentRow[]> {
  const text = 'select "row" from consents where member_id = $1::uuid order by seq limit $2';
  const rows = await rowsOf<{ row: ConsentRow }>(sql, text, [memberId, limit]);
  return rows.map(({ row }) => row);
}
