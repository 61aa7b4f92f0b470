import { rowsOf, type Sql } from '../database.ts';

/**
 * What a till had when it last sent ops. Its own ops up to `tseq` of that incarnation were made before
 * `atMs` (the centre's clock), by people who had seen the feed at most up to `cursor`.
 */
export interface TillView {
  tillId: string;
  incarnation: number;
  tseq: number;
  cursor: number;
  atMs: number;
}

export async function listTillViews(sql: Sql, ids: readonly string[]): Promise<TillView[]> {
  const text = `select till_id as "tillId", incarnation, tseq, cursor, at_ms as "atMs"
    from till_views where till_id = any($1)`;
  return rowsOf<TillView>(sql, text, [ids]);
}

export async function saveTillViews(tx: Sql, views: readonly TillView[]): Promise<void> {
  if (views.length === 0) return;
  const records = views.map(({ tillId, incarnation, tseq, cursor, atMs }) => ({
    till_id: tillId,
    incarnation,
    tseq,
    cursor,
    at_ms: atMs,
  }));
  await tx.query(
    `insert into till_views (till_id, incarnation, tseq, cursor, at_ms)
     select x.till_id, x.incarnation, x.tseq, x.cursor, x.at_ms from jsonb_to_recordset($1::jsonb)
       as x(till_id text, incarnation bigint, tseq bigint, cursor bigint, at_ms bigint)
     on conflict (till_id) do update set incarnation = excluded.incarnation, tseq = excluded.tseq,
       cursor = excluded.cursor, at_ms = excluded.at_ms`,
    [JSON.stringify(records)],
  );
}
