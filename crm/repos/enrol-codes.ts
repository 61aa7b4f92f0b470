import type { NodeKind } from '../../sync/protocol/exchange.ts';
import { rowsOf, type Sql } from '../database.ts';

export interface EnrolCode {
  storeId: string;
  /** What it lets in. */
  kind: NodeKind;
  expiresAtMs: number;
  usedBy: string | null;
}

export async function insertCode(
  sql: Sql,
  codeHash: string,
  code: Omit<EnrolCode, 'usedBy' | 'kind'> & { madeBy: string; kind?: NodeKind },
): Promise<void> {
  await sql.query(
    'insert into enrol_codes (code_hash, store_id, made_by, expires_at_ms, kind) values ($1, $2, $3, $4, $5)',
    [codeHash, code.storeId, code.madeBy, code.expiresAtMs, code.kind ?? 'till'],
  );
}

/** The code, held until the transaction ends, so that two tills can not use it. */
export async function lockCode(tx: Sql, codeHash: string): Promise<EnrolCode | undefined> {
  const text = `select store_id as "storeId", kind, expires_at_ms as "expiresAtMs", used_by as "usedBy"
    from enrol_codes where code_hash = $1 for update`;
  const [code] = await rowsOf<EnrolCode>(tx, text, [codeHash]);
  return code;
}

export async function markCodeUsed(tx: Sql, codeHash: string, tillId: string): Promise<void> {
  await tx.query('update enrol_codes set used_by = $2 where code_hash = $1', [codeHash, tillId]);
}
