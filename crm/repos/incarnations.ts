import { CHAIN_START } from '../../sync/model/op.ts';
import { rowsOf, type Sql } from '../database.ts';
import type { TillRow } from './tills.ts';

/** The first of a till that was just let in. */
export async function insertIncarnation(
  tx: Sql,
  begun: { tillId: string; incarnation: number; requestId: string | null; nowMs: number },
): Promise<void> {
  await tx.query(
    `insert into till_incarnations (till_id, incarnation, state, head_hash, request_id, began_at_ms)
     values ($1, $2, 'live', $3, $4, $5)`,
    [begun.tillId, begun.incarnation, CHAIN_START, begun.requestId, begun.nowMs],
  );
}

/**
 * Closes the till's living incarnation and begins the next one, which starts with nothing. The till's row
 * follows. Only under the head's lock.
 *
 * @param after The last incarnation that anybody knows of; the till's own without it.
 */
export async function turnIncarnation(
  tx: Sql,
  till: TillRow,
  { requestId, nowMs, after }: { requestId: string | null; nowMs: number; after?: number },
): Promise<TillRow> {
  await tx.query(
    `update till_incarnations set state = 'closed', hi_tseq = $3, head_hash = $4, fence = $5, closed_at_ms = $6
     where till_id = $1 and incarnation = $2`,
    [till.tillId, till.incarnation, till.hiTseq, till.headHash, till.fence, nowMs],
  );
  const next: TillRow = {
    ...till,
    incarnation: (after ?? till.incarnation) + 1,
    hiTseq: 0,
    headHash: CHAIN_START,
    state: 'live',
    fence: '',
  };
  await insertIncarnation(tx, { ...next, requestId, nowMs });
  await tx.query(
    `update tills set incarnation = $2, hi_tseq = 0, head_hash = $3, state = 'live', fence = ''
     where till_id = $1`,
    [next.tillId, next.incarnation, next.headHash],
  );
  return next;
}

/** The incarnation that a request began; null when there is none. */
export async function findBegun(tx: Sql, tillId: string, requestId: string): Promise<number | null> {
  const text = 'select incarnation from till_incarnations where till_id = $1 and request_id = $2';
  const [row] = await rowsOf<{ incarnation: number }>(tx, text, [tillId, requestId]);
  return row?.incarnation ?? null;
}
