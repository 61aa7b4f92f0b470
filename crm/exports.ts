import { z } from 'zod';
import { canonicalJson } from '../sync/base/canonical.ts';
import { ExportFacts, ExportLine, joinExports } from '../sync/model/export.ts';
import type { OpBodyOf, OpHeader } from '../sync/model/op.ts';
import type { ExportsReply } from '../sync/protocol/inbox.ts';
import type { Sql } from './database.ts';
import { listAuditOf, type AuditLine } from './repos/audit-log.ts';
import { listKnownOps } from './repos/ops.ts';

const ACTION = 'export.made';
/** Lines that are read: of each export at most two. */
const LINES_MAX = 400;

type Told = Pick<OpHeader, 'opId' | 'actorId' | 'tillId' | 'storeId' | 'wallMs'>;

/**
 * What the log of decisions keeps of an export, under the same chain of hashes; no personal data. Nobody knows whose
 * name somebody wrote into a reason, so that stays with the op, which the line names.
 */
export function exportAudit(header: Told, body: OpBodyOf<'export.made'>, nowMs: number): AuditLine {
  const { reason: _reason, ...facts } = ExportFacts.parse(body);
  const { opId, actorId, tillId, storeId, wallMs } = header;
  const note = canonicalJson({ ...facts, opId, tillId, storeId, atMs: wallMs });
  return { atMs: nowMs, actorId, action: ACTION, objectId: facts.exportId, note };
}

/** `opId` is left out of lines that were written before there were reasons. */
const StoredLine = ExportLine.extend({ opId: z.uuid().optional() });

/** The newest exports of the whole chain. */
export async function listExports(sql: Sql): Promise<ExportsReply> {
  const stored = (await listAuditOf(sql, ACTION, LINES_MAX)).map(({ actorId, note }) =>
    StoredLine.parse({ ...(JSON.parse(note) as object), actorId }),
  );
  const ops = await listKnownOps(
    sql,
    stored.flatMap(({ opId }) => opId ?? []),
  );
  const told = ops.flatMap(({ body }) => ExportFacts.safeParse(body).data ?? []);
  const lines = joinExports(stored.map((line) => ExportLine.parse(line)));
  return {
    exports: lines.filter(({ what }) => what !== 'failed_rows'),
    failedRows: lines.filter(({ what }) => what === 'failed_rows'),
    reasons: Object.fromEntries(told.flatMap(({ exportId, reason }) => (reason ? [[exportId, reason]] : []))),
  };
}
