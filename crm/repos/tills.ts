import type { TillId } from '../../sync/base/ids.ts';
import type { NodeKind } from '../../sync/protocol/exchange.ts';
import { rowsOf, type Sql } from '../database.ts';

export interface TillRow {
  tillId: TillId;
  name: string;
  storeId: string;
  /** Absent: a till. An office gets the entries of all stores. */
  kind?: NodeKind;
  incarnation: number;
  /** Highest tseq that has a number of the feed. */
  hiTseq: number;
  /** Hash of the op `hiTseq`; zeros before the first. */
  headHash: string;
  /** `quarantined`: two copies were met, one more may hand in work. `lost`: nobody is answered. */
  state: 'live' | 'quarantined' | 'lost';
  lastBlockId: number;
  /** Public half of the till's Ed25519 key; '' for the centre's own node. */
  signKey: string;
  /** Token of the latest ack; '' before the first. */
  fence: string;
  /** Hash of the op shapes that the till was built with; '' before its first exchange. */
  opSchema: string;
  createdAtMs: number;
  lastContactAtMs: number;
  /** When it last said which its newest op was; 0 or absent: never. */
  toldAtMs?: number;
}

const COLUMNS = `till_id as "tillId", name, store_id as "storeId", kind, incarnation, hi_tseq as "hiTseq",
  head_hash as "headHash", state, last_block_id as "lastBlockId", sign_key as "signKey", fence, op_schema as "opSchema",
  created_at_ms as "createdAtMs", last_contact_at_ms as "lastContactAtMs", told_at_ms as "toldAtMs"`;

export async function findTillByToken(sql: Sql, tokenHash: string): Promise<TillRow | undefined> {
  const [till] = await rowsOf<TillRow>(sql, `select ${COLUMNS} from tills where token_hash = $1`, [
    tokenHash,
  ]);
  return till;
}

export async function listTillsByIds(sql: Sql, ids: readonly string[]): Promise<TillRow[]> {
  return rowsOf<TillRow>(sql, `select ${COLUMNS} from tills where till_id = any($1)`, [ids]);
}

/** Those of a name, in any case; at most 10. */
export async function listTillsByName(sql: Sql, name: string): Promise<TillRow[]> {
  return rowsOf<TillRow>(
    sql,
    `select ${COLUMNS} from tills where lower(name) = lower($1) order by till_id limit 10`,
    [name],
  );
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
      last_block_id, sign_key, fence, op_schema, created_at_ms, last_contact_at_ms, kind)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
    [
      ...[till.tillId, till.name, till.storeId, tokenHash],
      ...[till.incarnation, till.hiTseq, till.headHash, till.state],
      ...[till.lastBlockId, till.signKey, till.fence, till.opSchema],
      ...[till.createdAtMs, till.lastContactAtMs, till.kind ?? 'till'],
    ],
  );
}

/** Saves how far each till's ops reach and whether it may go on. Only under the head's lock. */
export async function saveTillProgress(tx: Sql, tills: readonly TillRow[]): Promise<void> {
  if (tills.length === 0) return;
  const records = tills.map((till) => ({
    till_id: till.tillId,
    hi_tseq: till.hiTseq,
    head_hash: till.headHash,
    state: till.state,
    fence: till.fence,
  }));
  await tx.query(
    `update tills set hi_tseq = x.hi_tseq, head_hash = x.head_hash, state = x.state, fence = x.fence
     from jsonb_to_recordset($1::jsonb) as
       x(till_id text, hi_tseq bigint, head_hash text, state text, fence text)
     where tills.till_id = x.till_id`,
    [JSON.stringify(records)],
  );
}

/** The till, held until the transaction ends. The head's lock comes first where both are needed. */
export async function lockTill(tx: Sql, tillId: string): Promise<TillRow | undefined> {
  const [till] = await rowsOf<TillRow>(tx, `select ${COLUMNS} from tills where till_id = $1 for update`, [
    tillId,
  ]);
  return till;
}

/** The token of the latest ack; '' before the first. */
export async function findFence(sql: Sql, tillId: string): Promise<string> {
  const [till] = await rowsOf<{ fence: string }>(sql, 'select fence from tills where till_id = $1', [tillId]);
  return till?.fence ?? '';
}

export async function noteSchema(sql: Sql, tillId: string, opSchema: string): Promise<void> {
  await sql.query('update tills set op_schema = $2 where till_id = $1', [tillId, opSchema]);
}

export async function saveToken(tx: Sql, tillId: string, tokenHash: string): Promise<void> {
  await tx.query('update tills set token_hash = $2 where till_id = $1', [tillId, tokenHash]);
}

/** The newest op in a till's own file when it spoke. */
export interface Told {
  incarnation: number;
  tseq: number;
}

export async function noteContact(
  sql: Sql,
  { tillId, nowMs, told }: { tillId: string; nowMs: number; told: Told | null },
): Promise<void> {
  const said = told === null ? [null, null] : [told.incarnation, told.tseq];
  await sql.query(
    `update tills set last_contact_at_ms = $2, told_incarnation = coalesce($3::bigint, told_incarnation),
       told_tseq = coalesce($4::bigint, told_tseq),
       told_at_ms = case when $4::bigint is null then told_at_ms else $2 end
     where till_id = $1`,
    [tillId, nowMs, ...said],
  );
}

export async function saveLastBlock(tx: Sql, tillId: string, blockId: number): Promise<void> {
  await tx.query('update tills set last_block_id = $2 where till_id = $1', [tillId, blockId]);
}
