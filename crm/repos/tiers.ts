import { MemberId } from '../../sync/base/ids.ts';
import type { EntryRow } from '../../sync/model/card.ts';
import type { SpentDay } from '../../sync/programmes/tiers.ts';
import { rowsOf, type Sql } from '../database.ts';
import { plainArray, textArray } from './arrays.ts';

/** What a member spent on a business day. */
export interface SpentRow extends SpentDay {
  memberId: MemberId;
}

/** Up to which number of the feed, which rules and which day everybody was looked at. */
export interface TierClock {
  seq: number;
  rulesSeq: number;
  day: string;
}

/** An entry that may have to do with money, and the one that it counters. */
export interface Spending {
  entry: EntryRow;
  undone: EntryRow | null;
}

/** Held until the transaction ends; null while another process has it. */
export async function lockTierClock(tx: Sql): Promise<TierClock | null> {
  const text = 'select seq, rules_seq as "rulesSeq", day from tier_clock for update skip locked';
  return (await rowsOf<TierClock>(tx, text, []))[0] ?? null;
}

export async function saveTierClock(tx: Sql, { seq, rulesSeq, day }: TierClock): Promise<void> {
  await tx.query('update tier_clock set seq = $1, rules_seq = $2, day = $3', [seq, rulesSeq, day]);
}

/** Entries with an amount, spends of credit and corrections whose number lies in `(after, upTo]`. */
export async function listSpending(sql: Sql, after: number, upTo: number): Promise<Spending[]> {
  const rows = await rowsOf<{ entry: string; undone: string | null }>(
    sql,
    `select e."row" as entry, c."row" as undone from entries e left join entries c on c.op_id = e.corrects_op_id
     where e.seq > $1 and e.seq <= $2 and (e.corrects_op_id is not null
       or e."row" not like '%"amountMinor":null%' or e."row" like '%"kind":"credit.spent"%')`,
    [after, upTo],
  );
  // Cast: a row as it was written.
  return rows.map(({ entry, undone }) => ({
    entry: JSON.parse(entry) as EntryRow,
    undone: undone === null ? null : (JSON.parse(undone) as EntryRow),
  }));
}

const isMemberId = (id: unknown): id is MemberId => MemberId.safeParse(id).success;

/**
 * Whose purchases may be other ones now, or count again, by ops whose number lies in `(after, upTo]`: both members of
 * a merge or of one taken back, whoever was removed or taken back. A held op as it was released.
 */
export async function listMoved(sql: Sql, after: number, upTo: number): Promise<MemberId[]> {
  const rows = await rowsOf<{ body: { memberId?: unknown; intoId?: unknown } | null }>(
    sql,
    `select body::json as body from ops
     where kind in ('member.merged', 'member.unmerged', 'member.removed') and held_reason is null
       and seq > $1 and seq <= $2
     union all
     select coalesce(repaired_body, body::json) from ops
     where kind in ('member.merged', 'member.unmerged', 'member.removed') and held_reason is not null
       and released_seq > $1 and released_seq <= $2`,
    [after, upTo],
  );
  return rows.flatMap(({ body }) => [body?.memberId, body?.intoId].filter(isMemberId));
}

/** Adds to the days; each member and day once. */
export async function addSpent(tx: Sql, rows: readonly SpentRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into spent_days as s (member_id, day, spent_minor, last_at_ms)
     select * from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[])
     on conflict (member_id, day) do update set spent_minor = s.spent_minor + excluded.spent_minor,
       last_at_ms = greatest(s.last_at_ms, excluded.last_at_ms)`,
    [
      plainArray(rows.map(({ memberId }) => memberId)),
      textArray(rows.map(({ day }) => day)),
      plainArray(rows.map(({ spentMinor }) => spentMinor)),
      plainArray(rows.map(({ lastAtMs }) => lastAtMs)),
    ],
  );
}

export const listSpent = (sql: Sql, memberIds: readonly MemberId[]): Promise<SpentRow[]> =>
  rowsOf<SpentRow>(
    sql,
    `select member_id as "memberId", day, spent_minor as "spentMinor", last_at_ms as "lastAtMs"
     from spent_days where member_id = any($1::uuid[])`,
    [memberIds],
  );

export async function addTierDue(tx: Sql, memberIds: readonly MemberId[]): Promise<void> {
  if (memberIds.length === 0) return;
  const text = 'insert into tier_due (member_id) select unnest($1::uuid[]) on conflict do nothing';
  await tx.query(text, [plainArray(memberIds)]);
}

/** In no order, at most `limit`. */
export async function listTierDue(sql: Sql, limit: number): Promise<MemberId[]> {
  const text = 'select member_id as "memberId" from tier_due limit $1';
  return (await rowsOf<{ memberId: MemberId }>(sql, text, [limit])).map(({ memberId }) => memberId);
}

export async function clearTierDue(tx: Sql, memberIds: readonly MemberId[]): Promise<void> {
  await tx.query('delete from tier_due where member_id = any($1::uuid[])', [memberIds]);
}

/** Everybody who ever spent: the rules are others now. */
export async function markAllSpent(tx: Sql): Promise<void> {
  await tx.query(
    'insert into tier_due (member_id) select distinct member_id from spent_days on conflict do nothing',
    [],
  );
}

/** Everybody whose tier's last day lies in `[from, before)`. */
export async function markRunOut(tx: Sql, from: string, before: string): Promise<void> {
  await tx.query(
    `insert into tier_due (member_id) select member_id from members
     where "row" ->> 'tierUntil' is not null and "row" ->> 'tierUntil' >= $1 and "row" ->> 'tierUntil' < $2
     on conflict do nothing`,
    [from, before],
  );
}

/** Everybody who bought something on a day of `(after, upTo]`: until then it was of a day to come. */
export async function markSpentAhead(tx: Sql, after: string, upTo: string): Promise<void> {
  await tx.query(
    `insert into tier_due (member_id) select distinct member_id from spent_days
     where day > $1 and day <= $2 and spent_minor <> 0 on conflict do nothing`,
    [after, upTo],
  );
}
