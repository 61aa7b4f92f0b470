import { canonicalJson } from '../sync/base/canonical.ts';
import { ExportLine, joinExports } from '../sync/model/export.ts';
import type { OpBodyOf, OpHeader } from '../sync/model/op.ts';
import type { Sql } from './database.ts';
import { listAuditOf, type AuditLine } from './repos/audit-log.ts';

const ACTION = 'export.made';
/** Lines that are read: of each export at most two. */
const LINES_MAX = 400;

type Told = Pick<OpHeader, 'actorId' | 'tillId' | 'storeId' | 'wallMs'>;

/** What the log of decisions keeps of an export, under the same chain of hashes; no personal data. */
export function exportAudit(header: Told, body: OpBodyOf<'export.made'>, nowMs: number): AuditLine {
  const { kind: _kind, memberId: _memberId, ...facts } = body;
  const { actorId, tillId, storeId, wallMs } = header;
  const note = canonicalJson({ ...facts, tillId, storeId, atMs: wallMs });
  return { atMs: nowMs, actorId, action: ACTION, objectId: facts.exportId, note };
}

/** The newest exports of the whole chain. */
export async function listExports(sql: Sql): Promise<ExportLine[]> {
  const lines = await listAuditOf(sql, ACTION, LINES_MAX);
  return joinExports(
    lines.map(({ actorId, note }) => ExportLine.parse({ ...(JSON.parse(note) as object), actorId })),
  );
}
