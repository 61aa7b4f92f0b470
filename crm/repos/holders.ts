import type { Holder } from '../../sync/protocol/pack.ts';
import { rowsOf, type Sql } from '../database.ts';
import { plainArray } from './arrays.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whose cards these are, by card id. Ids that are none, or not known, are left out. */
export async function listHolders(sql: Sql, cardIds: readonly string[]): Promise<Map<string, Holder>> {
  const ids = cardIds.filter((id) => UUID.test(id));
  if (ids.length === 0) return new Map();
  const text = `select card_id as "cardId", "row"->>'memberId' as "memberId", account_id as "accountId"
    from cards where card_id = any($1::uuid[])`;
  const rows = await rowsOf<Holder & { cardId: string }>(sql, text, [plainArray(ids)]);
  return new Map(rows.map(({ cardId, ...holder }) => [cardId, holder]));
}
