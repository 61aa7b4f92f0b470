import type { MemberId } from '../../sync/base/ids.ts';
import { rowsOf, type Sql } from '../database.ts';

/** What a request with an Idempotency-Key has done: ids only. */
export interface DoneRequest {
  keyId: string;
  requestKey: string;
  requestHash: string;
  memberId: MemberId;
  version: number;
}

export async function findRequest(
  sql: Sql,
  { keyId, requestKey }: Pick<DoneRequest, 'keyId' | 'requestKey'>,
): Promise<DoneRequest | undefined> {
  const text = `select key_id as "keyId", request_key as "requestKey", request_hash as "requestHash",
      member_id as "memberId", version
    from integration_requests where key_id = $1 and request_key = $2`;
  return (await rowsOf<DoneRequest>(sql, text, [keyId, requestKey]))[0];
}

export async function insertRequest(sql: Sql, done: DoneRequest, nowMs: number): Promise<void> {
  await sql.query(
    `insert into integration_requests (key_id, request_key, request_hash, member_id, version, at_ms)
     values ($1, $2, $3, $4, $5, $6)`,
    [done.keyId, done.requestKey, done.requestHash, done.memberId, done.version, nowMs],
  );
}

/** @returns How many went. */
export async function forgetRequests(sql: Sql, beforeMs: number): Promise<number> {
  return (await sql.query('delete from integration_requests where at_ms < $1', [beforeMs])).rowCount ?? 0;
}
