import type { Holder } from '../../sync/protocol/pack.ts';
import { rowsOf, type Sql } from '../database.ts';
import { plainArray } from './arrays.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whose cards these are, by card id. Ids that are none, or not known, are left out. */
export async function listHolders(sql: Sql, cardIds: readonly string[]): Promise<Map<string, Holder>> {
  const ids = cardIds.filter((id) => UUID.test(id));
  if (ids.length === 0) return new Map();
  // One text for all: a row of the protocol for each costs the reader more than the question.
  const text = `select
      coalesce(string_agg(concat(card_id, ' ', "row"->>'memberId', ' ', account_id), E'\\n'), '') as lines
    from cards where card_id = any($1::uuid[])`;
  const [found] = await rowsOf<{ lines: string }>(sql, text, [plainArray(ids)]);
  const holders = new Map<string, Holder>();
  for (const line of found?.lines.split('\n') ?? []) {
    const [cardId, memberId, accountId] = line.split(' ');
    if (accountId !== undefined) holders.set(cardId ?? '', { memberId: memberId ?? '', accountId });
  }
  return holders;
}
