import type { KeyView, Scope } from '../integration/shapes.ts';
import { rowsOf, type Sql } from '../database.ts';

export interface KeyRow extends KeyView {
  /** The manager who made it. */
  madeBy: string;
}

const COLUMNS = `key_id as "keyId", name, scopes, made_by as "madeBy", made_at_ms as "madeAtMs",
  last_used_at_ms as "lastUsedAtMs", revoked_at_ms as "revokedAtMs"`;
const KEYS_SHOWN = 200;

export async function insertKey(sql: Sql, key: KeyRow, keyHash: string): Promise<void> {
  await sql.query(
    `insert into integration_keys (key_id, name, key_hash, scopes, made_by, made_at_ms)
     values ($1, $2, $3, $4, $5, $6)`,
    [key.keyId, key.name, keyHash, key.scopes satisfies Scope[], key.madeBy, key.madeAtMs],
  );
}

/** A key that was not revoked. */
export async function findKeyByHash(sql: Sql, keyHash: string): Promise<KeyRow | undefined> {
  const text = `select ${COLUMNS} from integration_keys where key_hash = $1 and revoked_at_ms is null`;
  return (await rowsOf<KeyRow>(sql, text, [keyHash]))[0];
}

export async function listKeys(sql: Sql): Promise<KeyRow[]> {
  const text = `select ${COLUMNS} from integration_keys order by made_at_ms desc, key_id limit $1`;
  return rowsOf<KeyRow>(sql, text, [KEYS_SHOWN]);
}

/** @returns False when there is no such key; one that was revoked before stays so. */
export async function revokeKey(sql: Sql, keyId: string, by: { staffId: string; nowMs: number }) {
  const text = `update integration_keys set revoked_at_ms = coalesce(revoked_at_ms, $2),
    revoked_by = coalesce(revoked_by, $3) where key_id = $1 returning key_id`;
  return (await rowsOf(sql, text, [keyId, by.nowMs, by.staffId])).length > 0;
}

export async function noteKeyUse(sql: Sql, keyId: string, nowMs: number): Promise<void> {
  await sql.query('update integration_keys set last_used_at_ms = $2 where key_id = $1', [keyId, nowMs]);
}
