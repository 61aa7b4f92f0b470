import type { CardKind } from '../../sync/model/chain.ts';
import { WAITS_FOR_ANSWER_MS, type Hold } from '../../sync/spending/holds.ts';
import { rowsOf, type Sql } from '../database.ts';

const COLUMNS = `hold_id as "holdId", account_id as "accountId", till_id as "tillId", incarnation, kind,
  units_left as "left", lapses_at_ms as "lapsesAtMs"`;

export async function listHolds(sql: Sql, ids: readonly string[]): Promise<Hold[]> {
  if (ids.length === 0) return [];
  return rowsOf<Hold>(sql, `select ${COLUMNS} from holds where hold_id = any($1::uuid[])`, [ids]);
}

/** All holds of these accounts, whoever has them. */
export async function listHoldsOn(sql: Sql, accountIds: readonly string[]): Promise<Hold[]> {
  return rowsOf<Hold>(sql, `select ${COLUMNS} from holds where account_id = any($1::uuid[])`, [accountIds]);
}

/** Keeps what is left of each; one with nothing left is gone. Only under the head's lock. */
export async function saveHolds(tx: Sql, holds: readonly Hold[]): Promise<void> {
  if (holds.length === 0) return;
  const kept = holds.filter(({ left }) => left > 0);
  const spent = holds.filter(({ left }) => left <= 0).map(({ holdId }) => holdId);
  if (spent.length > 0) await tx.query('delete from holds where hold_id = any($1::uuid[])', [spent]);
  if (kept.length === 0) return;
  await tx.query(
    `insert into holds (hold_id, account_id, till_id, incarnation, kind, units_left, lapses_at_ms)
     select x."holdId", x."accountId", x."tillId", x.incarnation, x.kind, x."left", x."lapsesAtMs"
     from jsonb_to_recordset($1::jsonb) as x("holdId" uuid, "accountId" uuid, "tillId" text, incarnation
       bigint, kind text, "left" bigint, "lapsesAtMs" bigint)
     on conflict (hold_id) do update set units_left = excluded.units_left, lapses_at_ms = excluded.lapses_at_ms`,
    [JSON.stringify(kept)],
  );
}

/**
 * What a till held before `incarnation`: all that it made then is booked. Not what spends took that wait for a manager.
 */
export async function freeHolds(tx: Sql, tillId: string, incarnation: number): Promise<void> {
  const values = [tillId, incarnation, WAITS_FOR_ANSWER_MS];
  await tx.query(
    'delete from holds where till_id = $1 and incarnation < $2 and coalesce(lapses_at_ms, 0) < $3',
    values,
  );
}

/** What a till holds under its present incarnation. */
export const listHoldsOf = (
  sql: Sql,
  { tillId, incarnation }: { tillId: string; incarnation: number },
): Promise<Hold[]> =>
  rowsOf<Hold>(sql, `select ${COLUMNS} from holds where till_id = $1 and incarnation = $2`, [
    tillId,
    incarnation,
  ]);

export interface Balance {
  accountId: string;
  balance: number;
  kind: CardKind | null;
}

/** Balances of accounts, each with the kind of its card type; null where nobody knows the type. */
export const listBalances = (tx: Sql, accountIds: readonly string[]): Promise<Balance[]> =>
  rowsOf<Balance>(
    tx,
    `select a.account_id as "accountId", a.balance, d.body ->> 'kind' as kind
     from accounts a left join documents d on d.kind = 'card-type' and d.id = a.card_type_id
     where a.account_id = any($1::uuid[])`,
    [accountIds],
  );
