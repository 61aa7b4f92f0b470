import type { TillId } from '../../sync/base/ids.ts';
import { rowsOf, type Sql } from '../database.ts';

export interface TillRow {
  tillId: TillId;
  name: string;
  storeId: string;
  incarnation: number;
  /** Highest tseq that has a number of the feed. */
  hiTseq: number;
  /** Hash of the op `hiTseq`; zeros before the first. */
  headHash: string;
  state: 'live' | 'quarantined';
  lastBlockId: number;
  createdAtMs: number;
  lastContactAtMs: number;
}

const COLUMNS = `till_id as "tillId", name, store_id as "storeId", incarnation, hi_tseq as "hiTseq",
  head_hash as "headHash", state, last_block_id as "lastBlockId", created_at_ms as "createdAtMs",
  last_contact_at_ms as "lastContactAtMs"`;

export async function findTillByToken(sql: Sql, tokenHash: string): Promise<TillRow | undefined> {
  const [till] = await rowsOf<TillRow>(sql, `select ${COLUMNS} from tills where token_hash = $1`, [
    tokenHash,
  ]);
  return till;
}

export async function listTillsByIds(sql: Sql, ids: readonly string[]): Promise<TillRow[]> {
  return rowsOf<TillRow>(sql, `select ${COLUMNS} from tills where till_id = any($1)`, [ids]);
}

/** Tills for the status page, at most 500, latest contact first. */
export async function listTills(sql: Sql): Promise<TillRow[]> {
  return rowsOf<TillRow>(
    sql,
    `select ${COLUMNS} from tills order by last_contact_at_ms desc, till_id limit 500`,
  );
}

export async function insertTill(tx: Sql, till: TillRow, tokenHash: string): Promise<void> {
  await tx.query(
    `insert into tills (till_id, name, store_id, token_hash, incarnation, hi_tseq, head_hash, state,
      last_block_id, created_at_ms, last_contact_at_ms)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      till.tillId,
      till.name,
      till.storeId,
      tokenHash,
      till.incarnation,
      till.hiTseq,
      till.headHash,
      till.state,
      till.lastBlockId,
      till.createdAtMs,
      till.lastContactAtMs,
    ],
  );
}

/** Saves how far each till's ops reach and whether it may go on. Only under the head's lock. */
export async function saveTillProgress(tx: Sql, tills: readonly TillRow[]): Promise<void> {
  if (tills.length === 0) return;
  await tx.query(
    `update tills set hi_tseq = x.hi_tseq, head_hash = x.head_hash, state = x.state
     from jsonb_to_recordset($1::jsonb) as x(till_id text, hi_tseq bigint, head_hash text, state text)
     where tills.till_id = x.till_id`,
    [
      JSON.stringify(
        tills.map((till) => ({
          till_id: till.tillId,
          hi_tseq: till.hiTseq,
          head_hash: till.headHash,
          state: till.state,
        })),
      ),
    ],
  );
}

export async function noteContact(sql: Sql, tillId: string, nowMs: number): Promise<void> {
  await sql.query('update tills set last_contact_at_ms = $2 where till_id = $1', [tillId, nowMs]);
}

export async function saveLastBlock(tx: Sql, tillId: string, blockId: number): Promise<void> {
  await tx.query('update tills set last_block_id = $2 where till_id = $1', [tillId, blockId]);
}
