import { canonicalJson } from '../../sync/base/canonical.ts';
import type { Crypto } from '../../sync/base/crypto.ts';
import { rowsOf, type Sql } from '../database.ts';

/** Who did what to which object. No personal data, ever: an erasure must not touch the log. */
export interface AuditLine {
  atMs: number;
  actorId: string;
  action: string;
  objectId: string;
  note: string;
}

export interface ChainedLine extends AuditLine {
  lineNo: number;
  prev: string;
  hash: string;
}

export const AUDIT_START = '0'.repeat(64);

const COLUMNS = `line_no as "lineNo", at_ms as "atMs", actor_id as "actorId", action, object_id as "objectId",
  note, prev, hash`;

/** Hash of a line: SHA-256 over the canonical JSON of the line with its number and the hash before it. */
export const auditHash = (
  { lineNo, atMs, actorId, action, objectId, note, prev }: Omit<ChainedLine, 'hash'>,
  crypto: Crypto,
): string => crypto.sha256Hex(canonicalJson({ lineNo, atMs, actorId, action, objectId, note, prev }));

/** Appends lines to the chain. Only under the head's lock: each line follows the one before. */
export async function appendAudit(tx: Sql, crypto: Crypto, lines: readonly AuditLine[]): Promise<void> {
  if (lines.length === 0) return;
  const [last] = await rowsOf<ChainedLine>(
    tx,
    `select ${COLUMNS} from audit_log order by line_no desc limit 1`,
  );
  let { lineNo, hash } = last ?? { lineNo: 0, hash: AUDIT_START };
  for (const line of lines) {
    lineNo += 1;
    const prev = hash;
    hash = auditHash({ ...line, lineNo, prev }, crypto);
    await tx.query(
      `insert into audit_log (line_no, at_ms, actor_id, action, object_id, note, prev, hash)
       values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [lineNo, line.atMs, line.actorId, line.action, line.objectId, line.note, prev, hash],
    );
  }
}

/** Lines in their order, `limit` from the number on. */
export async function listAudit(sql: Sql, fromLine: number, limit: number): Promise<ChainedLine[]> {
  const text = `select ${COLUMNS} from audit_log where line_no >= $1 order by line_no limit $2`;
  return rowsOf<ChainedLine>(sql, text, [fromLine, limit]);
}

/** The newest lines of one action, the newest first. */
export async function listAuditOf(sql: Sql, action: string, limit: number): Promise<ChainedLine[]> {
  const text = `select ${COLUMNS} from audit_log where action = $1 order by line_no desc limit $2`;
  return rowsOf<ChainedLine>(sql, text, [action, limit]);
}
